// One praise from end to end in a real browser: with and without scripts, in both languages, on a
// phone and on a desktop. The steps are the same; only what a tap on Praise opens differs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE, Visitor } from "./lib/browser.mjs";
import { advance, assertSelfCheck, person, praises, writer } from "./lib/control.mjs";
import { browser, setup } from "./lib/setup.mjs";
import { WORDS } from "./lib/words.mjs";

setup();

const NOTE = "写得真好 👨‍👩‍👧, truly";

/** Praises in the dialog that a tap opens while the client runs. */
async function praiseInSheet({ page, lang }, payee) {
  const sheet = page.locator("dialog#praise-sheet");
  await page.locator("#praise-link").click();
  await sheet.waitFor();
  const pay = sheet.locator("button[value=pay]");
  assert.ok(await pay.isDisabled(), "paying is possible before anything is chosen");
  await sheet.locator("#sheet-amount").fill("8.88");
  await sheet.locator("#sheet-note").fill(NOTE);
  assert.ok(await pay.isDisabled(), "paying is possible before the visibility is chosen");
  await sheet.locator("input[value=public]").check();
  assert.equal(await sheet.locator("[role=status]").innerText(), WORDS[lang].give("¥8.88", payee));
  await pay.click();
}

/** Praises on the page that the same tap opens without scripts. */
async function praiseOnPage({ page, lang }, payee) {
  await page.locator("#praise-link").click();
  await page.waitForURL("**/praise");
  await page.locator("label:has(input[value=custom])").click();
  await page.locator("#form-amount").fill("8.88");
  await page.locator("#form-note").fill(NOTE);
  await page.locator("input[value=public]").check();
  await page.locator("button[value=review]").click();
  assert.equal(await page.locator(".give").innerText(), WORDS[lang].give("¥8.88", payee));
  await page.locator("button[value=pay]").click();
}

const MODES = [
  { name: "on a phone, with scripts", scripts: true, size: PHONE, lang: "en" },
  { name: "on a phone, without scripts", scripts: false, size: PHONE, lang: "en" },
  { name: "on a phone in Chinese, with scripts", scripts: true, size: PHONE, lang: "zh-Hans" },
  { name: "on a phone in Chinese, without scripts", scripts: false, size: PHONE, lang: "zh-Hans" },
  { name: "on a desktop, with scripts", scripts: true, size: DESKTOP, lang: "en" },
];

for (const mode of MODES) {
  test(`a praise ${mode.name}`, async () => {
    const words = WORDS[mode.lang];
    const author = await writer("Ann");
    const reader = await person("Ben");
    const visitor = await Visitor.open(browser, mode);
    const { page } = visitor;

    // Sign in, find the article, praise it.
    await visitor.go("/");
    await page.locator("header nav a").click();
    await visitor.choose(reader);
    await page.waitForURL("/");
    await page.locator("a.entry-link", { hasText: author.title }).click();
    assert.equal(await visitor.heading(), author.title);
    if (mode.scripts) {
      await visitor.live();
      await praiseInSheet(visitor, author.account);
    } else {
      await praiseOnPage(visitor, author.account);
    }

    // The cashier, and the result.
    await page.waitForURL("**/sandbox/cashier/*");
    await page.getByRole("button", { name: words.pay("¥8.88") }).click();
    await page.waitForURL("**/i/*");
    assert.equal(await visitor.heading(), words.paid);
    const result = await page.locator("main").innerText();
    assert.ok(result.includes("¥8.88") && result.includes(NOTE), result);

    // The wall and the reader's own list.
    await page.locator(`.back a[href='${author.path}']`).click();
    const wall = page.locator("ul.wall");
    await wall.locator(".name").first().waitFor();
    assert.deepEqual(await wall.locator(".name").allInnerTexts(), [reader.name]);
    assert.ok(!(await page.locator("main").innerText()).includes("8.88"), "an amount on the wall");
    await visitor.go("/me");
    const mine = await page.locator("li.row").innerText();
    for (const part of [author.title, "¥8.88", NOTE, words.heldUntil]) {
      assert.ok(mine.includes(part), `${part} is not in: ${mine}`);
    }

    // The writer sees a count at first, then the row.
    await page.locator("form.sign-out button").click();
    await page.locator("header nav a").click();
    await visitor.choose(author);
    await page.locator("header nav a[href='/studio']").click();
    const figures = page.locator("dl.figures dd");
    assert.equal(await figures.first().innerText(), "1");
    assert.equal(await page.locator("li.row").count(), 0, "a row during the undo window");
    assert.ok(!(await page.locator("main").innerText()).includes("8.88"), "an amount too early");
    await advance(10 * 60 + 1);
    await visitor.go("/studio");
    assert.equal(await figures.first().innerText(), "0");
    const row = await page.locator("li.row").innerText();
    for (const part of [reader.name, "¥8.88", NOTE, words.heldUntil]) {
      assert.ok(row.includes(part), `${part} is not in: ${row}`);
    }
    assert.equal((await praises(reader)).length, 1);
    await visitor.leave();
    await assertSelfCheck();
  });
}
