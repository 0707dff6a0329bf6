// The way of a reader, with scripts and without, in both languages, from one scenario: article, form,
// cashier, and whatever may come of it. However often somebody goes back, loads again, loses the
// connection or begins in another tab: one intention is one attempt.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./lib/browser.mjs";
import {
  advance,
  atCashier,
  checkBooks,
  fault,
  freeze,
  intent,
  person,
  publish,
  standing,
  start,
  writer,
} from "./lib/control.mjs";
import { BOTH_WAYS, MODES, Reader } from "./lib/reader.mjs";

let browser, author;
before(async () => {
  browser = await launch();
  author = await writer("Ann");
  for (const title of ["One more", "Another", "A third", "A fourth", "A fifth"]) {
    await publish(author, { account: author.handle, title });
  }
});
after(async () => {
  await browser.close();
  await checkBooks();
});

const NOTE = "never lost 好👨‍👩‍👧";
/** Longer than any attempt may be paid. */
const LATER_S = 60 * 60;

/** One scenario, played in each of these modes. */
function play(modes, name, scenario) {
  for (const mode of modes) {
    test(`${name}, ${mode.name}`, async () => {
      const reader = await Reader.open(browser, { article: author, ...mode });
      await scenario(reader);
      await reader.leave();
    });
  }
}

/** In front of the cashier, with what `NOTE` and 8.88 became. */
async function toCashier(reader) {
  await reader.read();
  await reader.reach();
  await reader.choose({ amount: "8.88", note: NOTE, visibility: "writer" });
  await reader.payAtCashier();
}

play(MODES, "from the article to the thank-you", async (reader) => {
  const { page, visitor, words } = reader;
  const give = words.give("¥8.88", author.account);
  await reader.read();
  await reader.reach();
  assert.equal(await reader.form.locator("input:checked").count(), 0, "chosen for the reader");
  assert.equal(await reader.offer.count(), 0, "something open before anything was begun");

  // However an amount is written, it is the same.
  await reader.choose({ visibility: "public" });
  for (const amount of ["8.88", "８.８８", "8,88"]) {
    await reader.choose({ amount });
    assert.equal(await reader.says(), give, amount);
    await reader.edit();
  }

  // A note as long as it may be, and one that is longer.
  if (!reader.scripts) visitor.expected.push("422");
  await reader.choose({ note: "好".repeat(141) });
  if (reader.scripts) assert.equal(await reader.field("count").innerText(), "141/140");
  assert.equal(await reader.says(), words.noteTooLong);
  await reader.choose({ note: "👨‍👩‍👧".repeat(140) });
  if (reader.scripts) assert.equal(await reader.field("count").innerText(), "140/140");
  assert.equal(await reader.says(), give);
  await reader.edit();

  // A preset in place of what was typed, and who may see it.
  await reader.choose({ preset: 1000, note: NOTE, visibility: "writer" });
  assert.equal(await reader.says(), words.give("¥10.00", author.account));
  await reader.payAtCashier();
  assert.equal(await page.locator(".total").innerText(), "¥10.00");
  await reader.atCashier("pay");

  // Thanks, three other articles, and nothing that asks again.
  const { heading, text } = await reader.outcome();
  assert.equal(heading, words.paid);
  assert.ok(text.includes("¥10.00") && text.includes(NOTE), text);
  assert.ok(text.includes("Thank you for reading to the end."), text);
  assert.equal(await page.locator(".others .entry").count(), 3);
  assert.equal(await page.locator(`.others a[href="${author.path}"]`).count(), 0);
  assert.equal(await page.locator("#main form, #praise-link, #main [href$='/praise']").count(), 0);
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 1 });
});

/** How each way ends: what is done in front of the cashier, and the heading of the page then. */
const ENDINGS = {
  awaiting: (reader) => reader.atCashier("leave"),
  declined: (reader) => reader.atCashier("decline"),
  async cancelled(reader) {
    await reader.atCashier("leave");
    await reader.page.locator("form[action$='/cancel'] button").click();
    await reader.page.locator(".outcome.cancelled").waitFor();
  },
  async returned(reader, { path }) {
    await freeze(path);
    await reader.atCashier("pay");
  },
  async expired(reader) {
    await reader.atCashier("leave");
    await advance(LATER_S);
    await reader.page.reload();
  },
};

play(MODES, "each ending has a calm page of its own, with amount and note", async (reader) => {
  const { page, words } = reader;
  const seen = [];
  for (const [ending, come] of Object.entries(ENDINGS)) {
    // Another writer each time: one article is suspected of something, and limits are a day's.
    reader.article = await writer("Ann");
    await toCashier(reader);
    await come(reader, reader.article);
    const { heading, icon, text } = await reader.outcome();
    assert.equal(heading, words[ending], ending);
    assert.ok(text.includes("¥8.88") && text.includes(NOTE), `${ending}: ${text}`);
    assert.equal(await page.locator("#main [role=alert]").count(), 0, `${ending} alarms`);
    assert.equal(await page.locator(".outcome [role=status] h1").count(), 1, `${ending} is silent`);
    assert.equal(await page.locator(".others").count(), 0, `${ending} sends elsewhere`);
    seen.push(`${heading} ${icon}`);

    // What can be tried again brings everything along.
    const again = page.locator("button[value=edit]");
    const canBe = ["declined", "cancelled", "expired"].includes(ending);
    assert.equal(await again.count(), canBe ? 1 : 0, ending);
    if (!canBe) continue;
    await again.click();
    assert.equal(await page.locator("#form-amount").inputValue(), "8.88");
    assert.equal(await page.locator("#form-note").inputValue(), NOTE);
    assert.ok(await page.locator("input[value=writer]").isChecked());
  }
  assert.equal(new Set(seen).size, Object.keys(ENDINGS).length, seen.join("\n"));
});

play(BOTH_WAYS, "declined, and given after all", async (reader) => {
  const { page, words } = reader;
  await toCashier(reader);
  await reader.atCashier("decline");
  await page.locator("button[value=edit]").click();
  await page.locator("button[value=review]").click();
  await page.locator("button[value=pay]").click();
  await reader.atCashier("pay");
  assert.equal((await reader.outcome()).heading, words.paid);
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 1 });
});

play(BOTH_WAYS, "left open, it is on the reader's own page, and goes on from there", async (reader) => {
  const { page, visitor, words } = reader;
  await toCashier(reader);
  await reader.atCashier("leave");
  await visitor.go("/me");
  const open = await page.locator(".open-intents").innerText();
  assert.ok(open.includes(words.give("¥8.88", author.account)) && open.includes(NOTE), open);
  await page.locator(".open-intents a.button").click();
  await page.locator(".actions a.button[href^='/sandbox/cashier/']").click();
  await reader.atCashier("pay");
  assert.equal((await reader.outcome()).heading, words.paid);
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 1 });
});

play(MODES, "what is wrong is said where it is, with everything kept", async (reader) => {
  const { page, visitor, words } = reader;
  if (!reader.scripts) visitor.expected.push("422");
  await reader.read();
  await reader.reach();
  await reader.choose({ note: NOTE, visibility: "anonymous" });
  for (const [amount, wrong] of Object.entries(words.wrongAmounts)) {
    await reader.choose({ amount });
    assert.equal(await reader.says(), wrong, amount);
    assert.equal(await reader.field("amount").inputValue(), amount);
    assert.equal(await reader.field("note").inputValue(), NOTE);
    assert.ok(await reader.form.locator("input[value=anonymous]").isChecked());
  }
  if (reader.scripts) {
    assert.ok(await reader.form.locator("button[value=pay]").isDisabled());
  } else {
    // Each is beside its field, named by it, and the title says that something is wrong.
    const amount = reader.field("amount");
    assert.equal(await amount.getAttribute("aria-invalid"), "true");
    const named = (await amount.getAttribute("aria-describedby")).split(" ");
    assert.ok(named.includes("form-amount-error"), named.join(" "));
    assert.ok((await page.title()).startsWith(words.error), await page.title());
  }
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 0 });
});

play(BOTH_WAYS, "unknown asks by itself, and never makes a second attempt", async (reader) => {
  const { page, words } = reader;
  await reader.read();
  await reader.reach();
  await reader.choose({ amount: "8.88", note: NOTE, visibility: "writer" });
  await fault("create_order", "reply_lost", 1);
  await reader.pay();
  await page.waitForURL("**/i/*");
  const { heading, text } = await reader.outcome();
  assert.equal(heading, words.unknown);
  assert.ok(text.includes("¥8.88") && text.includes(NOTE), text);
  const id = reader.intent;
  // Nobody touches anything: the page finds out that it can be paid, and then that it was.
  await advance(60);
  const pay = page.locator(".actions a.button[href^='/sandbox/cashier/']");
  await pay.waitFor({ timeout: 20_000 });
  assert.equal(await reader.visitor.heading(), words.awaiting);
  await atCashier({ payment: { url: await pay.getAttribute("href") } }, "pay_silently");
  await page.locator(".outcome.paid").waitFor({ timeout: 20_000 });
  assert.equal(reader.intent, id);
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 1 });
});

play(BOTH_WAYS, "going back and pressing again is the same attempt", async (reader) => {
  const { page, words } = reader;
  await toCashier(reader);
  const cashier = page.url();
  await page.goBack();
  if (reader.scripts) {
    // The article again, with the sheet as it was filled in.
    await reader.visitor.live();
    await reader.reach();
    await reader.offer.waitFor();
  } else {
    // The page that asked once more, shown again without a question of the browser's.
    assert.equal(await page.locator(".card > .give").innerText(), words.give("¥8.88", author.account));
  }
  await reader.payAtCashier();
  assert.equal(page.url(), cashier);
  // Further back, to the fields: what was typed is still there, and the same again is the same.
  if (!reader.scripts) {
    await page.goBack();
    await page.goBack();
    assert.equal(await reader.field("amount").inputValue(), "8.88");
    await reader.payAtCashier();
    assert.equal(page.url(), cashier);
  }
  // Loaded anew and filled in again.
  await reader.read();
  await reader.reach();
  await reader.choose({ amount: "8.88", note: NOTE, visibility: "writer" });
  await reader.payAtCashier();
  assert.equal(page.url(), cashier);
  assert.deepEqual(await standing(reader.person), { open: 1, praises: 0 });

  // Paid; whatever is loaded again or gone back to, it stays paid, once.
  await reader.atCashier("pay");
  const { intent: id } = reader;
  await page.reload();
  assert.equal((await reader.outcome()).heading, words.paid);
  await page.goBack();
  await page.reload();
  assert.equal(await page.locator("button[value=pay]").count(), 0, "it can be paid again");
  await page.goForward();
  assert.equal((await reader.outcome()).heading, words.paid);
  assert.equal(reader.intent, id);
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 1 });
});

play(BOTH_WAYS, "a connection lost in the midst of it makes no second attempt", async (reader) => {
  const { page, visitor } = reader;
  visitor.expected.push("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_FAILED", "net::ERR");
  await reader.read();
  await reader.reach();
  await reader.choose({ amount: "8.88", note: NOTE, visibility: "public" });
  if (!reader.scripts) assert.ok(await reader.says());

  // No network when it is sent.
  await visitor.context.setOffline(true);
  await reader.form.locator("button[value=pay]").click();
  if (reader.scripts) {
    assert.equal(await reader.says(), reader.words.nothingSent);
    assert.ok(await reader.form.isVisible(), "the sheet is gone");
    assert.equal(await reader.field("note").inputValue(), NOTE);
  } else {
    await page.waitForURL("chrome-error://**").catch(() => {});
  }
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 0 });
  await visitor.context.setOffline(false);
  if (!reader.scripts) {
    await reader.read();
    await reader.reach();
    await reader.choose({ amount: "8.88", note: NOTE, visibility: "public" });
    assert.ok(await reader.says());
  }

  // It arrives, and the answer does not.
  await page.route("**/praise", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch({ maxRedirects: 0 });
    await route.abort("connectionfailed");
  });
  await reader.form.locator("button[value=pay]").click();
  await page.waitForURL("chrome-error://**");
  assert.deepEqual(await standing(reader.person), { open: 1, praises: 0 });
  await page.unroute("**/praise");

  // The same again: the attempt that is there already.
  await reader.read();
  await reader.reach();
  await reader.offer.waitFor();
  await reader.choose({ amount: "8.88", note: NOTE, visibility: "public" });
  await reader.payAtCashier();
  assert.deepEqual(await standing(reader.person), { open: 1, praises: 0 });
  await reader.atCashier("pay");
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 1 });
});

play(BOTH_WAYS, "a second tab is offered what is open, to go on with or to cancel", async (reader) => {
  const { page, words } = reader;
  // This tab was there before anything was begun.
  await reader.read();
  const { intent: opened } = await start(reader.person, author.path, 888, "CNY", NOTE);
  await reader.reach();
  await reader.offer.waitFor();
  const offered = await reader.offer.innerText();
  for (const part of [words.stillOpen, words.give("¥8.88", author.account), NOTE]) {
    assert.ok(offered.includes(part), `${part} is not in: ${offered}`);
  }
  await reader.offer.locator(`a[href="/i/${opened.id}"]`).click();
  assert.equal((await reader.outcome()).heading, words.awaiting);
  await page.locator(".actions a.button[href^='/sandbox/cashier/']").click();
  assert.equal(await page.locator(".total").innerText(), "¥8.88");

  // Cancelled from there; the next time nothing is offered.
  await reader.read();
  await reader.reach();
  await reader.offer.waitFor();
  await reader.offer.locator("form[action$='/cancel'] button").click();
  assert.equal((await reader.outcome()).heading, words.cancelled);
  assert.equal((await intent(reader.person, opened.id)).state, "cancelled");
  const asked = page.waitForResponse(`**${author.path}/praise`);
  await reader.read();
  await reader.reach();
  await (await asked).finished();
  assert.equal(await reader.offer.count(), 0);
  assert.deepEqual(await standing(reader.person), { open: 0, praises: 0 });
});

play(BOTH_WAYS, "what is open forbids nothing else", async (reader) => {
  await start(reader.person, author.path, 888, "CNY", NOTE);
  await reader.read();
  await reader.reach();
  await reader.offer.waitFor();
  await reader.choose({ preset: 500, visibility: "anonymous" });
  await reader.payAtCashier();
  await reader.atCashier("pay");
  assert.deepEqual(await standing(reader.person), { open: 1, praises: 1 });
});
