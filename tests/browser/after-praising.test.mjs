// After praising: the reader's list, the receipt and its actions, the reader's own limits, the
// writer's reply, and the signed link of a guest. With and without scripts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Visitor } from "./lib/browser.mjs";
import { advance, atCashier, limit, praises, publish, start, writer } from "./lib/control.mjs";
import { BOTH_WAYS, Reader, player } from "./lib/reader.mjs";
import { author, browser, setup } from "./lib/setup.mjs";
import { WORDS } from "./lib/words.mjs";

setup({ writer: "Ann" });

const NOTE = "kept 好";
/** One second more than the undo window. */
const CONFIRMED_S = 10 * 60 + 1;

const open = async (mode) => Reader.open(browser, { article: await writer("Ann"), ...mode });
const play = player(open);

/** Gives 8.88 for the reader's article; returns the path of the receipt. */
async function given(reader) {
  await atCashier(await start(reader.person, reader.article.path, 888, "CNY", NOTE), "pay");
  const [praise] = await praises(reader.person);
  return `/me/praises/${praise.id}`;
}

/** The names on the wall, as everybody sees it. */
async function wall(article) {
  const visitor = await Visitor.open(browser, { scripts: false });
  await visitor.go(article.path);
  const names = await visitor.page.locator("ul.wall li:not(.unnamed) .name").allInnerTexts();
  const unnamed = await visitor.page.locator("ul.wall .unnamed .tile").allInnerTexts();
  await visitor.leave();
  return [...names, ...unnamed];
}

const includes = (text, ...parts) => {
  for (const part of parts) assert.ok(text.includes(part), `${part} is not in: ${text}`);
};

play(BOTH_WAYS, "the list, the receipt, and undo within the undo window", async (reader) => {
  const { page, visitor, words, article } = reader;
  const receipt = await given(reader);
  assert.deepEqual(await wall(article), [reader.person.name]);
  await visitor.go("/me");
  const row = page.locator("li.row");
  assert.equal(await row.count(), 1);
  const listed = await row.innerText();
  includes(listed, article.title, article.account, "¥8.88", NOTE, words.held, words.heldUntil);
  includes(await page.locator("dl.month").innerText(), words.month("¥8.88"));

  await row.locator(`a[href="${receipt}"]`).click();
  const shown = await page.locator("main").innerText();
  includes(shown, words.gave("¥8.88", article.account), NOTE, receipt.split("/").pop());
  assert.ok((await page.locator(".timeline li").count()) >= 2, "past entries and the next step");
  assert.equal(await page.locator(".timeline .coming").count(), 1);
  assert.equal(await page.locator("form[action$='/take-back']").count(), 0);

  await page.locator("form[action$='/undo'] button").click();
  await page.waitForURL(`**${receipt}`);
  includes(await page.locator(".timeline").innerText(), words.undone);
  assert.equal(await page.locator("form[action$='/undo']").count(), 0);
  assert.deepEqual(await wall(article), []);
  await visitor.go("/me");
  assert.equal(await page.locator("dl.month").count(), 0, "the returned praise still counts for the month");
  await advance(60);
  await page.reload();
  includes(await row.innerText(), words.back, "¥8.88");
});

play(BOTH_WAYS, "a later take-back asks for confirmation", async (reader) => {
  const { page, visitor, words, article } = reader;
  const receipt = await given(reader);
  await advance(CONFIRMED_S);
  await visitor.go(receipt);
  assert.equal(await page.locator("form[action$='/undo']").count(), 0);
  const sure = page.locator("form[action$='/take-back'] button");
  assert.ok(await sure.isHidden(), "one tap took it back");
  await page.locator("details.option summary").click();
  includes(await sure.innerText(), "¥8.88");
  await sure.click();
  await page.waitForURL(`**${receipt}`);
  includes(await page.locator(".timeline").innerText(), words.takenBack);
  await advance(60);
  await page.reload();
  includes(await page.locator(".receipt").innerText(), words.back);
  assert.deepEqual(await wall(article), []);
});

play(BOTH_WAYS, "changing the visibility changes the wall", async (reader) => {
  const { page, visitor, words, article } = reader;
  const receipt = await given(reader);
  await visitor.go(receipt);
  for (const [choice, seen] of [
    ["anonymous", ["+1"]],
    ["public", [reader.person.name]],
    ["writer", ["+1"]],
  ]) {
    await page.locator("details.card summary").click();
    await page.locator(`input[value=${choice}]`).check();
    await page.locator("form[action$='/visibility'] button").click();
    assert.equal(await page.locator("[role=status]").innerText(), words.changed);
    assert.deepEqual(await wall(article), seen, choice);
  }
});

play(BOTH_WAYS, "a reader's own limits are shown and enforced", async (reader) => {
  const { page, visitor, words } = reader;
  await visitor.go("/me");
  await page.locator("a[href='/me/limits']").click();
  const set = async (amount) => {
    await page.locator("#CNY-praise").fill(amount);
    await page.locator("form#CNY button").click();
  };
  visitor.expected.push("422", "403");
  await set("many");
  await page.locator("#CNY-praise-wrong").waitFor();
  assert.equal(await page.locator("#CNY-praise").inputValue(), "many");
  await set("５");
  await page.locator("form#CNY [role=status]").waitFor();
  assert.equal(await page.locator("#CNY-praise").inputValue(), "5.00");
  // A raise waits, and the lower limit stays in force.
  await set("50");
  await page.locator("form#CNY .raise").waitFor();
  includes(await page.locator("form#CNY .raise").innerText(), "¥50.00");

  // The form shows the limit before anything is entered.
  await reader.openArticle();
  await reader.openForm();
  includes(await reader.field("amount-hint").innerText(), words.ownRoom("¥5.00"));
  await reader.fillIn({ preset: 1000, note: NOTE, visibility: "public" });
  if (reader.scripts) {
    assert.equal(await reader.summary(), words.ownRoom("¥5.00"));
    assert.ok(await reader.form.locator("button[value=pay]").isDisabled());
  } else {
    // It is refused before the review step.
    await reader.form.locator("button[value=review]").click();
    includes(await page.locator(".refusal[role=alert]").innerText(), words.aboveOwn, "¥5.00");
    assert.equal(await page.locator(".refusal a").getAttribute("href"), "/me/limits");
    assert.ok(await page.locator("input[value='1000']").isChecked());
    assert.equal(await reader.field("note").inputValue(), NOTE);
  }

  // Lowered in another tab: the server enforces it at once, the sheet when it is opened again.
  if (!reader.scripts) {
    await reader.fillIn({ preset: 500 });
    await reader.form.locator("button[value=review]").click();
    await reader.form.locator("button[value=pay]").waitFor();
  }
  await limit(reader.person, { currency: "CNY", praise_minor: 200 });
  if (reader.scripts) {
    await page.keyboard.press("Escape");
    await reader.openForm();
    await page.waitForFunction(
      (said) => document.getElementById("sheet-amount-hint").textContent.includes(said),
      words.ownRoom("¥2.00"),
    );
    await reader.fillIn({ preset: 500 });
    assert.equal(await reader.summary(), words.ownRoom("¥2.00"));
  } else {
    await reader.pay();
    includes(await page.locator(".refusal[role=alert]").innerText(), words.aboveOwn, "¥2.00");
  }
  await reader.fillIn({ preset: 200 });
  await reader.goToCashier();
  await reader.atCashier("pay");
  assert.equal((await reader.outcome()).heading, words.paid);
});

play(BOTH_WAYS, "an open attempt keeps its room and can be continued", async (reader) => {
  const { page, words } = reader;
  await limit(reader.person, { currency: "CNY", day_minor: 888 });
  const { payment } = await start(reader.person, reader.article.path, 888, "CNY", NOTE);
  await reader.openArticle();
  await reader.openForm();
  await reader.offer.waitFor();
  // There is no room for any other praise.
  const other = { amount: "8.87", note: NOTE, visibility: "public" };
  await reader.fillIn(other);
  if (reader.scripts) {
    assert.ok(await reader.form.locator("button[value=pay]").isDisabled());
  } else {
    reader.visitor.expected.push("403");
    await reader.form.locator("button[value=review]").click();
    includes(await page.locator(".refusal[role=alert]").innerText(), words.aboveOwnDay, "¥8.88");
  }
  await reader.fillIn({ ...other, amount: "8.88" });
  assert.ok((await reader.goToCashier()).endsWith(payment.url));
});

test("the sheet shows the reader's own limits after moving to another article", async () => {
  const article = await writer("Ann");
  const next = { account: article.handle, title: "The next" };
  const { path } = await publish(article, next);
  const reader = await Reader.open(browser, { article });
  const { page, words } = reader;
  await limit(reader.person, { currency: "CNY", praise_minor: 300 });
  await reader.openArticle();
  await page.locator(`.others a[href="${path}"]`).click();
  await page.waitForFunction((h1) => document.querySelector("h1").textContent === h1, next.title);
  await reader.openForm();
  await reader.fillIn({ preset: 500, visibility: "public" });
  await reader.form.getByRole("status").getByText(words.ownRoom("¥3.00")).waitFor();
  assert.ok((await reader.field("amount-hint").innerText()).includes(words.ownRoom("¥3.00")));
  assert.ok(await reader.form.locator("button[value=pay]").isDisabled());
  await reader.leave();
});

play(BOTH_WAYS, "a reply is written once in the studio and shown on the receipt", async (reader, mode) => {
  const { page, visitor, article } = reader;
  const receipt = await given(reader);
  await advance(CONFIRMED_S);
  const owner = await Visitor.open(browser, mode);
  await owner.signIn(article);
  await owner.go("/studio");
  await owner.page.locator("li.row .row-foot a").click();
  await owner.page.waitForURL("**/studio/praises/*");
  owner.expected.push("422");
  const reply = owner.page.locator("#reply");
  await reply.fill("好".repeat(141));
  await owner.page.locator("form[action$='/reply'] button").click();
  await owner.page.locator("#reply-error").waitFor();
  assert.equal((await reply.inputValue()).trim(), "好".repeat(141), "the entered text is lost");
  await reply.fill("Thank you, whoever you are. 谢谢");
  await owner.page.locator("form[action$='/reply'] button").click();
  includes(await owner.page.locator(".thanks").innerText(), "whoever you are. 谢谢");
  assert.equal(await reply.count(), 0, "a second reply");
  await owner.leave();
  await visitor.go(receipt);
  const read = await page.locator(".thanks").innerText();
  includes(read, "Thank you, whoever you are. 谢谢", article.account);
});

for (const mode of BOTH_WAYS) {
  test(`a guest gets a link and is told the limit, ${mode.name}`, async () => {
    const words = WORDS[mode.lang];
    const visitor = await Visitor.open(browser, mode);
    const { page } = visitor;
    await visitor.go(author.path);
    await page.locator("#praise-link").click();
    await page.waitForURL("**/sign-in?return=*");
    await page.locator("form[action='/guest'] button").click();
    await page.waitForURL(`**${author.path}/praise`);
    await page.locator("#form-amount").fill("8.88");
    await page.locator("input[value=public]").check();
    await page.locator("button[value=review]").click();
    await page.locator("button[value=pay]").click();
    await page.locator("button[value=pay]").click();
    await page.waitForURL("**/i/*");
    includes(await page.locator(".receipt-link").innerText(), words.keep);
    const link = await page.locator(".receipt-link a").getAttribute("href");

    // It opens the receipt in another browser; an altered link does not.
    const elsewhere = await Visitor.open(browser, mode);
    await elsewhere.go(link);
    const shown = await elsewhere.page.locator("main").innerText();
    includes(shown, words.gave("¥8.88", author.account));
    elsewhere.expected.push("404");
    const last = link.at(-1) === "0" ? "1" : "0";
    for (const forged of [link.slice(0, -1) + last, link.slice(0, -1), `${link}0`]) {
      assert.equal((await elsewhere.page.goto(forged)).status(), 404, forged);
    }
    await elsewhere.go(link);
    await elsewhere.page.locator("form[action$='/undo'] button").click();
    includes(await elsewhere.page.locator(".timeline").innerText(), words.undone);
    await elsewhere.leave();

    // ¥200 a day: shown on the form; a refusal names the limit and when there is room again.
    const give = async (preset) => {
      await visitor.go(`${author.path}/praise`);
      await page.locator(`label:has(input[value="${preset}"])`).click();
      await page.locator("input[value=public]").check();
      await page.locator("button[value=review]").click();
    };
    await give("5000");
    await page.locator("button[value=pay]").click();
    await page.locator("button[value=pay]").click();
    await page.waitForURL("**/i/*");
    visitor.expected.push("403");
    await give("20000");
    const refused = await page.locator(".refusal[role=alert]").innerText();
    includes(refused, words.dayLimit, "¥200.00");
    assert.ok(/\d\d:\d\d/.test(refused), refused);
    includes(await page.locator("#form-amount-hint").innerText(), words.dayRoom("¥150.00"));
    assert.ok(await page.locator("input[value='20000']").isChecked());

    // A guest cannot sign in again, and is warned before signing out.
    await visitor.go("/me");
    includes(await page.locator("form.sign-out").innerText(), words.guestHere);
    assert.equal(await page.locator("form.sign-out a").getAttribute("href"), "/sign-in?return=/me");
    await page.getByRole("button", { name: words.forget }).click();
    await page.waitForURL("/");
    assert.equal(await page.locator("header nav a").innerText(), words.signIn);
    await visitor.leave();
  });
}
