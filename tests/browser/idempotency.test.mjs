// Idempotency: one praise is one attempt, however often a reader goes back, reloads, loses the
// connection, gets no answer or begins again in another tab. With and without scripts.

import assert from "node:assert/strict";
import { advance, atCashier, fault, intent, praiseCounts, start } from "./lib/control.mjs";
import { BOTH_WAYS, Reader, WITH_SCRIPTS, player } from "./lib/reader.mjs";
import { author, browser, setup } from "./lib/setup.mjs";

setup({ writer: "Ann" });

const NOTE = "never lost 好👨‍👩‍👧";
const TYPED = { amount: "8.88", note: NOTE, visibility: "writer" };

const play = player((mode) => Reader.open(browser, { article: author, ...mode }));

play(BOTH_WAYS, "an unknown order is polled and never starts a second attempt", async (reader) => {
  const { page, words } = reader;
  await reader.openArticle();
  await reader.openForm();
  await reader.fillIn(TYPED);
  await fault("create_order", "reply_lost", 1);
  await reader.pay();
  await page.waitForURL("**/i/*");
  const { heading, text } = await reader.outcome();
  assert.equal(heading, words.unknown);
  assert.ok(text.includes("¥8.88") && text.includes(NOTE), text);
  const id = reader.intent;
  // Without any action the page detects that it can be paid, and then that it was.
  await advance(60);
  const pay = page.locator(".actions a.button[href^='/sandbox/cashier/']");
  await pay.waitFor({ timeout: 20_000 });
  assert.equal(await reader.visitor.heading(), words.awaiting);
  await atCashier({ payment: { url: await pay.getAttribute("href") } }, "pay_silently");
  await page.locator(".outcome.paid").waitFor({ timeout: 20_000 });
  assert.equal(reader.intent, id);
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 1 });
});

play(BOTH_WAYS, "going back and pressing again continues the same attempt", async (reader) => {
  const { page, words } = reader;
  await reader.fillInAndPay(TYPED);
  const cashier = page.url();
  await page.goBack();
  if (reader.scripts) {
    // The article again, with the sheet still filled in.
    await reader.visitor.live();
    await reader.openForm();
    await reader.offer.waitFor();
  } else {
    // The review page, shown again without the browser asking to resubmit.
    assert.equal(await page.locator(".card > .give").innerText(), words.give("¥8.88", author.account));
  }
  await reader.goToCashier();
  assert.equal(page.url(), cashier);
  // Further back, to the form: the values are kept, and the same values are the same attempt.
  if (!reader.scripts) {
    await page.goBack();
    await page.goBack();
    assert.equal(await reader.field("amount").inputValue(), "8.88");
    await reader.goToCashier();
    assert.equal(page.url(), cashier);
  }
  // The form is loaded again and filled in again.
  await reader.openArticle();
  await reader.openForm();
  await reader.fillIn(TYPED);
  await reader.goToCashier();
  assert.equal(page.url(), cashier);
  assert.deepEqual(await praiseCounts(reader.person), { open: 1, praises: 0 });

  // After the payment, reloading and going back never pay again.
  await reader.atCashier("pay");
  const { intent: id } = reader;
  await page.reload();
  assert.equal((await reader.outcome()).heading, words.paid);
  await page.goBack();
  await page.reload();
  assert.equal(await page.locator("button[value=pay]").count(), 0, "the payment can be repeated");
  await page.goForward();
  assert.equal((await reader.outcome()).heading, words.paid);
  assert.equal(reader.intent, id);
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 1 });
});

play(BOTH_WAYS, "a lost connection makes no second attempt", async (reader) => {
  const { page, visitor } = reader;
  visitor.expected.push("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_FAILED", "net::ERR");
  await reader.openArticle();
  await reader.openForm();
  await reader.fillIn({ amount: "8.88", note: NOTE, visibility: "public" });
  if (!reader.scripts) assert.ok(await reader.summary());

  // There is no network when the form is sent.
  await visitor.context.setOffline(true);
  await reader.form.locator("button[value=pay]").click();
  if (reader.scripts) {
    assert.equal(await reader.summary(), reader.words.nothingSent);
    assert.ok(await reader.form.isVisible(), "the sheet disappeared");
    assert.equal(await reader.field("note").inputValue(), NOTE);
  } else {
    await page.waitForURL("chrome-error://**").catch(() => {});
  }
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 0 });
  await visitor.context.setOffline(false);
  if (!reader.scripts) {
    await reader.openArticle();
    await reader.openForm();
    await reader.fillIn({ amount: "8.88", note: NOTE, visibility: "public" });
    assert.ok(await reader.summary());
  }

  // The request arrives, but its answer is lost.
  await page.route("**/praise", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch({ maxRedirects: 0 });
    await route.abort("connectionfailed");
  });
  await reader.form.locator("button[value=pay]").click();
  await page.waitForURL("chrome-error://**");
  assert.deepEqual(await praiseCounts(reader.person), { open: 1, praises: 0 });
  await page.unroute("**/praise");

  // Sending it again continues the existing attempt.
  await reader.openArticle();
  await reader.openForm();
  await reader.offer.waitFor();
  await reader.fillIn({ amount: "8.88", note: NOTE, visibility: "public" });
  await reader.goToCashier();
  assert.deepEqual(await praiseCounts(reader.person), { open: 1, praises: 0 });
  await reader.atCashier("pay");
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 1 });
});

play(BOTH_WAYS, "a second tab offers to continue or cancel the open attempt", async (reader) => {
  const { page, words } = reader;
  // This tab was opened before the attempt began.
  await reader.openArticle();
  const { intent: opened } = await start(reader.person, author.path, 888, "CNY", NOTE);
  await reader.openForm();
  await reader.offer.waitFor();
  const offered = await reader.offer.innerText();
  for (const part of [words.stillOpen, words.give("¥8.88", author.account), NOTE]) {
    assert.ok(offered.includes(part), `${part} is not in: ${offered}`);
  }
  await reader.offer.locator(`a[href="/i/${opened.id}"]`).click();
  assert.equal((await reader.outcome()).heading, words.awaiting);
  await page.locator(".actions a.button[href^='/sandbox/cashier/']").click();
  assert.equal(await page.locator(".total").innerText(), "¥8.88");

  // It is cancelled from there, and then no longer offered.
  await reader.openArticle();
  await reader.openForm();
  await reader.offer.waitFor();
  await reader.offer.locator("form[action$='/cancel'] button").click();
  assert.equal((await reader.outcome()).heading, words.cancelled);
  assert.equal((await intent(reader.person, opened.id)).state, "cancelled");
  await reader.openArticle();
  // The sheet updates its fields once it knows the open attempts.
  const told = reader.scripts && page.evaluate(() => {
    const form = document.querySelector("#praise-sheet [data-currency]");
    return new Promise((done) => form.addEventListener("change", () => done(), { once: true }));
  });
  await reader.openForm();
  await told;
  assert.equal(await reader.offer.count(), 0);
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 0 });
});

play(WITH_SCRIPTS, "an offer that arrives late moves no controls", async (reader) => {
  const { page } = reader;
  const places = () =>
    reader.form.evaluate((sheet) =>
      [...sheet.querySelectorAll("h2, label, button, textarea")].map((one) => {
        const { top, left } = one.getBoundingClientRect();
        return [top, left];
      }),
    );
  // Each time one more payment is open; with two there is no room left.
  const sizes = [
    { width: 390, height: 844, inSight: true },
    { width: 1280, height: 800, inSight: false },
  ];
  for (const size of sizes) {
    await page.setViewportSize(size);
    await reader.openArticle();
    let answer;
    const asked = new Promise((resolve) => (answer = resolve));
    let begun;
    const open = new Promise((resolve) => (begun = resolve));
    await page.route("**/praise", async (route) => {
      begun();
      await asked;
      await route.continue();
    });
    await start(reader.person, author.path, 888, "CNY", NOTE);
    await reader.openForm();
    await open;
    assert.equal(await reader.offer.count(), 0);
    // The sheet is open.
    await reader.form.evaluate((sheet) =>
      Promise.all(sheet.getAnimations().map((animation) => animation.finished)),
    );
    const before = await places();
    answer();
    await reader.offer.waitFor();
    const after = await places();
    assert.deepEqual(after.slice(0, before.length - 1), before.slice(0, before.length - 1));
    // It comes after the last field: visible if there is space, with no gap below it.
    const sight = await reader.offer.boundingBox();
    assert.equal(sight.y + sight.height <= size.height, size.inSight, JSON.stringify(sight));
    await reader.form.locator(".sheet-body").evaluate((body) => body.scrollTo(0, body.scrollHeight));
    const last = await reader.form.locator("label:has(input[value=anonymous])").boundingBox();
    const end = await reader.offer.boundingBox();
    assert.ok(last.y + last.height <= end.y, `${JSON.stringify(last)} ${JSON.stringify(end)}`);
    await page.unroute("**/praise");
  }
});

play(BOTH_WAYS, "an open attempt does not prevent another praise", async (reader) => {
  await start(reader.person, author.path, 888, "CNY", NOTE);
  await reader.openArticle();
  await reader.openForm();
  await reader.offer.waitFor();
  await reader.fillIn({ preset: 500, visibility: "anonymous" });
  await reader.goToCashier();
  await reader.atCashier("pay");
  assert.deepEqual(await praiseCounts(reader.person), { open: 1, praises: 1 });
});
