// Drafts: values entered into a praise form are kept between the sheet and the form's page until
// the praise is paid, and nobody else sees them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atCashier, openAttempts, person, praises, publish } from "./lib/control.mjs";
import { PAGE, Reader, SHEET } from "./lib/reader.mjs";
import { author, browser, setup } from "./lib/setup.mjs";
import { WORDS } from "./lib/words.mjs";

const TYPED = {
  amount: "8.88",
  note: "half a\nthought, “quoted” & <b>bold</b>",
  visibility: "anonymous",
};
const NOTHING = { preset: null };
/** A query string with the names of the fields, as somebody else could put it into a link. */
const LINK = "?preset=200&note=from+a+link&visibility=public";

let second;
setup({
  writer: "Ann",
  async prepare() {
    second = { title: "The next one" };
    second.path = (await publish(author, { account: author.handle, title: second.title })).path;
  },
});

/** A reader who has not opened a page yet. */
const open = () => Reader.open(browser, { article: author });

test("the sheet continues the draft and the attempt of the page", async () => {
  const reader = await open();
  await reader.goToForm(PAGE);
  await reader.fillIn(TYPED);
  const cashier = await reader.goToCashier();
  await reader.goToForm(SHEET);
  await reader.assertFields(TYPED);
  assert.equal(await reader.summary(), WORDS.en.give("¥8.88", author.account));
  assert.equal(await reader.goToCashier(), cashier);
  assert.equal(await openAttempts(reader.person), 1);
  await reader.leave();
});

test("the page continues the draft of the sheet", async () => {
  const reader = await open();
  await reader.goToForm(SHEET);
  await reader.fillIn({ preset: 500, note: "only this far" });
  // The next time the client cannot be loaded.
  await reader.page.route("**/assets/reader-*", () => {});
  await reader.visitor.go(author.path);
  await reader.openForm(PAGE);
  await reader.assertFields({ preset: "500", note: "only this far" });
  await reader.fillIn({ visibility: "writer" });
  await reader.goToCashier();
  await reader.leave();
});

test("each article has its own draft, even with in-place navigation", async () => {
  const reader = await open();
  const moveTo = async ({ path, title }) => {
    await reader.form.locator("button.close").click();
    await reader.page.locator(`.others a[href="${path}"]`).click();
    await reader.page.locator("h1", { hasText: title }).waitFor();
    await reader.openForm();
  };
  await reader.goToForm(SHEET);
  await reader.fillIn(TYPED);
  await moveTo(second);
  await reader.assertFields(NOTHING);
  await reader.fillIn({ amount: "2", note: "another" });
  await moveTo(author);
  await reader.assertFields(TYPED);
  assert.ok(await reader.form.locator("button[value=pay]").isEnabled());
  await moveTo(second);
  await reader.assertFields({ amount: "2", note: "another" });
  await reader.leave();
});

test("deleted values stay deleted", async () => {
  const reader = await open();
  await reader.goToForm(PAGE);
  await reader.fillIn(TYPED);
  await reader.field("amount").fill("");
  await reader.field("note").fill("");
  await reader.goToForm(SHEET);
  await reader.assertFields({ visibility: TYPED.visibility });
  await reader.leave();
});

test("a link neither fills in the form nor replaces a draft", async () => {
  const reader = await open();
  await reader.goToForm(PAGE, LINK);
  await reader.assertFields(NOTHING);
  await reader.fillIn(TYPED);
  await reader.page.reload();
  await reader.assertFields(TYPED);
  await reader.goToForm(PAGE, LINK);
  await reader.assertFields(TYPED);
  await reader.goToForm(SHEET);
  await reader.assertFields(TYPED);
  await reader.leave();
});

test("values entered after submitting outlive the attempt", async () => {
  const reader = await open();
  const sent = { amount: "5", note: "sent", visibility: "public" };
  await reader.fillInAndPay(sent);
  const cashier = reader.page.url();
  await reader.goToForm(SHEET);
  await reader.assertFields(sent);
  await reader.fillIn(TYPED);
  await reader.visitor.go(cashier);
  await reader.atCashier("pay");
  assert.equal(await reader.visitor.heading(), WORDS.en.paid);
  await reader.goToForm(SHEET);
  await reader.assertFields(TYPED);
  await reader.leave();
});

test("a draft outlives an error page and an older thank-you page", async () => {
  const reader = await open();
  await reader.goToForm(SHEET);
  await reader.fillIn({ preset: 500, visibility: "public" });
  await reader.goToCashier();
  await reader.atCashier("pay");
  const thanks = reader.page.url();
  await reader.goToForm(SHEET);
  await reader.fillIn(TYPED);
  reader.visitor.expected.push("404");
  await reader.page.goto("/nowhere");
  await reader.goToForm(SHEET);
  await reader.assertFields(TYPED);
  await reader.page.goto(thanks);
  await reader.goToForm(SHEET);
  await reader.assertFields(TYPED);
  await reader.leave();
});

test("after the payment the form is empty, and the same values are another praise", async () => {
  const reader = await open();
  for (const form of [PAGE, SHEET]) {
    await reader.goToForm(form);
    await reader.assertFields(NOTHING);
    await reader.fillIn(TYPED);
    await reader.goToCashier();
    await reader.atCashier("pay");
    await reader.backToArticle();
  }
  assert.equal((await praises(reader.person)).length, 2);
  await reader.leave();
});

test("after a decline the values are kept for a new attempt", async () => {
  const reader = await open();
  await reader.goToForm(PAGE);
  await reader.fillIn(TYPED);
  const cashier = await reader.goToCashier();
  await reader.atCashier("decline");
  assert.equal(await reader.visitor.heading(), WORDS.en.declined);
  await reader.backToArticle();
  await reader.visitor.live();
  await reader.openForm();
  await reader.assertFields(TYPED);
  const next = await reader.goToCashier();
  assert.notEqual(next, cashier);
  // Going back and submitting again continues that new attempt.
  await reader.page.goBack();
  await reader.visitor.live();
  await reader.openForm();
  assert.equal(await reader.goToCashier(), next);
  await reader.atCashier("pay");
  assert.equal((await praises(reader.person)).length, 1);
  await reader.leave();
});

test("an attempt that ends while its page is open leaves a new key", async () => {
  const reader = await open();
  const { page, visitor } = reader;
  await reader.fillInAndPay(TYPED);
  const cashier = page.url();
  await visitor.go("/me");
  const cancel = await page.locator("li.open form").getAttribute("action");
  await visitor.go(cancel.replace(/\/cancel$/, ""));
  assert.equal(await visitor.heading(), WORDS.en.awaiting);
  await atCashier({ payment: { url: new URL(cashier).pathname } }, "decline");
  await page.locator(".outcome.declined").waitFor();
  await reader.backToArticle();
  await visitor.live();
  await reader.openForm();
  await reader.assertFields(TYPED);
  assert.notEqual(await reader.goToCashier(), cashier);
  await reader.leave();
});

/** How another person comes to use the same browser, and the form that they see first. Either form
 * has to be empty by itself. */
const NEXT = [
  {
    how: "in another tab",
    first: PAGE,
    async come({ visitor }, other) {
      const tab = await visitor.context.newPage();
      await tab.goto("/me");
      await tab.locator("form.sign-out button").click();
      await visitor.signIn(other);
    },
  },
  {
    how: "next",
    first: SHEET,
    async come({ visitor, page }, other) {
      await visitor.go("/me");
      await page.locator("form.sign-out button").click();
      await page.locator("header nav a").click();
      await visitor.choose(other);
      await page.waitForURL("**/");
    },
  },
  {
    how: "in somebody's place, without their signing out,",
    first: PAGE,
    async come({ visitor, page }, other) {
      await visitor.go("/sign-in");
      await visitor.choose(other);
      await page.waitForURL("**/");
    },
  },
];

for (const { how, first, come } of NEXT) {
  test(`a person who signs in ${how} finds no draft`, async () => {
    const other = await person("Gwen");
    const reader = await open();
    await reader.goToForm(PAGE);
    await reader.fillIn(TYPED);
    await come(reader, other);
    await reader.goToForm(first);
    await reader.assertFields(NOTHING);
    await reader.goToForm(first === PAGE ? SHEET : PAGE);
    await reader.assertFields(NOTHING);
    await reader.leave();
  });
}

test("a session that ends while a reader types loses no values", async () => {
  const reader = await open();
  const { page, visitor } = reader;
  await reader.goToForm(PAGE);
  await reader.fillIn(TYPED);
  await visitor.context.clearCookies();
  await page.locator("button[value=review]").click();
  await page.waitForURL("**/sign-in?return=*");
  await visitor.choose(reader.person);
  await page.waitForURL("**/praise?*");
  await reader.assertFields(TYPED);
  await reader.goToCashier();
  await reader.leave();
});

test("the form works when drafts cannot be stored", async () => {
  const reader = await open();
  await reader.visitor.context.addInitScript(() => {
    Object.defineProperty(globalThis, "sessionStorage", {
      get() {
        throw new DOMException("shut", "SecurityError");
      },
    });
  });
  for (const form of [PAGE, SHEET]) {
    await reader.goToForm(form);
    await reader.fillIn(TYPED);
    await reader.goToCashier();
  }
  await reader.leave();
});
