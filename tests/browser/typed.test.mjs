// What is typed into a praise form: the sheet and its page go on where the other was left, until it
// is paid. Nobody else finds it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, launch } from "./lib/browser.mjs";
import {
  atCashier,
  checkBooks,
  openAttempts,
  person,
  praises,
  publish,
  writer,
} from "./lib/control.mjs";
import { PAGE, SHEET, holds, payThere, send, type } from "./lib/praising.mjs";
import { WORDS } from "./lib/words.mjs";

const TYPED = {
  amount: "8.88",
  note: "half a\nthought, “quoted” & <b>bold</b>",
  visibility: "anonymous",
};
const NOTHING = { preset: null };

let browser, author, second;
before(async () => {
  browser = await launch();
  author = await writer("Ann");
  second = { title: "The next one" };
  second.path = (await publish(author, { account: author.handle, title: second.title })).path;
});
after(async () => {
  await browser.close();
  await checkBooks();
});

async function visiting(path) {
  const reader = await person("Ben");
  const visitor = await Visitor.open(browser);
  await visitor.signIn(reader);
  await visitor.go(path);
  return { reader, visitor, page: visitor.page };
}

/** Opens the sheet of an article that is asked for anew. */
async function sheetOf(visitor, { path }) {
  await visitor.go(path);
  await visitor.live();
  await SHEET.open(visitor.page);
}

test("the sheet goes on where the page was left, and is the same attempt", async () => {
  const { reader, visitor, page } = await visiting(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await send(PAGE, page);
  const cashier = page.url();
  await sheetOf(visitor, author);
  await holds(SHEET, page, TYPED);
  const line = SHEET.in(page).locator("[role=status]");
  assert.equal(await line.innerText(), WORDS.en.give("¥8.88", author.account));
  await send(SHEET, page);
  assert.equal(page.url(), cashier);
  assert.equal(await openAttempts(reader), 1);
  await visitor.leave();
});

test("the page goes on where the sheet was left", async () => {
  const { visitor, page } = await visiting(author.path);
  await visitor.live();
  await SHEET.open(page);
  await SHEET.in(page).locator("label:has(input[value='500'])").click();
  await SHEET.in(page).locator("#sheet-note").fill("only this far");
  // The next time its client does not come.
  await page.route("**/assets/reader-*", () => {});
  await visitor.go(author.path);
  await PAGE.open(page);
  await holds(PAGE, page, { preset: "500", note: "only this far" });
  await page.locator("input[value=writer]").check();
  await send(PAGE, page);
  await visitor.leave();
});

test("each article has its own, also where readers move on in place", async () => {
  const { visitor, page } = await visiting(author.path);
  await visitor.live();
  const moveTo = async ({ path, title }) => {
    await page.locator(`.others a[href="${path}"]`).click();
    await page.locator("h1", { hasText: title }).waitFor();
    await SHEET.open(page);
  };
  const close = () => SHEET.in(page).locator("button.close").click();
  await SHEET.open(page);
  await type(SHEET, page, TYPED);
  await close();
  await moveTo(second);
  await holds(SHEET, page, NOTHING);
  await type(SHEET, page, { amount: "2", note: "another" });
  await close();
  await moveTo(author);
  await holds(SHEET, page, TYPED);
  assert.ok(await SHEET.in(page).locator("button[value=pay]").isEnabled());
  await close();
  await moveTo(second);
  await holds(SHEET, page, { amount: "2", note: "another" });
  await visitor.leave();
});

test("what was taken back stays away", async () => {
  const { visitor, page } = await visiting(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await page.locator("#form-amount").fill("");
  await page.locator("#form-note").fill("");
  await sheetOf(visitor, author);
  await holds(SHEET, page, { visibility: TYPED.visibility });
  await visitor.leave();
});

test("what is in the address counts for more than what was typed", async () => {
  const { visitor, page } = await visiting(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await visitor.go(`${author.path}/praise?preset=200&note=from+a+link`);
  await holds(PAGE, page, { preset: "200", note: "from a link" });
  await sheetOf(visitor, author);
  await holds(SHEET, page, { preset: "200", note: "from a link" });
  await visitor.leave();
});

test("an address is taken once: what was typed since is newer", async () => {
  const { visitor, page } = await visiting(`${author.path}/praise?preset=200&note=from+a+link`);
  await holds(PAGE, page, { preset: "200", note: "from a link" });
  await type(PAGE, page, TYPED);
  await page.reload();
  await holds(PAGE, page, TYPED);
  await page.locator("button[name=lang][value=zh-Hans]").click();
  await page.locator("html[lang=zh-Hans]").waitFor();
  await holds(PAGE, page, TYPED);
  await visitor.leave();
});

test("what was typed after it was sent outlives the attempt", async () => {
  const { visitor, page } = await visiting(author.path);
  await visitor.live();
  await SHEET.open(page);
  await type(SHEET, page, { amount: "5", note: "sent", visibility: "public" });
  await send(SHEET, page);
  const cashier = page.url();
  await sheetOf(visitor, author);
  await holds(SHEET, page, { amount: "5", note: "sent", visibility: "public" });
  await type(SHEET, page, TYPED);
  await visitor.go(cashier);
  await payThere(page);
  assert.equal(await visitor.heading(), WORDS.en.paid);
  await sheetOf(visitor, author);
  await holds(SHEET, page, TYPED);
  await visitor.leave();
});

test("the same address sent once more is the same attempt", async () => {
  const address = `${author.path}/praise?preset=500&visibility=public&note=from+a+link`;
  const { reader, visitor, page } = await visiting(address);
  await send(PAGE, page);
  const cashier = page.url();
  await visitor.go(address);
  await send(PAGE, page);
  assert.equal(page.url(), cashier);
  assert.equal(await openAttempts(reader), 1);
  await visitor.leave();
});

test("after it was paid the form is empty, and the same again is another praise", async () => {
  const { reader, visitor, page } = await visiting(`${author.path}/praise`);
  for (const form of [PAGE, SHEET]) {
    if (form === SHEET) await sheetOf(visitor, author);
    await holds(form, page, NOTHING);
    await type(form, page, TYPED);
    await send(form, page);
    await payThere(page);
    await page.locator(`.back a[href='${author.path}']`).click();
  }
  assert.equal((await praises(reader)).length, 2);
  await visitor.leave();
});

test("after it was declined everything is still there, and it is a new attempt", async () => {
  const { reader, visitor, page } = await visiting(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await send(PAGE, page);
  const cashier = page.url();
  await page.locator("button[value=decline]").click();
  await page.waitForURL("**/i/*");
  assert.equal(await visitor.heading(), WORDS.en.declined);
  await page.locator(`.back a[href='${author.path}']`).click();
  await visitor.live();
  await SHEET.open(page);
  await holds(SHEET, page, TYPED);
  await send(SHEET, page);
  assert.notEqual(page.url(), cashier);
  // Back and once more: that one is the same.
  const next = page.url();
  await page.goBack();
  await visitor.live();
  await SHEET.open(page);
  await send(SHEET, page);
  assert.equal(page.url(), next);
  await payThere(page);
  assert.equal((await praises(reader)).length, 1);
  await visitor.leave();
});

test("an attempt that ends before the reader's eyes leaves a fresh key", async () => {
  const { visitor, page } = await visiting(author.path);
  await visitor.live();
  await SHEET.open(page);
  await type(SHEET, page, TYPED);
  await send(SHEET, page);
  const cashier = page.url();
  await visitor.go("/me");
  const cancel = await page.locator("li.open form").getAttribute("action");
  await visitor.go(cancel.replace(/\/cancel$/, ""));
  assert.equal(await visitor.heading(), WORDS.en.awaiting);
  await atCashier({ payment: { url: new URL(cashier).pathname } }, "decline");
  await page.locator(".outcome.declined").waitFor();
  await page.locator(`.back a[href='${author.path}']`).click();
  await visitor.live();
  await SHEET.open(page);
  await holds(SHEET, page, TYPED);
  await send(SHEET, page);
  assert.notEqual(page.url(), cashier);
  await visitor.leave();
});

test("whoever signs in in another tab finds nothing in this one", async () => {
  const other = await person("Gwen");
  const { visitor, page } = await visiting(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  const second = await visitor.context.newPage();
  await second.goto("/me");
  await second.locator("form.sign-out button").click();
  await visitor.signIn(other);
  await visitor.go(`${author.path}/praise`);
  await holds(PAGE, page, NOTHING);
  await sheetOf(visitor, author);
  await holds(SHEET, page, NOTHING);
  await visitor.leave();
});

test("whoever signs in next finds nothing", async () => {
  const other = await person("Gwen");
  const { visitor, page } = await visiting(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await visitor.go("/me");
  await page.locator("form.sign-out button").click();
  await page.locator("header nav a").click();
  await page.locator(`form:has(input[value='${other.login}']) button.person`).click();
  await page.waitForURL("**/");
  await sheetOf(visitor, author);
  await holds(SHEET, page, NOTHING);
  await visitor.go(`${author.path}/praise`);
  await holds(PAGE, page, NOTHING);
  await visitor.leave();
});

test("whoever changes places without signing out finds nothing either", async () => {
  const other = await person("Gwen");
  const { visitor, page } = await visiting(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await visitor.go("/sign-in");
  await page.locator(`form:has(input[value='${other.login}']) button.person`).click();
  await page.waitForURL("**/");
  await visitor.go(`${author.path}/praise`);
  await holds(PAGE, page, NOTHING);
  await visitor.leave();
});

test("a session that ends while somebody types costs them nothing", async () => {
  const { reader, visitor, page } = await visiting(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await visitor.context.clearCookies();
  await page.locator("button[value=review]").click();
  await page.waitForURL("**/sign-in?return=*");
  await page.locator(`form:has(input[value='${reader.login}']) button.person`).click();
  await page.waitForURL("**/praise?*");
  await holds(PAGE, page, TYPED);
  await send(PAGE, page);
  await visitor.leave();
});

test("where nothing can be kept, the form works as ever", async () => {
  const reader = await person("Ben");
  const visitor = await Visitor.open(browser);
  await visitor.signIn(reader);
  await visitor.context.addInitScript(() => {
    Object.defineProperty(globalThis, "sessionStorage", {
      get() {
        throw new DOMException("shut", "SecurityError");
      },
    });
  });
  const { page } = visitor;
  await visitor.go(`${author.path}/praise`);
  await type(PAGE, page, TYPED);
  await send(PAGE, page);
  await sheetOf(visitor, author);
  await type(SHEET, page, TYPED);
  await send(SHEET, page);
  await visitor.leave();
});
