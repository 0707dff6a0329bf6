// Every page in both languages and both colour schemes: axe finds nothing, nothing overflows, and
// a screenshot is kept for people to look at.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import {
  DESKTOP,
  PHONE,
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

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser, reader, writer, subject, intents;

before(async () => {
  browser = await launch();
  writer = await person("林小雨", "writer");
  reader = await person("Amelia");
  subject = await article(writer, { title: "雨后的街" });
  intents = {};
  for (const [name, deed] of [
    ["paid", "pay"],
    ["declined", "decline"],
    ["waiting", "leave"],
  ]) {
    const headers = {
      "content-type": "application/json",
      "idempotency-key": `looks-${name}-${subject.id}`,
      cookie: `praise_session=${reader.session}`,
    };
    const started = await fetch(`${base}/api/v1/articles/${encodeURIComponent(subject.slug)}/praises`, {
      method: "POST",
      headers,
      body: JSON.stringify({
        amount: { minor: 18_800, currency: "CNY" },
        visibility: "public",
        note: "读了三遍。街上的人声我好像也听见了。",
      }),
    }).then((answer) => answer.json());
    intents[name] = `/i/${started.intent.id}`;
    await fetch(base + started.payment.url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `action=${deed}`,
      redirect: "manual",
    });
  }
  await control("clock", { advance_s: 601 });
});
after(() => browser?.close());

const pages = () => [
  ["home", "/", reader],
  ["article", subject.path, reader],
  ["form", `${subject.path}/praise`, reader],
  ["account", `/@${subject.handle}`, reader],
  ["paid", intents.paid, reader],
  ["declined", intents.declined, reader],
  ["waiting", intents.waiting, reader],
  ["me", "/me", reader],
  ["sign-in", "/sign-in", null],
  ["studio", "/studio", writer],
  ["tokens", "/studio/tokens", writer],
  ["not-found", "/a/nothing-here", null],
];

for (const locale of ["zh-CN", "en"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every page is accessible: ${locale}, ${colorScheme}`, async () => {
      for (const [name, path, viewer] of pages()) {
        const opened = await context(browser, viewer, { locale, colorScheme, mayFail: true, bypassCSP: true });
        const page = await opened.newPage();
        await page.goto(base + path);
        const lang = await page.locator("html").getAttribute("lang");
        assert.equal(lang, locale === "en" ? "en" : "zh-Hans", `${name}: lang`);
        await page.screenshot({
          path: `${screenshots}${name}-phone-${locale}-${colorScheme}.png`,
          fullPage: true,
        });
        if (name === "article") {
          await live(page);
          await page.locator("#praise-link").click();
          await page.locator("dialog[open]").waitFor();
          await page.screenshot({ path: `${screenshots}sheet-phone-${locale}-${colorScheme}.png` });
          await check(page, `sheet ${locale} ${colorScheme}`);
          await page.keyboard.press("Escape");
        }
        await check(page, `${name} ${locale} ${colorScheme}`);
        await opened.close();
      }
    });
  }
}

/** The content policy lets no foreign script in, so these contexts go without it. */
async function check(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" | ")}`);
  assert.deepEqual(found, [], name);
}

test("nothing overflows sideways, from 320 px with large text to a desktop", async () => {
  for (const viewport of [{ width: 320, height: 700 }, PHONE, DESKTOP]) {
    for (const [name, path, viewer] of pages()) {
      const opened = await context(browser, viewer, { viewport, locale: "zh-CN", mayFail: true });
      const page = await opened.newPage();
      await page.goto(base + path);
      if (viewport.width === 320) {
        await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
      }
      const [wide, room] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(wide <= room, `${name} at ${viewport.width} px: ${wide} > ${room}`);
      if (viewport === DESKTOP) {
        await page.screenshot({ path: `${screenshots}${name}-desktop.png`, fullPage: true });
      }
      await opened.close();
    }
  }
  await booksAreRight();
});
