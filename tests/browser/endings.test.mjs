// What a reader sees when it goes otherwise: declined, left, continued, answered late. With scripts
// and without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, launch } from "./lib/browser.mjs";
import { atCashier, checkBooks, openAttempts, person, praises, start, writer } from "./lib/control.mjs";

let browser, author;
before(async () => {
  browser = await launch();
  author = await writer("Ann");
});
after(async () => {
  await browser.close();
  await checkBooks();
});

const NOTE = "never lost";

/** A reader in front of the cashier. */
async function paying(scripts) {
  const reader = await person("Ben");
  const started = await start(reader, author.path, 888, "CNY", NOTE);
  const visitor = await Visitor.open(browser, { scripts });
  await visitor.signIn(reader);
  await visitor.go(started.payment.url);
  return { reader, started, visitor, page: visitor.page };
}

for (const scripts of [true, false]) {
  const mode = scripts ? "with scripts" : "without scripts";

  test(`declined: the amount and the note are kept for another try, ${mode}`, async () => {
    const { reader, visitor, page } = await paying(scripts);
    await page.locator("button[value=decline]").click();
    await page.waitForURL("**/i/*");
    assert.equal(await visitor.heading(), "The payment was declined");
    const text = await page.locator("main").innerText();
    assert.ok(text.includes("¥8.88") && text.includes(NOTE), text);
    await page.locator("button[value=edit]").click();
    assert.equal(await page.locator("#form-amount").inputValue(), "8.88");
    assert.equal(await page.locator("#form-note").inputValue(), NOTE);
    assert.ok(await page.locator("input[value=public]").isChecked());
    await page.locator("button[value=review]").click();
    await page.locator("button[value=pay]").click();
    await page.locator("button[value=pay]").click();
    await page.waitForURL("**/i/*");
    assert.equal(await visitor.heading(), "Thank you");
    assert.equal((await praises(reader)).length, 1);
    await visitor.leave();
  });

  test(`left: the page says what is open, and goes on, ${mode}`, async () => {
    const { reader, visitor, page } = await paying(scripts);
    await page.locator("button[value=leave]").click();
    await page.waitForURL("**/i/*");
    assert.equal(await visitor.heading(), "Waiting for your payment");
    await visitor.go("/me");
    await page.locator(".open-intents a.button").click();
    await page.locator(".actions a.button[href^='/sandbox/cashier/']").click();
    await page.locator("button[value=pay]").click();
    await page.waitForURL("**/i/*");
    assert.equal(await visitor.heading(), "Thank you");
    assert.equal(await openAttempts(reader), 0);
    await visitor.leave();
  });

  test(`cancelled: nothing was charged, ${mode}`, async () => {
    const { reader, visitor, page } = await paying(scripts);
    await page.locator("button[value=leave]").click();
    await page.locator("form[action$='/cancel'] button").click();
    await page.locator(".outcome.cancelled").waitFor();
    assert.equal(await visitor.heading(), "You cancelled");
    assert.ok((await page.locator("main").innerText()).includes(NOTE));
    assert.equal(await openAttempts(reader), 0);
    await visitor.leave();
  });

  test(`paid elsewhere: the waiting page goes on by itself, ${mode}`, async () => {
    const { started, visitor, page } = await paying(scripts);
    await page.locator("button[value=leave]").click();
    assert.equal(await visitor.heading(), "Waiting for your payment");
    await atCashier(started, "pay_silently");
    await page.locator(".outcome.paid").waitFor({ timeout: 20_000 });
    assert.equal(await visitor.heading(), "Thank you");
    await visitor.leave();
  });

  test(`reloaded and gone back to: the result stays the result, ${mode}`, async () => {
    const { reader, visitor, page } = await paying(scripts);
    await page.locator("button[value=pay]").click();
    await page.waitForURL("**/i/*");
    await page.reload();
    assert.equal(await visitor.heading(), "Thank you");
    await page.goBack();
    await visitor.go(new URL(page.url()).pathname);
    assert.ok((await page.locator("main").innerText()).includes("This order has been paid."));
    await page.goForward().catch(() => {});
    assert.equal((await praises(reader)).length, 1);
    await visitor.leave();
  });
}

test("without scripts, going back from the review keeps what was typed", async () => {
  const reader = await person("Ben");
  const visitor = await Visitor.open(browser, { scripts: false });
  await visitor.signIn(reader);
  const { page } = visitor;
  await visitor.go(`${author.path}/praise`);
  await page.locator("label:has(input[value='500'])").click();
  await page.locator("#form-note").fill(NOTE);
  await page.locator("input[value=writer]").check();
  await page.locator("button[value=review]").click();
  await page.locator(".give").waitFor();
  await page.goBack();
  assert.ok(await page.locator("input[value='500']").isChecked());
  assert.equal(await page.locator("#form-note").inputValue(), NOTE);
  assert.ok(await page.locator("input[value=writer]").isChecked());
  await visitor.leave();
});

test("without scripts, what is wrong stands beside its field, with everything kept", async () => {
  const reader = await person("Ben");
  const visitor = await Visitor.open(browser, { scripts: false });
  await visitor.signIn(reader);
  visitor.expected.push("422");
  const { page } = visitor;
  await visitor.go(`${author.path}/praise`);
  await page.locator("label:has(input[value=custom])").click();
  await page.locator("#form-amount").fill("201");
  await page.locator("#form-note").fill(NOTE);
  await page.locator("button[value=review]").click();
  await page.locator(".refusal").waitFor();
  const said = await page.locator("#form-amount-error").innerText();
  assert.equal(said, "The largest praise is ¥200.00.");
  assert.equal(await page.locator("#form-amount").inputValue(), "201");
  assert.equal(await page.locator("#form-note").inputValue(), NOTE);
  assert.ok(await page.locator("#form-visibility-error").isVisible());
  assert.equal(await openAttempts(reader), 0);
  await visitor.leave();
});
