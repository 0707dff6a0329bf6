// A reader's journey through article, form, cashier and every result: one scenario, played with and
// without scripts and in both languages.

import assert from "node:assert/strict";
import { advance, freeze, publish, praiseCounts, writer } from "./lib/control.mjs";
import { BOTH_WAYS, MODES, Reader, player } from "./lib/reader.mjs";
import { author, browser, setup } from "./lib/setup.mjs";

setup({
  writer: "Ann",
  async prepare() {
    for (const title of ["One more", "Another", "A third", "A fourth", "A fifth"]) {
      await publish(author, { account: author.handle, title });
    }
  },
});

const NOTE = "never lost 好👨‍👩‍👧";
const TYPED = { amount: "8.88", note: NOTE, visibility: "writer" };
/** Longer than any attempt can be paid. */
const LATER_S = 60 * 60;

const play = player((mode) => Reader.open(browser, { article: author, ...mode }));

play(MODES, "from the article to the thank-you page", async (reader) => {
  const { page, visitor, words } = reader;
  const give = words.give("¥8.88", author.account);
  await reader.openArticle();
  await reader.openForm();
  assert.equal(await reader.form.locator("input:checked").count(), 0, "preselected for the reader");
  assert.equal(await reader.offer.count(), 0, "an open attempt is shown before any was started");

  // All notations of an amount are equal.
  await reader.fillIn({ visibility: "public" });
  for (const amount of ["8.88", "８.８８", "8,88"]) {
    await reader.fillIn({ amount });
    assert.equal(await reader.summary(), give, amount);
    await reader.edit();
  }

  // A note of the maximum length, and one that is longer.
  if (!reader.scripts) visitor.expected.push("422");
  await reader.fillIn({ note: "好".repeat(141) });
  if (reader.scripts) assert.equal(await reader.field("count").innerText(), "141/140");
  assert.equal(await reader.summary(), words.noteTooLong);
  await reader.fillIn({ note: "👨‍👩‍👧".repeat(140) });
  if (reader.scripts) assert.equal(await reader.field("count").innerText(), "140/140");
  assert.equal(await reader.summary(), give);
  await reader.edit();

  // A preset replaces the entered amount; then the visibility.
  await reader.fillIn({ preset: 1000, note: NOTE, visibility: "writer" });
  assert.equal(await reader.summary(), words.give("¥10.00", author.account));
  await reader.goToCashier();
  assert.equal(await page.locator(".total").innerText(), "¥10.00");
  await reader.atCashier("pay");

  // Thanks, three other articles, and no further request to give.
  const { heading, text } = await reader.outcome();
  assert.equal(heading, words.paid);
  assert.ok(text.includes("¥10.00") && text.includes(NOTE), text);
  assert.ok(text.includes("Thank you for reading to the end."), text);
  assert.equal(await page.locator(".others .entry").count(), 3);
  assert.equal(await page.locator(`.others a[href="${author.path}"]`).count(), 0);
  assert.equal(await page.locator("#main form, #praise-link, #main [href$='/praise']").count(), 0);
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 1 });
});

/** Every result: what is done at the cashier, and the heading of the resulting page. */
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
    await loadAgain(reader.page);
  },
};

/** Loads a page that also reloads itself: of two loads at the same moment, one aborts the other. */
async function loadAgain(page) {
  const url = page.url();
  for (let tries = 1; ; tries += 1) {
    try {
      await page.goto(url);
      return;
    } catch (error) {
      if (tries === 5) throw error;
      await page.waitForTimeout(1000);
    }
  }
}

play(MODES, "each result has its own page with amount and note", async (reader) => {
  const { page, words } = reader;
  const seen = [];
  for (const [ending, come] of Object.entries(ENDINGS)) {
    // Another writer each time, because one article gets frozen and daily limits would add up.
    reader.article = await writer("Ann");
    await reader.fillInAndPay(TYPED);
    await come(reader, reader.article);
    const { heading, icon, text } = await reader.outcome();
    assert.equal(heading, words[ending], ending);
    assert.ok(text.includes("¥8.88") && text.includes(NOTE), `${ending}: ${text}`);
    assert.equal(await page.locator("#main [role=alert]").count(), 0, `${ending} alarms`);
    assert.equal(await page.locator(".outcome [role=status] h1").count(), 1, `${ending} is silent`);
    assert.equal(await page.locator(".others").count(), 0, `${ending} sends elsewhere`);
    seen.push(`${heading} ${icon}`);

    // Trying again keeps all values.
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

play(BOTH_WAYS, "declined, and then given in a second attempt", async (reader) => {
  const { page, words } = reader;
  await reader.fillInAndPay(TYPED);
  await reader.atCashier("decline");
  await page.locator("button[value=edit]").click();
  await page.locator("button[value=review]").click();
  await page.locator("button[value=pay]").click();
  await reader.atCashier("pay");
  assert.equal((await reader.outcome()).heading, words.paid);
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 1 });
});

play(BOTH_WAYS, "an open attempt is listed on the reader's page and can be continued there", async (reader) => {
  const { page, visitor, words } = reader;
  await reader.fillInAndPay(TYPED);
  await reader.atCashier("leave");
  await visitor.go("/me");
  const open = await page.locator(".open-intents").innerText();
  assert.ok(open.includes(words.give("¥8.88", author.account)) && open.includes(NOTE), open);
  await page.locator(".open-intents a.button").click();
  await page.locator(".actions a.button[href^='/sandbox/cashier/']").click();
  await reader.atCashier("pay");
  assert.equal((await reader.outcome()).heading, words.paid);
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 1 });
});

play(MODES, "errors are shown at their fields, and all values are kept", async (reader) => {
  const { page, visitor, words } = reader;
  if (!reader.scripts) visitor.expected.push("422");
  await reader.openArticle();
  await reader.openForm();
  await reader.fillIn({ note: NOTE, visibility: "anonymous" });
  for (const [amount, wrong] of Object.entries(words.wrongAmounts)) {
    await reader.fillIn({ amount });
    assert.equal(await reader.summary(), wrong, amount);
    assert.equal(await reader.field("amount").inputValue(), amount);
    assert.equal(await reader.field("note").inputValue(), NOTE);
    assert.ok(await reader.form.locator("input[value=anonymous]").isChecked());
  }
  if (reader.scripts) {
    assert.ok(await reader.form.locator("button[value=pay]").isDisabled());
  } else {
    // Each error is beside its field and described by it, and the title announces the errors.
    const amount = reader.field("amount");
    assert.equal(await amount.getAttribute("aria-invalid"), "true");
    const named = (await amount.getAttribute("aria-describedby")).split(" ");
    assert.ok(named.includes("form-amount-error"), named.join(" "));
    assert.ok((await page.title()).startsWith(words.error), await page.title());
  }
  assert.deepEqual(await praiseCounts(reader.person), { open: 0, praises: 0 });
});
