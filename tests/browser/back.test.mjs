// The way back: to a page that the browser has kept as it was, and to one that it asks for again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launch } from "./lib/browser.mjs";
import { openAttempts, praises, publish } from "./lib/control.mjs";
import { PAGE, Reader, SHEET } from "./lib/reader.mjs";
import { author, browser, stage } from "./lib/stage.mjs";
import { WORDS } from "./lib/words.mjs";

const TYPED = { amount: "8.88", note: "there and back", visibility: "public" };

let keeping, second;
stage({
  writer: "Ann",
  async prepare() {
    keeping = await launch({ keepsPages: true });
    second = { title: "The next one" };
    second.path = (await publish(author, { account: author.handle, title: second.title })).path;
  },
  clear: () => keeping.close(),
});

/** A reader whose browser keeps pages, or does not; every page they see says how it was come by. */
async function visiting(kind) {
  const reader = await Reader.open(kind === "kept" ? keeping : browser, { article: author });
  const { page, visitor } = reader;
  await visitor.context.addInitScript(() => {
    addEventListener("pageshow", ({ persisted }) => (globalThis.kept = persisted));
  });
  /** One step through the history. A page that was kept does not load, and a page that does is told
   * of before the browser has put it in place: no step may follow before it has loaded. */
  const step = async (way, url) => {
    await page[way]({ waitUntil: "commit" });
    await page.waitForURL(url, { waitUntil: "commit" });
    await page.waitForFunction(() => document.readyState === "complete");
  };
  /** One step back, to a page that was kept, or not, or (`null`) either. */
  const back = async (path, kept = kind === "kept") => {
    await step("goBack", `**${path}`);
    await page.waitForFunction(
      (kept) => (kept === null ? "kept" in globalThis : globalThis.kept === kept),
      kept,
    );
  };
  /** One step back to the article with its sheet, which is still open on a page that was kept. */
  const backToSheet = async ({ open = false, kept } = {}) => {
    await back(author.path, kept);
    await visitor.live();
    if (!open) await reader.reach();
  };
  const forward = (url) => step("goForward", url);
  return { reader, page, visitor, back, backToSheet, forward };
}

for (const kind of ["kept", "fresh"]) {
  test(`back from the cashier to the sheet it is the same attempt, ${kind}`, async () => {
    const { reader, page, backToSheet, forward } = await visiting(kind);
    const open = kind === "kept";
    await reader.toCashier(TYPED);
    const cashier = page.url();
    for (let times = 0; times < 2; times++) {
      await backToSheet({ open });
      await reader.holds(TYPED);
      assert.equal(await reader.says(), WORDS.en.give("¥8.88", author.account));
      assert.ok(await reader.form.locator("button[value=pay]").isEnabled(), "it is stuck");
      assert.equal(await reader.payAtCashier(), cashier);
    }
    assert.equal(await openAttempts(reader.person), 1);
    // The way forward is there as well.
    await backToSheet({ open });
    await forward(cashier);
    // Something else is something else.
    await backToSheet({ open });
    await reader.choose({ amount: "7" });
    assert.notEqual(await reader.payAtCashier(), cashier);
    assert.equal(await openAttempts(reader.person), 2);
    await reader.leave();
  });

  test(`back from the cashier to the page it is the same attempt, ${kind}`, async () => {
    const { reader, page, back } = await visiting(kind);
    await reader.goTo(PAGE);
    await reader.choose(TYPED);
    const cashier = await reader.payAtCashier();
    const form = `${author.path}/praise`;
    const sameAgain = async () => {
      // What asked once more was the answer to a form: a browser that has not kept it has the form.
      if ((await page.locator("button[value=edit]").count()) === 0) await reader.holds(TYPED);
      assert.equal(await reader.payAtCashier(), cashier);
    };
    for (let times = 0; times < 2; times++) {
      await back(form, null);
      await sameAgain();
    }
    if (kind === "fresh") {
      await back(form);
      await back(form);
      await sameAgain();
    }
    // A new visit to the form, as from a bookmark.
    await reader.goTo(PAGE);
    await sameAgain();
    assert.equal(await openAttempts(reader.person), 1);
    await reader.leave();
  });

  test(`back to an article it is as alive as it was, ${kind}`, async () => {
    const { reader, page, backToSheet } = await visiting(kind);
    await reader.read();
    await page.locator(".brand").click();
    await page.waitForURL("**/");
    await backToSheet();
    await reader.choose(TYPED);
    await reader.form.locator("button.close").click();
    await page.locator(`.others a[href="${second.path}"]`).click();
    await page.waitForFunction(
      (title) => document.querySelector("h1")?.textContent === title,
      second.title,
    );
    await reader.reach();
    await reader.holds({ preset: null });
    await reader.leave();
  });

  test(`back to the sheet it goes on where the page was left, ${kind}`, async () => {
    const { reader, backToSheet } = await visiting(kind);
    await reader.goTo(SHEET);
    await reader.choose(TYPED);
    await reader.form.locator("button.close").click();
    await reader.goTo(PAGE);
    await reader.holds(TYPED);
    const later = { ...TYPED, amount: "7", note: "on second thoughts" };
    await reader.choose(later);
    await backToSheet();
    await reader.holds(later);
    await reader.leave();
  });

  // What the browser has kept is of the past after either: the article is asked for anew.
  test(`back to the sheet after it was declined it is a new attempt, ${kind}`, async () => {
    const { reader, page, back, backToSheet } = await visiting(kind);
    await reader.toCashier(TYPED);
    const cashier = page.url();
    await reader.atCashier("decline");
    await back("/sandbox/cashier/*");
    await backToSheet({ kept: false });
    await reader.holds(TYPED);
    assert.notEqual(await reader.payAtCashier(), cashier);
    await reader.leave();
  });

  test(`back to the sheet after it was paid there is a fresh one, ${kind}`, async () => {
    const { reader, back, backToSheet } = await visiting(kind);
    await reader.toCashier(TYPED);
    await reader.atCashier("pay");
    await back("/sandbox/cashier/*");
    await backToSheet({ kept: false });
    // Nothing that was paid for stands there again.
    await reader.holds({ preset: null });
    assert.ok(await reader.form.locator("button[value=pay]").isDisabled());
    await reader.choose(TYPED);
    await reader.payAtCashier();
    await reader.atCashier("pay");
    assert.equal((await praises(reader.person)).length, 2);
    await reader.leave();
  });
}
