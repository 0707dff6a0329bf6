// Every state that a reader can see, with the longest names and amounts: the sheet in each of its
// states, refusals, every outcome, the receipt. Checked in both languages and both colour schemes
// with axe, for touch sizes, and on the smallest phone with text twice as large.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LOOKS, PHONE, Visitor } from "./lib/browser.mjs";
import {
  advance,
  atCashier,
  cancel,
  fault,
  freeze,
  limit,
  person,
  praises,
  publish,
  reply,
  start,
  writer,
} from "./lib/control.mjs";
import { browser, setup } from "./lib/setup.mjs";

const SMALL = { width: 320, height: 640 };
const NOTE = "谢谢你写下这些。I read it twice, and then aloud to somebody who could not. ".repeat(2).trim();
const LONG_NAME = "WilhelminaChristophersen";
/** The number of states that are checked in parallel; none of them changes anything. */
const PARALLEL = 3;
/** Longer than any attempt can be paid. */
const LATER_S = 60 * 60;

let scene;
setup({
  async prepare() {
    scene = await prepareData();
  },
  clear: () => fault("create_order", "lost", 0),
});

/** Creates attempts in every state and praises in some, for readers with the longest names. */
async function prepareData() {
  const name = "林小雨与河边的芦苇散步手记";
  const author = await writer(name, { article: { title: "雨停之后，我们沿着河走了很远很远" } });
  const suspected = await publish(author, { account: author.handle, title: "Suspected" });
  const reader = await person(LONG_NAME);
  const limited = await person(LONG_NAME);
  const fond = await person(LONG_NAME);
  await limit(limited, { currency: "CNY", praise_minor: 500, day_minor: 2_000 });
  await limit(limited, { currency: "CNY", praise_minor: 1_000 });
  const began = (minor, path = author.path) => start(reader, path, minor, "CNY", NOTE);
  const [praised, older] = [await began(20_000), await began(12_345)];
  const late = await began(19_999);
  await atCashier(praised, "pay");
  await atCashier(older, "pay");
  const [{ id: confirmed }] = await praises(reader);
  await advance(LATER_S);
  await reply(author, confirmed, "谢谢你。Thank you for reading to the very end of it. ".repeat(2));
  const fresh = await began(18_888);
  await atCashier(fresh, "pay");
  const [{ id: undoable }] = await praises(reader);
  const declined = await began(17_777);
  await atCashier(declined, "decline");
  const returned = await began(16_666, suspected.path);
  await freeze(suspected.path);
  await atCashier(returned, "pay");
  const cancelled = await began(15_555);
  await cancel(reader, cancelled);
  const awaiting = await began(14_444);
  await start(fond, author.path, 12_345, "CNY", NOTE);
  // From here on no new order reaches the provider.
  await fault("create_order", "lost", 1_000);
  const unknown = await began(1_333);
  return {
    author, reader, limited, fond, praised, late, fresh, declined, returned, cancelled, awaiting, unknown,
    confirmed, undoable,
  };
}

/** The states: a name, the signed-in person, the path, and what is done there first. */
function states(scene) {
  const { author, reader, limited, fond } = scene;
  const sheet = (then) => async (visitor) => {
    const { page } = visitor;
    await visitor.live();
    const asked = page.waitForResponse(`**${author.path}/praise`);
    await page.locator("#praise-link").click();
    await (await asked).finished();
    await then(visitor, page.locator("#praise-sheet"));
  };
  const custom = (amount) => async ({ page }, form) => {
    await page.locator("#sheet-amount").fill(amount);
    await page.locator("#sheet-note").fill(NOTE);
    await form.locator("input[value=public]").check();
    await page.locator("#sheet-amount").blur();
  };
  // With the offer to continue an open attempt, which is added a moment later.
  const offered = async (visitor, form) => {
    await form.locator(".open-intents").waitFor();
    await custom("200")(visitor, form);
  };
  const refused = async (visitor) => {
    const { page } = visitor;
    visitor.expected.push("403");
    await page.locator("label:has(input[value='20000'])").click();
    await page.locator("#form-note").fill(NOTE);
    await page.locator("input[value=writer]").check();
    await page.locator("button[value=review]").click();
    await page.locator(".refusal").waitFor();
  };
  const wrong = async (visitor) => {
    const { page } = visitor;
    visitor.expected.push("422");
    await page.locator("#form-amount").fill("200.001");
    await page.locator("#form-note").fill("好".repeat(141));
    await page.locator("button[value=review]").click();
    await page.locator(".refusal").waitFor();
  };
  const opened = async ({ page }) => {
    for (const summary of await page.locator("summary").all()) await summary.click();
  };
  const many = async (visitor) => {
    const { page } = visitor;
    visitor.expected.push("422");
    await page.locator("#CNY-month").fill("ever so many");
    await page.locator("form#CNY button").click();
    await page.locator("#CNY-month-wrong").waitFor();
  };
  const offline = async (visitor, form) => {
    await offered(visitor, form);
    await visitor.context.setOffline(true);
    await form.locator("button[value=pay]").click();
    await visitor.context.setOffline(false);
  };
  const outcome = (name) => ({
    name: `outcome-${name}`,
    who: reader,
    path: `/i/${scene[name].intent.id}`,
  });
  const form = `${author.path}/praise`;
  return [
    { name: "sheet-empty", who: limited, path: author.path, then: sheet(async () => {}) },
    { name: "sheet-chosen", who: fond, path: author.path, then: sheet(offered) },
    { name: "sheet-wrong", who: limited, path: author.path, then: sheet(custom("200.001")) },
    { name: "sheet-limit", who: limited, path: author.path, then: sheet(custom("200")) },
    { name: "sheet-offline", who: fond, path: author.path, then: sheet(offline) },
    { name: "form-open", who: reader, path: form },
    { name: "form-wrong", who: limited, path: form, then: wrong },
    { name: "form-refused", who: limited, path: form, then: refused },
    outcome("praised"),
    outcome("awaiting"),
    outcome("unknown"),
    outcome("declined"),
    outcome("cancelled"),
    outcome("late"),
    outcome("returned"),
    { name: "mine", who: reader, path: "/me" },
    { name: "receipt-undo", who: reader, path: `/me/praises/${scene.undoable}`, then: opened },
    { name: "receipt-reply", who: reader, path: `/me/praises/${scene.confirmed}`, then: opened },
    { name: "limits", who: limited, path: "/me/limits", then: many },
    { name: "article", who: reader, path: author.path },
    { name: "sign-in", who: reader, path: "/sign-in" },
  ];
}

/** Opens each state as its person, a few at a time, and calls `look`; reports every state that
 * fails. */
async function eachState(options, look) {
  const wrong = [];
  const left = states(scene);
  const lane = async () => {
    const state = left.shift();
    if (!state) return;
    const visitor = await Visitor.open(browser, options);
    try {
      await visitor.signIn(state.who);
      await visitor.go(state.path);
      await state.then?.(visitor);
      await look(visitor, state.name);
    } catch (error) {
      wrong.push(`${state.name}: ${error.message}`);
    }
    await visitor.leave().catch((error) => wrong.push(`${state.name}: ${error.message}`));
    await lane();
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  assert.equal(wrong.length, 0, wrong.join("\n"));
}

/** Doubles the text size as a browser setting does, which also affects media queries. */
async function largeText({ context, page }) {
  const browser = await context.newCDPSession(page);
  await browser.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  await page.waitForFunction(() => getComputedStyle(document.documentElement).fontSize === "32px");
}

/** Asserts that nothing is cut off where it cannot be scrolled into view. */
async function nothingCutOff(visitor, what) {
  const cut = await visitor.page.evaluate(() => {
    const shown = document.querySelector("dialog[open]") ?? document.body;
    const edge = shown.getBoundingClientRect().right + 1;
    return [...shown.querySelectorAll("*")]
      .filter((e) => e.checkVisibility() && !e.closest(".visually-hidden, .skip, .wall, svg"))
      // Entered text scrolls within its field.
      .filter((e) => !e.matches("input, textarea"))
      .filter((e) => e.getBoundingClientRect().right > edge || e.scrollWidth > e.clientWidth + 1)
      .filter((e) => getComputedStyle(e).display !== "inline" && e.clientWidth > 0)
      .map((e) => `${e.tagName.toLowerCase()}.${e.className} ${e.textContent.slice(0, 40)}`);
  });
  assert.deepEqual(cut, [], `${what}, ${visitor.kind}`);
}

for (const { lang, scheme } of LOOKS) {
  test(`every state is accessible and has large touch targets, ${lang}, ${scheme}`, async () => {
    await eachState({ size: PHONE, lang, scheme }, async (visitor, name) => {
      await visitor.picture(`state-${name}`);
      await visitor.fits(name);
      await nothingCutOff(visitor, name);
      await visitor.touchable(name);
      await visitor.accessible(name);
    });
  });
}

for (const lang of ["en", "zh-Hans"]) {
  test(`nothing is cut off on the smallest phone with text twice as large, ${lang}`, async () => {
    await eachState({ size: SMALL, lang }, async (visitor, name) => {
      await largeText(visitor);
      await visitor.fits(name);
      await nothingCutOff(visitor, name);
      // The main button can be scrolled into view and tapped.
      const button = visitor.page.locator("dialog[open] button[value=pay], #main .button").first();
      if (await button.count()) {
        await button.scrollIntoViewIfNeeded();
        const { x, y, width, height } = await button.boundingBox();
        assert.ok(x >= 0 && x + width <= SMALL.width, `${name}: a button from ${x} to ${x + width}`);
        assert.ok(y >= 0 && y + Math.min(height, 44) <= SMALL.height, `${name}: a button at ${y}`);
      }
    });
  });
}
