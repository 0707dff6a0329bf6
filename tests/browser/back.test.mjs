// The way back: to a page that the browser has kept as it was, and to one that it asks for again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, launch } from "./lib/browser.mjs";
import { checkBooks, openAttempts, person, praises, publish, writer } from "./lib/control.mjs";
import { PAGE, SHEET, holds, payThere, send, type } from "./lib/praising.mjs";

const TYPED = { amount: "8.88", note: "there and back", visibility: "public" };

const browsers = {};
let author, second;
before(async () => {
  browsers.kept = await launch({ keepsPages: true });
  browsers.fresh = await launch();
  author = await writer("Ann");
  second = { title: "The next one" };
  second.path = (await publish(author, { account: author.handle, title: second.title })).path;
});
after(async () => {
  await browsers.kept.close();
  await browsers.fresh.close();
  await checkBooks();
});

/** A reader; every page they see says how it was come by. */
async function visiting(kind) {
  const reader = await person("Ben");
  const visitor = await Visitor.open(browsers[kind]);
  await visitor.signIn(reader);
  await visitor.context.addInitScript(() => {
    addEventListener("pageshow", ({ persisted }) => (globalThis.kept = persisted));
  });
  const { page } = visitor;
  return {
    reader,
    visitor,
    page,
    /** One step back, to a page that was kept, or not, or (`null`) either. */
    back: async (path, kept = kind === "kept") => {
      // A page that was kept does not load.
      await page.goBack({ waitUntil: "commit" });
      await page.waitForURL(`**${path}`, { waitUntil: "commit" });
      await page.waitForFunction(
        (kept) => (kept === null ? "kept" in globalThis : globalThis.kept === kept),
        kept,
      );
    },
  };
}

for (const kind of ["kept", "fresh"]) {
  test(`back from the cashier to the sheet it is the same attempt, ${kind}`, async () => {
    const { reader, visitor, page, back } = await visiting(kind);
    await visitor.go(author.path);
    await visitor.live();
    await SHEET.open(page);
    await type(SHEET, page, TYPED);
    await send(SHEET, page);
    const cashier = page.url();
    for (let times = 0; times < 2; times++) {
      await back(author.path);
      await visitor.live();
      // The page as it was has the sheet open.
      if (kind === "fresh") await SHEET.open(page);
      await holds(SHEET, page, TYPED);
      assert.ok(await SHEET.in(page).locator("button[value=pay]").isEnabled(), "it is stuck");
      await send(SHEET, page);
      assert.equal(page.url(), cashier);
    }
    assert.equal(await openAttempts(reader), 1);
    // Something else is something else.
    await back(author.path);
    await visitor.live();
    if (kind === "fresh") await SHEET.open(page);
    await SHEET.in(page).locator("#sheet-amount").fill("7");
    await send(SHEET, page);
    assert.notEqual(page.url(), cashier);
    assert.equal(await openAttempts(reader), 2);
    await visitor.leave();
  });

  test(`back from the cashier to the page it is the same attempt, ${kind}`, async () => {
    const { reader, visitor, page, back } = await visiting(kind);
    await visitor.go(`${author.path}/praise`);
    await type(PAGE, page, TYPED);
    await send(PAGE, page);
    const cashier = page.url();
    const form = `${author.path}/praise`;
    const sameAgain = async () => {
      // What asked once more was the answer to a form: a browser that has not kept it has the form.
      if ((await page.locator("button[value=edit]").count()) === 1) {
        await page.locator("button[value=pay]").click();
        await page.waitForURL("**/sandbox/cashier/*");
      } else {
        await holds(PAGE, page, TYPED);
        await send(PAGE, page);
      }
      assert.equal(page.url(), cashier);
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
    await visitor.go(form);
    await sameAgain();
    assert.equal(await openAttempts(reader), 1);
    await visitor.leave();
  });

  test(`back to an article it is as alive as it was, ${kind}`, async () => {
    const { visitor, page, back } = await visiting(kind);
    await visitor.go(author.path);
    await visitor.live();
    await page.locator(".brand").click();
    await page.waitForURL("**/");
    await back(author.path);
    await visitor.live();
    await SHEET.open(page);
    await type(SHEET, page, TYPED);
    await SHEET.in(page).locator("button.close").click();
    await page.locator(`.others a[href="${second.path}"]`).click();
    await page.waitForFunction(
      (title) => document.querySelector("h1")?.textContent === title,
      second.title,
    );
    await SHEET.open(page);
    await holds(SHEET, page, { preset: null });
    await visitor.leave();
  });

  test(`back to the sheet it goes on where the page was left, ${kind}`, async () => {
    const { visitor, page, back } = await visiting(kind);
    await visitor.go(author.path);
    await visitor.live();
    await SHEET.open(page);
    await type(SHEET, page, TYPED);
    await SHEET.in(page).locator("button.close").click();
    await visitor.go(`${author.path}/praise`);
    await holds(PAGE, page, TYPED);
    const later = { ...TYPED, amount: "7", note: "on second thoughts" };
    await type(PAGE, page, later);
    await back(author.path);
    await visitor.live();
    await SHEET.open(page);
    await holds(SHEET, page, later);
    await visitor.leave();
  });

  test(`back to the sheet after it was declined it is a new attempt, ${kind}`, async () => {
    const { visitor, page, back } = await visiting(kind);
    await visitor.go(author.path);
    await visitor.live();
    await SHEET.open(page);
    await type(SHEET, page, TYPED);
    await send(SHEET, page);
    const cashier = page.url();
    await page.locator("button[value=decline]").click();
    await page.waitForURL("**/i/*");
    await back("/sandbox/cashier/*");
    await back(author.path, false);
    await visitor.live();
    await SHEET.open(page);
    await holds(SHEET, page, TYPED);
    await send(SHEET, page);
    assert.notEqual(page.url(), cashier);
    await visitor.leave();
  });

  test(`back to the sheet after it was paid there is a fresh one, ${kind}`, async () => {
    const { reader, visitor, page, back } = await visiting(kind);
    await visitor.go(author.path);
    await visitor.live();
    await SHEET.open(page);
    await type(SHEET, page, TYPED);
    await send(SHEET, page);
    await payThere(page);
    await back("/sandbox/cashier/*");
    // What the browser has kept is of the past here.
    await back(author.path, false);
    await visitor.live();
    await SHEET.open(page);
    await type(SHEET, page, TYPED);
    await send(SHEET, page);
    await payThere(page);
    assert.equal((await praises(reader)).length, 2);
    await visitor.leave();
  });
}
