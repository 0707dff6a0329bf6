// One praise in a real browser at phone size: the same scenario with scripts and without.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  article,
  base,
  booksAreRight,
  context,
  control,
  launch,
  live,
  person,
  screenshots,
} from "./stage.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Fills the sheet (with scripts) or the page (without), up to the button that pays. */
async function fill(page, scripts, { amount, note, visibility }) {
  await page.locator("#praise-link").click();
  const form = scripts ? page.locator("dialog[open] form[data-currency]") : page.locator("main form").first();
  await form.locator("input[name=amount]").fill(amount);
  // Typing an amount chooses "Other" by itself where scripts run.
  if (!scripts) await form.locator("input[value=custom]").check({ force: true });
  await form.locator("textarea[name=note]").fill(note);
  await form.locator(`input[name=visibility][value=${visibility}]`).check();
  if (!scripts) {
    await form.locator("button[value=review]").click();
    await page.waitForLoadState();
  }
  return page.locator(scripts ? "dialog[open]" : "main");
}

for (const scripts of [true, false]) {
  const mode = scripts ? "with scripts" : "without scripts";

  describe(`a praise ${mode}`, () => {
    test("goes from the article to the wall, to the reader's list and to the studio", async () => {
      const writer = await person("林小雨", "writer");
      const reader = await person("Amelia");
      const subject = await article(writer);
      const opened = await context(browser, reader, { javaScriptEnabled: scripts });
      const page = await opened.newPage();

      await page.goto(subject.url);
      if (scripts) await live(page);
      const place = await fill(page, scripts, {
        amount: "７.７７",
        note: "写得真好 👨‍👩‍👧",
        visibility: "public",
      });
      await place.getByText("Give ¥7.77 to 林小雨").waitFor();
      await place.locator("button[value=pay]").click();

      await page.waitForURL("**/sandbox/cashier/**");
      await page.getByText("¥7.77").first().waitFor();
      await page.locator("button[value=pay]").click();

      await page.waitForURL("**/i/int_*");
      await page.getByRole("heading", { name: "Thank you" }).waitFor();
      const result = await page.locator("main").innerText();
      assert.match(result, /谢谢你读到最后/);
      assert.match(result, /¥7\.77/);
      assert.match(result, /写得真好/);
      assert.match(result, /held until/i);

      // Reloading shows the same and starts nothing.
      await page.reload();
      await page.getByRole("heading", { name: "Thank you" }).waitFor();

      await page.goto(subject.url);
      const text = await page.locator("main").innerText();
      assert.match(text, /1 person praised/);
      assert.match(text, /Amelia/);
      // The sheet in the page offers amounts; what somebody gave is nowhere.
      assert.ok(!(await page.content()).includes("7.77"), "an amount on the article's page");

      await page.goto(`${base}/me`);
      assert.match(await page.locator("main").innerText(), /¥7\.77/);
      assert.deepEqual(opened.complaints, []);
      await opened.close();

      const studio = await context(browser, writer, { javaScriptEnabled: scripts });
      const desk = await studio.newPage();
      await desk.goto(`${base}/studio`);
      const before = await desk.locator("main").innerText();
      assert.match(before, /confirming/i);
      assert.doesNotMatch(before, /7\.77|写得真好|Amelia/);

      await control("clock", { advance_s: 601 });
      await desk.reload();
      const rows = await desk.locator("main").innerText();
      assert.match(rows, /¥7\.77/);
      assert.match(rows, /写得真好/);
      assert.match(rows, /Amelia/);
      assert.match(rows, /held until/i);
      assert.deepEqual(studio.complaints, []);
      await studio.close();
      await booksAreRight();
    });

    test("that the bank declines, or that the reader leaves, takes nothing", async () => {
      const writer = await person("林小雨", "writer");
      const reader = await person("Amelia");
      const subject = await article(writer);
      const opened = await context(browser, reader, { javaScriptEnabled: scripts });
      const page = await opened.newPage();
      const choice = { amount: "5", note: "慢慢写", visibility: "writer" };

      await page.goto(subject.url);
      if (scripts) await live(page);
      await (await fill(page, scripts, choice)).locator("button[value=pay]").click();
      await page.waitForURL("**/sandbox/cashier/**");
      await page.locator("button[value=decline]").click();
      await page.waitForURL("**/i/int_*");
      const declined = await page.locator("main").innerText();
      assert.match(declined, /declined/i);
      assert.match(declined, /¥5\.00/);
      assert.match(declined, /慢慢写/);

      await page.goto(subject.url);
      if (scripts) await live(page);
      await (await fill(page, scripts, choice)).locator("button[value=pay]").click();
      await page.waitForURL("**/sandbox/cashier/**");
      await page.locator("button[value=leave]").click();
      await page.waitForURL("**/i/int_*");
      const waiting = page.url();
      // It is offered again where the next one would be started.
      await page.goto(`${subject.url}/praise`);
      assert.equal(await page.locator(`a[href="${new URL(waiting).pathname}"]`).count(), 1);
      await page.goto(waiting);
      await page.locator("form[action$='/cancel'] button").click();
      await page.waitForLoadState();
      assert.match(await page.locator("main").innerText(), /cancelled/i);

      await page.goto(subject.url);
      assert.doesNotMatch(await page.locator("main").innerText(), /1 person praised/);
      assert.deepEqual(opened.complaints, []);
      await opened.close();
      await booksAreRight();
    });

    test("whose message is lost is found when the reader is back", async () => {
      const writer = await person("林小雨", "writer");
      const reader = await person("Amelia");
      const subject = await article(writer);
      const opened = await context(browser, reader, { javaScriptEnabled: scripts });
      const page = await opened.newPage();
      await page.goto(subject.url);
      if (scripts) await live(page);
      const place = await fill(page, scripts, { amount: "2", note: "", visibility: "anonymous" });
      await place.locator("button[value=pay]").click();
      await page.waitForURL("**/sandbox/cashier/**");
      await page.locator("button[value=pay_silently]").click();
      await page.waitForURL("**/i/int_*");
      await page.getByRole("heading", { name: "Thank you" }).waitFor();
      assert.deepEqual(opened.complaints, []);
      await opened.close();
      await booksAreRight();
    });
  });
}

describe("the page of the form", () => {
  test("keeps everything typed and says what is wrong beside its field", async () => {
    const subject = await article(await person("林小雨", "writer"));
    const opened = await context(browser, await person("Amelia"), {
      javaScriptEnabled: false,
      mayFail: true,
    });
    const page = await opened.newPage();
    await page.goto(`${subject.url}/praise`);
    await page.locator("main input[value=custom]").check({ force: true });
    await page.locator("main input[name=amount]").fill("201");
    await page.locator("main textarea[name=note]").fill("<b>你好</b>");
    await page.locator("main button[value=review]").click();
    await page.waitForLoadState();
    const text = await page.locator("main").innerText();
    assert.match(text, /largest praise is ¥200\.00/);
    assert.equal(await page.locator("main input[name=amount]").inputValue(), "201");
    assert.equal(await page.locator("main textarea[name=note]").inputValue(), "<b>你好</b>");
    await opened.close();
  });

  test("leads through the sign-in and back to what was typed when the session has ended", async () => {
    const subject = await article(await person("林小雨", "writer"));
    const reader = await person("Amelia");
    const opened = await context(browser, reader, { javaScriptEnabled: false });
    const page = await opened.newPage();
    await page.goto(`${subject.url}/praise`);
    await page.locator("main input[value='500']").check({ force: true });
    await page.locator("main textarea[name=note]").fill("留着这句话");
    await page.locator("main input[name=visibility][value=writer]").check();
    await opened.clearCookies();
    await page.locator("main button[value=review]").click();
    await page.waitForURL("**/sign-in?**");
    await page.locator("button", { hasText: "Amelia" }).first().click();
    await page.waitForURL("**/praise?**");
    assert.equal(await page.locator("main textarea[name=note]").inputValue(), "留着这句话");
    assert.ok(await page.locator("main input[value='500']").isChecked());
    await opened.close();
  });
});

describe("the sheet", () => {
  test("opens in place once the client is live, and gives the focus back", async () => {
    const subject = await article(await person("林小雨", "writer"));
    const opened = await context(browser, await person("Amelia"));
    const page = await opened.newPage();
    await page.goto(subject.url);
    await live(page);
    const address = page.url();
    await page.locator("#praise-link").click();
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    assert.equal(page.url(), address);
    const pay = dialog.locator("button[value=pay]");
    assert.ok(await pay.isDisabled(), "nothing is chosen and yet it can be paid");
    assert.equal(await dialog.locator("input[type=radio]:checked").count(), 0);

    await dialog.locator("input[name=preset][value='500']").check({ force: true });
    assert.ok(await pay.isDisabled(), "nobody has said who may see it");
    await dialog.locator("input[name=visibility][value=public]").check();
    assert.ok(await pay.isEnabled());
    await dialog.getByText("Give ¥5.00 to 林小雨").waitFor();

    await dialog.locator("input[name=amount]").fill("201");
    await dialog.locator("input[name=amount]").blur();
    assert.ok(await pay.isDisabled());
    await dialog.getByText("¥200").first().waitFor();

    await dialog.locator("textarea[name=note]").fill("好👨‍👩‍👧");
    await dialog.getByText("2/140").waitFor();
    await dialog.locator("textarea[name=note]").fill("好".repeat(141));
    assert.ok(await pay.isDisabled());

    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" }).catch(() => {});
    assert.equal(await page.locator("dialog[open]").count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "praise-link");
    assert.deepEqual(opened.complaints, []);
    await opened.close();
  });

  test("is a plain link for a tap that comes before the client", async () => {
    const subject = await article(await person("林小雨", "writer"));
    const opened = await context(browser, await person("Amelia"), { mayFail: true });
    await opened.route("**/assets/reader-*", (route) => route.abort());
    const page = await opened.newPage();
    await page.goto(subject.url);
    await page.locator("#praise-link").click();
    await page.waitForURL("**/praise");
    await page.locator("main form input[name=amount]").waitFor();
    await opened.close();
  });

  test("sends one intent for two quick presses, and keeps what was typed on the way back", async () => {
    const reader = await person("Amelia");
    const subject = await article(await person("林小雨", "writer"));
    const opened = await context(browser, reader);
    const page = await opened.newPage();
    await page.goto(subject.url);
    await live(page);
    const place = await fill(page, true, { amount: "3", note: "再来", visibility: "public" });
    await place.locator("button[value=pay]").dblclick({ noWaitAfter: true });
    await page.waitForURL("**/sandbox/cashier/**");
    await page.goBack();
    await page.locator("#praise-link").waitFor();
    assert.equal(await page.locator("dialog input[name=amount]").inputValue(), "3");
    assert.equal(await page.locator("dialog textarea[name=note]").inputValue(), "再来");

    await page.goto(`${base}/me`);
    const open = await page.locator("main a[href^='/i/int_']").evaluateAll(
      (links) => new Set(links.map((link) => link.getAttribute("href"))).size,
    );
    assert.equal(open, 1, "two presses made more than one intent");
    assert.deepEqual(opened.complaints, []);
    await opened.close();
    await booksAreRight();
  });

  test("is a card in the middle of a desktop", async () => {
    const subject = await article(await person("林小雨", "writer"));
    const opened = await context(browser, await person("Amelia"), {
      viewport: { width: 1280, height: 900 },
    });
    const page = await opened.newPage();
    await page.goto(subject.url);
    await live(page);
    await page.locator("#praise-link").click();
    const box = await page.locator("dialog[open]").boundingBox();
    assert.ok(box.x > 200 && box.x + box.width < 1080, JSON.stringify(box));
    assert.ok(Math.abs(box.x + box.width / 2 - 640) < 12, JSON.stringify(box));
    await page.screenshot({ path: `${screenshots}sheet-desktop.png` });
    await opened.close();
  });
});
