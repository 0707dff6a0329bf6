// Praising with the keyboard alone, and what a screen reader announces.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, Visitor } from "./lib/browser.mjs";
import { advance, atCashier, fault, person, praises, praiseCounts } from "./lib/control.mjs";
import { BOTH_WAYS, MODES, Reader } from "./lib/reader.mjs";
import { author, browser, setup } from "./lib/setup.mjs";
import { WORDS } from "./lib/words.mjs";

setup({ writer: "Ann" });

/** Presses Tab until the focus is on the selected element; the focus must be visible on the way. */
async function tabTo(page, selector, key = "Tab") {
  for (let pressed = 0; pressed < 60; pressed++) {
    await page.keyboard.press(key);
    const { there, at, ring } = await page.evaluate((selector) => {
      const focused = document.activeElement;
      // The radio button of a chip is invisible; its label shows the focus.
      const seen = focused.matches(".chip input") ? focused.nextElementSibling : focused;
      const { outlineStyle, outlineWidth } = getComputedStyle(seen);
      return {
        there: focused.matches(selector),
        at: focused.outerHTML.slice(0, 120),
        ring: focused === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2),
      };
    }, selector);
    assert.ok(ring, `no focus ring on ${at}`);
    if (there) return;
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}

for (const mode of BOTH_WAYS) {
  test(`from the front page to undoing the praise, ${mode.name}`, async () => {
    const options = { article: author, size: DESKTOP, ...mode };
    const reader = await Reader.open(browser, options);
    const { page, visitor, words } = reader;
    const press = (key) => page.keyboard.press(key);
    await visitor.go("/");
    await tabTo(page, ".skip");
    await press("Enter");
    await tabTo(page, `a[href="${author.path}"]`);
    await press("Enter");
    await page.waitForURL(`**${author.path}`);
    if (reader.scripts) await visitor.live();

    // The form: the arrow keys choose the amount and the visibility.
    await tabTo(page, "#praise-link");
    await press("Enter");
    if (!reader.scripts) await page.waitForURL("**/praise");
    await reader.form.locator("input[name=preset]").first().waitFor({ state: "attached" });
    await tabTo(page, "input[name=preset]");
    await press("Space");
    for (let n = 0; n < 3; n++) await press("ArrowRight");
    await tabTo(page, "textarea");
    await page.keyboard.type("by keyboard");
    await tabTo(page, "input[name=visibility]");
    await press("Space");
    await press("ArrowDown");
    if (reader.scripts) {
      assert.equal(await reader.summary(), words.give("¥10.00", author.account));
    } else {
      await tabTo(page, "button[value=review]");
      await press("Enter");
      await page.locator(".card > .give").waitFor();
    }
    await tabTo(page, "button[value=pay]");
    await press("Enter");
    await page.waitForURL("**/sandbox/cashier/*");
    await tabTo(page, "button[value=pay]");
    await press("Enter");

    // The thank-you page and the receipt: the visibility is changed and the praise is undone.
    await page.waitForURL("**/i/*");
    assert.equal((await reader.outcome()).heading, words.paid);
    await tabTo(page, ".receipt-link a");
    await press("Enter");
    await page.waitForURL("**/me/praises/*");
    await tabTo(page, "details.card summary");
    await press("Enter");
    await tabTo(page, "input[name=visibility]");
    await press("ArrowDown");
    await tabTo(page, "form[action$='/visibility'] button");
    await press("Enter");
    await page.waitForURL("**?changed=1");
    assert.equal((await praises(reader.person))[0].visibility, "anonymous");
    await tabTo(page, "form[action$='/undo'] button");
    await press("Space");
    await page.locator("form[action$='/undo']").waitFor({ state: "detached" });
    await tabTo(page, ".languages button[value='zh-Hans']");
    await press("Enter");
    await page.waitForLoadState();
    await page.locator("html[lang='zh-Hans']").waitFor();
    await reader.leave();
  });
}

test("the dialog keeps the focus and returns it to the opening link", async () => {
  const reader = await Reader.open(browser, { article: author, size: DESKTOP });
  const { page } = reader;
  await reader.openArticle();
  await page.locator("#praise-link").focus();
  for (const close of ["Escape", "the button"]) {
    await page.keyboard.press("Enter");
    await reader.form.waitFor();
    const stops = new Set();
    for (const key of [...Array(25).fill("Tab"), ...Array(25).fill("Shift+Tab")]) {
      await page.keyboard.press(key);
      const { inside, at } = await page.evaluate(() => {
        const focused = document.activeElement;
        const dialog = document.querySelector("dialog");
        // Between the last and the first element the browser's own controls are focused.
        return {
          inside: focused === document.body || dialog.contains(focused),
          at: focused.id || focused.name || focused.className || focused.tagName,
        };
      });
      assert.ok(inside, `the focus is behind the dialog, on ${at}`);
      stops.add(at);
    }
    for (const stop of ["close", "preset", "sheet-amount", "sheet-note", "visibility"]) {
      assert.ok(stops.has(stop), `${stop} is not among ${[...stops].join(", ")}`);
    }
    if (close === "Escape") await page.keyboard.press("Escape");
    else {
      await tabTo(page, "button.close");
      await page.keyboard.press("Space");
    }
    await reader.form.waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.activeElement.id), "praise-link", close);
  }
  await reader.leave();
});

for (const mode of MODES) {
  test(`fields and messages are announced to a screen reader, ${mode.name}`, async () => {
    const reader = await Reader.open(browser, { article: author, ...mode });
    const { page, visitor, words } = reader;
    await reader.openArticle();
    await reader.openForm();
    if (reader.scripts) {
      await page.getByRole("dialog", { name: words.formTitle(author.account), exact: true }).waitFor();
    }
    const amounts = reader.form.getByRole("group", { name: words.amount, exact: true });
    for (const preset of ["¥1", "¥2", "¥5", "¥10", "¥50", "¥200", words.other]) {
      assert.equal(await amounts.getByRole("radio", { name: preset, exact: true }).count(), 1, preset);
    }
    const custom = amounts.getByRole("textbox", { name: words.custom });
    const described = await custom.evaluate((field) =>
      field.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).innerText),
    );
    assert.ok(described.join().includes("¥200"), `what may be typed: ${described}`);
    await reader.form.getByRole("textbox", { name: words.note(author.account) }).waitFor();
    const who = reader.form.getByRole("group", { name: words.who, exact: true });
    assert.equal(await who.getByRole("radio").count(), 3);

    // The errors, and the summary of what will be given.
    if (reader.scripts) {
      const line = reader.form.getByRole("status");
      const node = await line.elementHandle();
      assert.equal(await line.innerText(), words.choose);
      await custom.fill("201");
      await custom.blur();
      assert.equal(await line.innerText(), words.wrongAmounts[201]);
      await custom.fill("8.88");
      assert.equal(await line.innerText(), words.chooseWho);
      await who.getByRole("radio").first().check();
      assert.equal(await line.innerText(), words.give("¥8.88", author.account));
      assert.ok(await node.evaluate((line) => line.isConnected), "the live region was replaced");
    } else {
      visitor.expected.push("422");
      await custom.fill("201");
      await reader.form.locator("button[value=review]").click();
      const alerts = await page.getByRole("alert").allInnerTexts();
      for (const said of [words.wrongAmounts[201], words.chooseWho]) {
        assert.ok(alerts.includes(said), `${said} is not among ${alerts}`);
      }
      assert.ok((await page.title()).startsWith(words.error), await page.title());
      await custom.fill("8.88");
      await reader.fillIn({ visibility: "public" });
    }

    // The result.
    await reader.goToCashier();
    await reader.atCashier("decline");
    const outcome = page.getByRole("status");
    assert.ok((await outcome.innerText()).startsWith(words.declined));
    assert.ok((await page.title()).startsWith(words.declined), await page.title());
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
    await reader.leave();
  });
}

test("a page that updates itself announces it in the same live region", async () => {
  const words = WORDS.en;
  const reader = await Reader.open(browser, { article: author });
  const { page } = reader;
  await reader.openArticle();
  await reader.openForm();
  await reader.fillIn({ preset: 500, visibility: "public" });
  await fault("create_order", "reply_lost", 1);
  await reader.pay();
  await page.waitForURL("**/i/*");
  const speaks = await page.getByRole("status").elementHandle();
  const said = () => speaks.evaluate((place) => (place.isConnected ? place.innerText : "gone"));
  assert.ok((await said()).startsWith(words.unknown), await said());
  // The focus is on an element that is about to be removed.
  await page.locator("form[action$='/cancel'] button").focus();
  await advance(60);
  const pay = page.locator(".actions a.button[href^='/sandbox/cashier/']");
  await pay.waitFor({ timeout: 20_000 });
  assert.ok((await said()).startsWith(words.awaiting), await said());
  await atCashier({ payment: { url: await pay.getAttribute("href") } }, "pay");
  await page.locator(".outcome.paid").waitFor({ timeout: 20_000 });
  assert.ok((await said()).startsWith(words.paid), await said());
  assert.equal(await page.evaluate(() => document.activeElement.id), "main", "the focus was lost");
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 1 });
  await reader.leave();
});

test("nothing moves when reduced motion is preferred", async () => {
  const reader = await Reader.open(browser, { article: author });
  const { page } = reader;
  const moving = async (reducedMotion) => {
    await page.emulateMedia({ reducedMotion });
    await reader.openArticle();
    await reader.openForm();
    return page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((element) => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
        const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
        return (animationName !== "none" && lasts(animationDuration)) || lasts(transitionDuration);
      }).length,
    );
  };
  assert.ok((await moving("no-preference")) > 0, "nothing moves in any case");
  assert.equal(await moving("reduce"), 0);
  await reader.leave();
});

for (const mode of BOTH_WAYS) {
  test(`the chosen language is kept, ${mode.name}`, async () => {
    const other = mode.lang === "en" ? "zh-Hans" : "en";
    const visitor = await Visitor.open(browser, mode);
    const { page } = visitor;
    const lang = () => page.locator("html").getAttribute("lang");
    await visitor.go(author.path);
    assert.equal(await lang(), mode.lang);
    await page.locator(`.languages button[value="${other}"]`).click();
    await page.locator(`html[lang="${other}"]`).waitFor();
    assert.equal(new URL(page.url()).pathname, author.path, "led to another page");
    for (const path of ["/", author.path, "/sign-in", `/@${author.handle}`]) {
      await visitor.go(path);
      assert.equal(await lang(), other, path);
    }
    // It is also kept in another tab, and after signing in and out.
    const tab = await visitor.context.newPage();
    await tab.goto(author.path);
    assert.equal(await tab.locator("html").getAttribute("lang"), other);
    await visitor.signIn(await person("Ben"));
    await visitor.go("/me");
    assert.equal(await lang(), other);
    await page.locator(".sign-out button").click();
    await page.waitForURL("/");
    assert.equal(await lang(), other);
    await visitor.leave();
  });
}
