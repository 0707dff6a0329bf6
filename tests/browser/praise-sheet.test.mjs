// The praise sheet: a plain link until its client runs, then a dialog.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, Visitor } from "./lib/browser.mjs";
import { openAttempts, person, writer } from "./lib/control.mjs";
import { Reader, SHEET } from "./lib/reader.mjs";
import { author, browser, setup } from "./lib/setup.mjs";
import { WORDS } from "./lib/words.mjs";

setup({ writer: "Ann" });

/** A reader who has opened the article; the client runs unless `live` is false. */
async function reading({ live = true, article = author, ...options } = {}) {
  const reader = await person("Ben");
  const visitor = await Visitor.open(browser, options);
  await visitor.signIn(reader);
  if (live) {
    await visitor.go(article.path);
    await visitor.live();
  }
  const sheet = visitor.page.locator("dialog#praise-sheet");
  return {
    reader,
    visitor,
    page: visitor.page,
    sheet,
    pay: sheet.locator("button[value=pay]"),
    line: sheet.locator("[role=status]"),
    open: async () => {
      await visitor.page.locator("#praise-link").click();
      await sheet.waitFor();
    },
  };
}

const focused = (page) => page.evaluate(() => document.activeElement.id);

test("before the client has loaded, the button is a link to the form", async () => {
  const { visitor, page } = await reading({ live: false });
  // A network that never delivers the client.
  await page.route("**/assets/reader-*", () => {});
  await visitor.go(author.path);
  await page.locator("#praise-link").click();
  await page.waitForURL(`**${author.path}/praise`);
  assert.equal(await visitor.heading(), `Praise ${author.account}`);
  await visitor.leave();
});

test("a person who is not signed in is led to the sign-in page", async () => {
  const visitor = await Visitor.open(browser);
  await visitor.go(author.path);
  await visitor.page.locator("#praise-link").click();
  await visitor.page.waitForURL("**/sign-in?return=*");
  await visitor.leave();
});

test("a tap beside it closes it, and selecting text beyond its edge does not", async () => {
  const reader = await Reader.open(browser, { article: author, scripts: true });
  const { page } = reader;
  await page.setViewportSize({ width: 1280, height: 800 });
  await reader.goToForm(SHEET);
  const note = await reader.field("note").boundingBox();
  await page.mouse.move(note.x + 20, note.y + 20);
  await page.mouse.down();
  await page.mouse.move(20, note.y + 20);
  await page.mouse.up();
  assert.ok(await reader.form.isVisible());
  await page.mouse.click(20, 400);
  await reader.form.waitFor({ state: "hidden" });
  await reader.leave();
});

test("opens as a modal dialog, and Escape returns the focus", async () => {
  for (const size of [undefined, DESKTOP]) {
    const { visitor, page, sheet, open } = await reading({ size });
    const url = page.url();
    await open();
    assert.ok(await sheet.evaluate((dialog) => dialog.matches(":modal")), "not modal");
    assert.ok(await sheet.evaluate((dialog) => dialog.contains(document.activeElement)));
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    assert.equal(await focused(page), "praise-link");
    await open();
    await sheet.locator("button.close").click();
    await sheet.waitFor({ state: "hidden" });
    assert.equal(await focused(page), "praise-link");
    await open();
    // Beside the dialog.
    await page.mouse.click(5, 5);
    await sheet.waitFor({ state: "hidden" });
    assert.equal(page.url(), url, "the link was followed as well");
    await visitor.leave();
  }
});

test("nothing is preselected, and paying requires a choice", async () => {
  const { visitor, sheet, pay, line, open } = await reading();
  await open();
  assert.equal(await sheet.locator("input:checked").count(), 0);
  assert.ok(await pay.isDisabled());
  assert.equal(await line.innerText(), "Choose an amount.");
  await sheet.locator("label:has(input[value='1000'])").click();
  assert.equal(await line.innerText(), "Choose who can see your name.");
  assert.ok(await pay.isDisabled());
  await sheet.locator("input[value=writer]").check();
  assert.equal(await line.innerText(), WORDS.en.give("¥10.00", author.account));
  assert.ok(await pay.isEnabled());
  await visitor.leave();
});

test("the next question is scrolled into view in a low sheet", async () => {
  const { visitor, page, sheet, open } = await reading({ size: { width: 375, height: 600 } });
  await open();
  const asked = sheet.locator("fieldset:has(input[name=visibility])");
  /** Whether an element is completely visible in the sheet. */
  const inSight = (place) => {
    const [{ top, bottom }, shown] = [place, place.closest(".sheet-body")].map((one) =>
      one.getBoundingClientRect(),
    );
    return top >= shown.top - 1 && bottom <= shown.bottom + 1;
  };
  const amounts = sheet.locator("fieldset:has(input[name=preset])");
  assert.equal(await asked.evaluate(inSight), false, "nothing has to be scrolled");
  // When the keyboard is used, the choice stays visible.
  await sheet.locator("input[value='100']").focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await amounts.locator("input:checked").evaluate((one) => one.value !== "100"));
  assert.equal(await asked.evaluate(inSight), false);
  await sheet.locator("label:has(input[value='500'])").click();
  await page.waitForFunction(inSight, await asked.elementHandle());
  await visitor.leave();
});

test("names the rule that an amount breaks", async () => {
  for (const { currency, article, cases } of [
    {
      currency: "CNY",
      article: author,
      cases: [
        ["201", "The largest praise is ¥200.00."],
        ["8.888", "An amount has at most two decimal places, like 8.88."],
        ["0.5", "The smallest praise is ¥1.00."],
        ["-1", "Type the amount in plain digits, like 8.88."],
        ["1e3", "Type the amount in plain digits, like 8.88."],
        ["８.８８", "¥8.88"],
        ["8,88", "¥8.88"],
        ["１００", "¥100.00"],
      ],
    },
    {
      currency: "USD",
      article: await writer("Nora", { currency: "USD" }),
      cases: [
        ["30.01", "The largest praise is $30.00."],
        ["$30", "$30.00"],
      ],
    },
  ]) {
    const { visitor, sheet, pay, line, open } = await reading({ article });
    await open();
    await sheet.locator("input[value=public]").check();
    const amount = sheet.locator("#sheet-amount");
    for (const [typed, says] of cases) {
      await amount.fill(typed);
      await amount.blur();
      assert.ok(await sheet.locator("input[value=custom]").isChecked(), "typing chooses it");
      const right = /^[¥$]/.test(says);
      const expected = right ? WORDS.en.give(says, article.account) : says;
      assert.equal(await line.innerText(), expected, `${typed} ${currency}`);
      assert.equal(await pay.isEnabled(), right, `${typed} ${currency}`);
    }
    await visitor.leave();
  }
});

test("counts the characters of a note as people do", async () => {
  const { visitor, sheet, pay, line, open } = await reading();
  await open();
  await sheet.locator("label:has(input[value='100'])").click();
  await sheet.locator("input[value=public]").check();
  const [note, count] = [sheet.locator("#sheet-note"), sheet.locator("#sheet-count")];
  for (const [text, shown, fits] of [
    ["", "0/140", true],
    ["好👨‍👩‍👧é", "3/140", true],
    ["好".repeat(140), "140/140", true],
    ["👨‍👩‍👧".repeat(140), "140/140", true],
    ["好".repeat(141), "141/140", false],
  ]) {
    await note.fill(text);
    assert.equal(await count.innerText(), shown);
    assert.equal(await pay.isEnabled(), fits, shown);
  }
  assert.equal(await line.innerText(), "Your note is too long. Use at most 140 characters.");
  await visitor.leave();
});

test("pressing several times is one attempt", async () => {
  const { reader, visitor, page, sheet, pay, open } = await reading();
  await open();
  await sheet.locator("label:has(input[value='500'])").click();
  await sheet.locator("input[value=public]").check();
  await page.evaluate(() => {
    const button = document.querySelector("#praise-sheet button[value=pay]");
    for (let pressed = 0; pressed < 5; pressed++) button.click();
  });
  await page.waitForURL("**/sandbox/cashier/*");
  assert.equal(await openAttempts(reader), 1);
  await page.goBack();
  await visitor.live();
  await open();
  await pay.dblclick();
  await page.waitForURL("**/sandbox/cashier/*");
  // A reloaded page has a new key, but the stored draft has kept the first one.
  assert.equal(await openAttempts(reader), 1);
  await visitor.leave();
});

test("a tap that requests a new tab opens the form there", async () => {
  const { visitor, page, sheet } = await reading({ size: DESKTOP });
  const [tab] = await Promise.all([
    visitor.context.waitForEvent("page"),
    page.locator("#praise-link").click({ modifiers: ["ControlOrMeta"] }),
  ]);
  await tab.waitForURL(`**${author.path}/praise`);
  assert.ok(await sheet.isHidden());
  await visitor.leave();
});
