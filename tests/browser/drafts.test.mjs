// What is typed into a praise form: the sheet and its page go on where the other was left, until it
// is paid. Nobody else finds it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atCashier, openAttempts, person, praises, publish } from "./lib/control.mjs";
import { PAGE, Reader, SHEET } from "./lib/reader.mjs";
import { author, browser, stage } from "./lib/stage.mjs";
import { WORDS } from "./lib/words.mjs";

const TYPED = {
  amount: "8.88",
  note: "half a\nthought, “quoted” & <b>bold</b>",
  visibility: "anonymous",
};
const NOTHING = { preset: null };
/** A link that fills the form in, and what it fills in. */
const FILLED = "?preset=200&note=from+a+link";
const OF_LINK = { preset: "200", note: "from a link" };

let second;
stage({
  writer: "Ann",
  async prepare() {
    second = { title: "The next one" };
    second.path = (await publish(author, { account: author.handle, title: second.title })).path;
  },
});

/** A reader who looks at nothing yet. */
const open = () => Reader.open(browser, { article: author });

test("the sheet goes on where the page was left, and is the same attempt", async () => {
  const reader = await open();
  await reader.goTo(PAGE);
  await reader.choose(TYPED);
  const cashier = await reader.payAtCashier();
  await reader.goTo(SHEET);
  await reader.holds(TYPED);
  assert.equal(await reader.says(), WORDS.en.give("¥8.88", author.account));
  assert.equal(await reader.payAtCashier(), cashier);
  assert.equal(await openAttempts(reader.person), 1);
  await reader.leave();
});

test("the page goes on where the sheet was left", async () => {
  const reader = await open();
  await reader.goTo(SHEET);
  await reader.choose({ preset: 500, note: "only this far" });
  // The next time its client does not come.
  await reader.page.route("**/assets/reader-*", () => {});
  await reader.visitor.go(author.path);
  await reader.reach(PAGE);
  await reader.holds({ preset: "500", note: "only this far" });
  await reader.choose({ visibility: "writer" });
  await reader.payAtCashier();
  await reader.leave();
});

test("each article has its own, also where readers move on in place", async () => {
  const reader = await open();
  const moveTo = async ({ path, title }) => {
    await reader.form.locator("button.close").click();
    await reader.page.locator(`.others a[href="${path}"]`).click();
    await reader.page.locator("h1", { hasText: title }).waitFor();
    await reader.reach();
  };
  await reader.goTo(SHEET);
  await reader.choose(TYPED);
  await moveTo(second);
  await reader.holds(NOTHING);
  await reader.choose({ amount: "2", note: "another" });
  await moveTo(author);
  await reader.holds(TYPED);
  assert.ok(await reader.form.locator("button[value=pay]").isEnabled());
  await moveTo(second);
  await reader.holds({ amount: "2", note: "another" });
  await reader.leave();
});

test("what was taken back stays away", async () => {
  const reader = await open();
  await reader.goTo(PAGE);
  await reader.choose(TYPED);
  await reader.field("amount").fill("");
  await reader.field("note").fill("");
  await reader.goTo(SHEET);
  await reader.holds({ visibility: TYPED.visibility });
  await reader.leave();
});

test("what is in the address counts for more than what was typed", async () => {
  const reader = await open();
  await reader.goTo(PAGE);
  await reader.choose(TYPED);
  await reader.goTo(PAGE, FILLED);
  await reader.holds(OF_LINK);
  await reader.goTo(SHEET);
  await reader.holds(OF_LINK);
  await reader.leave();
});

test("an address is taken once: what was typed since is newer", async () => {
  const reader = await open();
  const { page } = reader;
  await reader.goTo(PAGE, FILLED);
  await reader.holds(OF_LINK);
  await reader.choose(TYPED);
  await page.reload();
  await reader.holds(TYPED);
  await page.locator("button[name=lang][value=zh-Hans]").click();
  await page.locator("html[lang=zh-Hans]").waitFor();
  await reader.holds(TYPED);
  await reader.leave();
});

test("what was typed after it was sent outlives the attempt", async () => {
  const reader = await open();
  const sent = { amount: "5", note: "sent", visibility: "public" };
  await reader.toCashier(sent);
  const cashier = reader.page.url();
  await reader.goTo(SHEET);
  await reader.holds(sent);
  await reader.choose(TYPED);
  await reader.visitor.go(cashier);
  await reader.atCashier("pay");
  assert.equal(await reader.visitor.heading(), WORDS.en.paid);
  await reader.goTo(SHEET);
  await reader.holds(TYPED);
  await reader.leave();
});

test("what is typed outlives a page that went wrong, and an older thank-you", async () => {
  const reader = await open();
  await reader.goTo(SHEET);
  await reader.choose({ preset: 500, visibility: "public" });
  await reader.payAtCashier();
  await reader.atCashier("pay");
  const thanks = reader.page.url();
  await reader.goTo(SHEET);
  await reader.choose(TYPED);
  reader.visitor.expected.push("404");
  await reader.page.goto("/nowhere");
  await reader.goTo(SHEET);
  await reader.holds(TYPED);
  await reader.page.goto(thanks);
  await reader.goTo(SHEET);
  await reader.holds(TYPED);
  await reader.leave();
});

test("the same address sent once more is the same attempt", async () => {
  const reader = await open();
  const address = "?preset=500&visibility=public&note=from+a+link";
  await reader.goTo(PAGE, address);
  const cashier = await reader.payAtCashier();
  await reader.goTo(PAGE, address);
  assert.equal(await reader.payAtCashier(), cashier);
  assert.equal(await openAttempts(reader.person), 1);
  await reader.leave();
});

test("after it was paid the form is empty, and the same again is another praise", async () => {
  const reader = await open();
  for (const form of [PAGE, SHEET]) {
    await reader.goTo(form);
    await reader.holds(NOTHING);
    await reader.choose(TYPED);
    await reader.payAtCashier();
    await reader.atCashier("pay");
    await reader.backToArticle();
  }
  assert.equal((await praises(reader.person)).length, 2);
  await reader.leave();
});

test("after it was declined everything is still there, and it is a new attempt", async () => {
  const reader = await open();
  await reader.goTo(PAGE);
  await reader.choose(TYPED);
  const cashier = await reader.payAtCashier();
  await reader.atCashier("decline");
  assert.equal(await reader.visitor.heading(), WORDS.en.declined);
  await reader.backToArticle();
  await reader.visitor.live();
  await reader.reach();
  await reader.holds(TYPED);
  const next = await reader.payAtCashier();
  assert.notEqual(next, cashier);
  // Back and once more: that one is the same.
  await reader.page.goBack();
  await reader.visitor.live();
  await reader.reach();
  assert.equal(await reader.payAtCashier(), next);
  await reader.atCashier("pay");
  assert.equal((await praises(reader.person)).length, 1);
  await reader.leave();
});

test("an attempt that ends before the reader's eyes leaves a fresh key", async () => {
  const reader = await open();
  const { page, visitor } = reader;
  await reader.toCashier(TYPED);
  const cashier = page.url();
  await visitor.go("/me");
  const cancel = await page.locator("li.open form").getAttribute("action");
  await visitor.go(cancel.replace(/\/cancel$/, ""));
  assert.equal(await visitor.heading(), WORDS.en.awaiting);
  await atCashier({ payment: { url: new URL(cashier).pathname } }, "decline");
  await page.locator(".outcome.declined").waitFor();
  await reader.backToArticle();
  await visitor.live();
  await reader.reach();
  await reader.holds(TYPED);
  assert.notEqual(await reader.payAtCashier(), cashier);
  await reader.leave();
});

/** How somebody else comes to the same browser, and the form that they see first: each of them has to
 * be empty without the other's help. */
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
  test(`whoever signs in ${how} finds nothing`, async () => {
    const other = await person("Gwen");
    const reader = await open();
    await reader.goTo(PAGE);
    await reader.choose(TYPED);
    await come(reader, other);
    await reader.goTo(first);
    await reader.holds(NOTHING);
    await reader.goTo(first === PAGE ? SHEET : PAGE);
    await reader.holds(NOTHING);
    await reader.leave();
  });
}

test("a session that ends while somebody types costs them nothing", async () => {
  const reader = await open();
  const { page, visitor } = reader;
  await reader.goTo(PAGE);
  await reader.choose(TYPED);
  await visitor.context.clearCookies();
  await page.locator("button[value=review]").click();
  await page.waitForURL("**/sign-in?return=*");
  await visitor.choose(reader.person);
  await page.waitForURL("**/praise?*");
  await reader.holds(TYPED);
  await reader.payAtCashier();
  await reader.leave();
});

test("where nothing can be kept, the form works as ever", async () => {
  const reader = await open();
  await reader.visitor.context.addInitScript(() => {
    Object.defineProperty(globalThis, "sessionStorage", {
      get() {
        throw new DOMException("shut", "SecurityError");
      },
    });
  });
  for (const form of [PAGE, SHEET]) {
    await reader.goTo(form);
    await reader.choose(TYPED);
    await reader.payAtCashier();
  }
  await reader.leave();
});
