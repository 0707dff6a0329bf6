// The back button: to a page in the browser's back/forward cache, and to one that is loaded again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launch } from "./lib/browser.mjs";
import { openAttempts, praises, publish } from "./lib/control.mjs";
import { PAGE, Reader, SHEET } from "./lib/reader.mjs";
import { author, browser, setup } from "./lib/setup.mjs";
import { WORDS } from "./lib/words.mjs";

const TYPED = { amount: "8.88", note: "there and back", visibility: "public" };

let keeping, second;
setup({
  writer: "Ann",
  async prepare() {
    keeping = await launch({ keepsPages: true });
    second = { title: "The next one" };
    second.path = (await publish(author, { account: author.handle, title: second.title })).path;
  },
  clear: () => keeping.close(),
});

/** A reader whose browser caches pages or not; every page records how it was loaded. */
async function visiting(kind) {
  const reader = await Reader.open(kind === "kept" ? keeping : browser, { article: author });
  const { page, visitor } = reader;
  await visitor.context.addInitScript(() => {
    addEventListener("pageshow", ({ persisted }) => (globalThis.kept = persisted));
  });
  /** One step through the history. A cached page fires no load event. For any other page the URL
   * changes before it is in place, so the next step has to wait until it has loaded. */
  const step = async (way, url) => {
    await page[way]({ waitUntil: "commit" });
    await page.waitForURL(url, { waitUntil: "commit" });
    await page.waitForFunction(() => document.readyState === "complete");
  };
  /** One step back, to a page that is cached, or is not, or (`null`) either. */
  const back = async (path, kept = kind === "kept") => {
    await step("goBack", `**${path}`);
    await page.waitForFunction(
      (kept) => (kept === null ? "kept" in globalThis : globalThis.kept === kept),
      kept,
    );
  };
  /** One step back to the article and its sheet, which is still open on a cached page. */
  const backToSheet = async ({ open = false, kept } = {}) => {
    await back(author.path, kept);
    await visitor.live();
    if (!open) await reader.openForm();
  };
  const forward = (url) => step("goForward", url);
  return { reader, page, visitor, back, backToSheet, forward };
}

for (const kind of ["kept", "fresh"]) {
  test(`going back from the cashier to the sheet continues the same attempt, ${kind}`, async () => {
    const { reader, page, backToSheet, forward } = await visiting(kind);
    const open = kind === "kept";
    await reader.fillInAndPay(TYPED);
    const cashier = page.url();
    for (let times = 0; times < 2; times++) {
      await backToSheet({ open });
      await reader.assertFields(TYPED);
      assert.equal(await reader.summary(), WORDS.en.give("¥8.88", author.account));
      assert.ok(await reader.form.locator("button[value=pay]").isEnabled(), "it is still disabled");
      assert.equal(await reader.goToCashier(), cashier);
    }
    assert.equal(await openAttempts(reader.person), 1);
    // The forward button works too.
    await backToSheet({ open });
    await forward(cashier);
    // Different values are another attempt.
    await backToSheet({ open });
    await reader.fillIn({ amount: "7" });
    assert.notEqual(await reader.goToCashier(), cashier);
    assert.equal(await openAttempts(reader.person), 2);
    await reader.leave();
  });

  test(`going back from the cashier to the form continues the same attempt, ${kind}`, async () => {
    const { reader, page, back } = await visiting(kind);
    await reader.goToForm(PAGE);
    await reader.fillIn(TYPED);
    const cashier = await reader.goToCashier();
    const form = `${author.path}/praise`;
    const sameAgain = async () => {
      // The review page was the answer to a POST; a browser without it in its cache shows the form.
      if ((await page.locator("button[value=edit]").count()) === 0) {
        await reader.assertFields(TYPED);
      }
      assert.equal(await reader.goToCashier(), cashier);
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
    // The form is opened again, as from a bookmark.
    await reader.goToForm(PAGE);
    await sameAgain();
    assert.equal(await openAttempts(reader.person), 1);
    await reader.leave();
  });

  test(`after going back to an article its client works, ${kind}`, async () => {
    const { reader, page, backToSheet } = await visiting(kind);
    await reader.openArticle();
    await page.locator(".brand").click();
    await page.waitForURL("**/");
    await backToSheet();
    await reader.fillIn(TYPED);
    await reader.form.locator("button.close").click();
    await page.locator(`.others a[href="${second.path}"]`).click();
    await page.waitForFunction(
      (title) => document.querySelector("h1")?.textContent === title,
      second.title,
    );
    await reader.openForm();
    await reader.assertFields({ preset: null });
    await reader.leave();
  });

  test(`after going back the sheet continues where the form was left, ${kind}`, async () => {
    const { reader, backToSheet } = await visiting(kind);
    await reader.goToForm(SHEET);
    await reader.fillIn(TYPED);
    await reader.form.locator("button.close").click();
    await reader.goToForm(PAGE);
    await reader.assertFields(TYPED);
    const later = { ...TYPED, amount: "7", note: "on second thoughts" };
    await reader.fillIn(later);
    await backToSheet();
    await reader.assertFields(later);
    await reader.leave();
  });

  // In both cases the cached page is out of date, and the article is loaded again.
  test(`going back to the sheet after a decline starts a new attempt, ${kind}`, async () => {
    const { reader, page, back, backToSheet } = await visiting(kind);
    await reader.fillInAndPay(TYPED);
    const cashier = page.url();
    await reader.atCashier("decline");
    await back("/sandbox/cashier/*");
    await backToSheet({ kept: false });
    await reader.assertFields(TYPED);
    assert.notEqual(await reader.goToCashier(), cashier);
    await reader.leave();
  });

  test(`going back to the sheet after the payment shows an empty one, ${kind}`, async () => {
    const { reader, back, backToSheet } = await visiting(kind);
    await reader.fillInAndPay(TYPED);
    await reader.atCashier("pay");
    await back("/sandbox/cashier/*");
    await backToSheet({ kept: false });
    // The values that were paid for are not filled in again.
    await reader.assertFields({ preset: null });
    assert.ok(await reader.form.locator("button[value=pay]").isDisabled());
    await reader.fillIn(TYPED);
    await reader.goToCashier();
    await reader.atCashier("pay");
    assert.equal((await praises(reader.person)).length, 2);
    await reader.leave();
  });
}
