// What happens to a client on its way: it is cut off, blocked, broken, or takes twenty seconds. The
// phone is turned, the first visit begins in the middle.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, Visitor, launch } from "./lib/browser.mjs";
import { checkBooks, openAttempts, person, praises, writer } from "./lib/control.mjs";
import { PAGE, SHEET, holds, payThere, send, type } from "./lib/praising.mjs";
import { WORDS } from "./lib/words.mjs";

const TYPED = { amount: "8.88", note: "写得真好 — typed on a bad train", visibility: "writer" };

let browser, author;
before(async () => {
  browser = await launch();
  author = await writer("Ann");
});
after(async () => {
  await browser.close();
  await checkBooks();
});

/** A reader who is signed in and looks at nothing yet. */
async function visiting(options) {
  const reader = await person("Ben");
  const visitor = await Visitor.open(options?.browser ?? browser, options);
  await visitor.signIn(reader);
  return { reader, visitor, page: visitor.page };
}

const SCRIPT = "**/assets/reader-*.js";
const MODULE = "**/assets/reader-*.wasm";
const answer = (status, contentType, body) => (route) =>
  route.fulfill({ status, contentType, body });
const cut = (route) => route.abort();

const BROKEN = [
  { what: "every script is blocked", url: "**/assets/*.js", how: cut },
  { what: "its script is cut off", url: SCRIPT, how: cut },
  { what: "its script is gone", url: SCRIPT, how: answer(404, "text/plain", "") },
  { what: "its script is cut short", url: SCRIPT, how: answer(200, "text/javascript", "export {") },
  { what: "its module is cut off", url: MODULE, how: cut },
  { what: "its module is gone", url: MODULE, how: answer(404, "text/plain", "") },
  {
    what: "its module is corrupt",
    url: MODULE,
    how: answer(200, "application/wasm", Buffer.from("\0asm\x01\0\0\0\x01\x7f\x7f\x7f")),
  },
  {
    what: "a hotel answers in its place",
    url: MODULE,
    how: answer(200, "text/html", "<title>Welcome to our Wi-Fi</title>"),
  },
  { what: "the webview has no WebAssembly", init: () => delete globalThis.WebAssembly },
];

for (const { what, url, how, init } of BROKEN) {
  test(`a praise where ${what}`, async () => {
    const { reader, visitor, page } = await visiting();
    visitor.expected.push("ERR_FAILED", "404", "The page stays without its client");
    visitor.expected.push("WebAssembly.instantiateStreaming");
    if (init) await visitor.context.addInitScript(init);
    let asked = 0;
    if (url) {
      await page.route(url, (route) => {
        asked += 1;
        return how(route);
      });
    }
    await visitor.go(author.path);
    assert.equal(await visitor.heading(), author.title);
    // Long enough for it to have gone wrong.
    await page.waitForTimeout(1000);
    assert.ok(!url || asked > 0, "nothing has been broken");
    assert.equal(await page.locator("html[data-live]").count(), 0);
    await PAGE.open(page);
    await type(PAGE, page, TYPED);
    await send(PAGE, page);
    await payThere(page);
    assert.equal(await visitor.heading(), WORDS.en.paid);
    assert.deepEqual((await praises(reader)).map((praise) => praise.amount.minor), [888]);
    await visitor.leave();
  });
}

for (const { what, url } of [
  { what: "moves on in place", url: "**/assets/moving-*.js" },
  { what: "keeps what is typed", url: "**/assets/typed-*.js" },
]) {
  test(`the sheet does without the script that ${what}`, async () => {
    const { visitor, page } = await visiting();
    visitor.expected.push("ERR_FAILED");
    await page.route(url, cut);
    await visitor.go(author.path);
    await visitor.live();
    await SHEET.open(page);
    await type(SHEET, page, TYPED);
    await send(SHEET, page);
    await visitor.leave();
  });
}

test("a client that takes twenty seconds takes nothing from what was typed", async () => {
  const { reader, visitor, page } = await visiting();
  const arrives = new Promise((resolve) => setTimeout(resolve, 20_000));
  await page.route(MODULE, async (route) => {
    await arrives;
    // Whoever asked may have gone.
    await route.continue().catch(() => {});
  });
  await visitor.go(author.path);
  // The page is idle, and the client on its way.
  await page.waitForTimeout(1000);
  const tapped = performance.now();
  await PAGE.open(page);
  await page.locator("#form-amount").waitFor();
  const waited = performance.now() - tapped;
  assert.ok(waited < 1000, `the form came ${Math.round(waited)} ms after the tap`);
  console.log(`the form came ${Math.round(waited)} ms after the tap`);
  await type(PAGE, page, TYPED);
  await arrives;
  await page.waitForTimeout(500);
  await holds(PAGE, page, TYPED);

  await page.locator(`.back a[href='${author.path}']`).click();
  await visitor.live();
  await SHEET.open(page);
  await holds(SHEET, page, TYPED);
  const line = SHEET.in(page).locator("[role=status]");
  assert.equal(await line.innerText(), WORDS.en.give("¥8.88", author.account));
  await send(SHEET, page);
  assert.equal(await openAttempts(reader), 1);
  await visitor.leave();
});

test("a client that comes late to a form that has been filled again leaves it so", async () => {
  const { visitor, page } = await visiting();
  await visitor.go(author.path);
  await visitor.live();
  await SHEET.open(page);
  await type(SHEET, page, TYPED);
  let bring;
  const arrives = new Promise((resolve) => (bring = resolve));
  await page.route(MODULE, async (route) => {
    await arrives;
    await route.continue();
  });
  await page.reload();
  await page.waitForTimeout(1000);
  assert.equal(await page.locator("html[data-live]").count(), 0);
  bring();
  await visitor.live();
  await SHEET.open(page);
  await holds(SHEET, page, TYPED);
  assert.ok(await SHEET.in(page).locator("button[value=pay]").isEnabled());
  await visitor.leave();
});

/** Sizes of a phone that is turned, of one with its keyboard out, and of a small one. */
const TURNS = [
  { width: 844, height: 390 },
  PHONE,
  { width: 390, height: 420 },
  { width: 568, height: 320 },
  { width: 320, height: 568 },
];

/** Asserts that a button can be seen and pressed, after scrolling to it where that is needed. */
async function reachable(page, button, what) {
  const seen = await button.evaluate((button) => {
    button.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const inside = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    return { inside, pressed: button === there || button.contains(there), top, bottom };
  });
  assert.ok(seen.inside && seen.pressed, `${what}: ${JSON.stringify(seen)}`);
}

test("turning the phone loses nothing, and everything can be reached", async () => {
  for (const form of [SHEET, PAGE]) {
    const { visitor, page } = await visiting();
    await visitor.go(form === SHEET ? author.path : `${author.path}/praise`);
    if (form === SHEET) {
      await visitor.live();
      await SHEET.open(page);
    }
    await type(form, page, TYPED);
    for (const size of TURNS) {
      const what = `${form.prefix} at ${size.width} × ${size.height}`;
      await page.setViewportSize(size);
      await page.waitForFunction((width) => innerWidth === width, size.width);
      await holds(form, page, TYPED);
      await visitor.fits(what);
      if (form === SHEET) {
        const box = await SHEET.in(page).boundingBox();
        const fits = box.y >= 0 && box.y + box.height <= size.height + 1;
        assert.ok(fits, `${what}: from ${box.y}, ${box.height} high`);
        await reachable(page, SHEET.in(page).locator("button.close"), `closing the ${what}`);
      }
      const inside = form.in(page);
      await reachable(page, inside.locator(`#${form.prefix}-note`), `the note of the ${what}`);
      const go = form === SHEET ? "button[value=pay]" : "button[value=review]";
      await reachable(page, inside.locator(go), what);
      await visitor.picture(`turned-${form.prefix}-${size.width}x${size.height}`);
    }
    await send(form, page);
    await visitor.leave();
  }
});

test("a first visit may begin with the form", async () => {
  const reader = await person("Ben");
  const visitor = await Visitor.open(browser);
  const { page } = visitor;
  await visitor.go(`${author.path}/praise?preset=custom&amount=8.88`);
  await page.waitForURL("**/sign-in?return=*");
  await page.locator(`form:has(input[value='${reader.login}']) button.person`).click();
  await page.waitForURL(`**${author.path}/praise?*`);
  await holds(PAGE, page, { amount: "8.88" });
  await type(PAGE, page, TYPED);
  await send(PAGE, page);
  await payThere(page);
  await visitor.leave();
});

test("a first visit may begin with a receipt", async () => {
  const { reader, visitor, page } = await visiting();
  await visitor.go(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await send(PAGE, page);
  await payThere(page);
  await visitor.leave();
  const [{ id }] = await praises(reader);

  const other = await Visitor.open(browser);
  await other.signIn(reader);
  await other.go(`/me/praises/${id}`);
  const said = await other.page.locator("main").innerText();
  assert.ok(said.includes("¥8.88") && said.includes(TYPED.note), said);
  await other.leave();
});

test("a guest’s receipt opens in a browser that has never been here", async () => {
  const visitor = await Visitor.open(browser);
  const { page } = visitor;
  await visitor.go(author.path);
  await page.locator("#praise-link").click();
  await page.locator("form[action='/guest'] button").click();
  await page.waitForURL("**/praise");
  await type(PAGE, page, TYPED);
  await send(PAGE, page);
  await payThere(page);
  const link = await page.locator(".keep a").getAttribute("href");
  await visitor.leave();

  for (const scripts of [true, false]) {
    const other = await Visitor.open(browser, { scripts });
    await other.go(link);
    const said = await other.page.locator("main").innerText();
    assert.ok(said.includes("¥8.88") && said.includes(TYPED.note), said);
    await other.leave();
  }
});
