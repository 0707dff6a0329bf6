// Every screen, in both languages and both colour schemes: accessible, fitting on the smallest
// phone, and saved as a screenshot.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, LOOKS, PHONE, Visitor } from "./lib/browser.mjs";
import { advance, atCashier, person, publish, start, writer } from "./lib/control.mjs";
import { browser, setup } from "./lib/setup.mjs";

let scene;

/** Creates the data that the screens show. */
async function prepareData() {
  const author = await writer("林小雨", { article: { title: "雨停之后，河边走走", lang: "zh-Hans" } });
  const plain = await publish(author, {
    account: author.handle,
    title: "After the rain, a walk by the river",
    markdown: `${"The path was soft, and nobody was in a hurry. ".repeat(12)}\n\n${MARKDOWN}`,
  });
  const reader = await person("Ben");
  for (const [name, minor, note] of [
    ["阿力", 500, "写得真好，继续写。"],
    ["Amelia", 1000, "I read this twice."],
    ["周文", 888, undefined],
  ]) {
    await atCashier(await start(await person(name), plain.path, minor, "CNY", note), "pay");
  }
  const paid = await start(reader, plain.path, 888, "CNY", "谢谢你 — thank you.");
  await atCashier(paid, "pay");
  await advance(10 * 60 + 1);
  const declined = await start(reader, plain.path, 500, "CNY", "Perhaps tomorrow.");
  await atCashier(declined, "decline");
  await atCashier(await start(await person("Gwen"), plain.path, 200), "pay");
  const waiting = await start(reader, plain.path, 2000, "CNY", "A moment, please.");
  return { author, plain, reader, paid, declined, waiting };
}

const MARKDOWN = `## Along the bank

- one heron
- two boats, one of them [for sale](https://example.com/boat)

> Nobody was in a hurry, least of all the river.

\`\`\`
left = bank - right
\`\`\`

| what | how many |
| --- | --- |
| herons | 1 |
| boats | 2 |
`;

setup({
  async prepare() {
    scene = await prepareData();
  },
});

/** The screens: a name, the signed-in person, the path, and what is done there first. */
function screens({ author, plain, reader, paid, declined, waiting }) {
  const fill = async ({ page }) => {
    await page.locator("label:has(input[value=custom])").click();
    await page.locator("#form-amount").fill("8.88");
    await page.locator("#form-note").fill("谢谢你 — thank you.");
    await page.locator("input[value=public]").check();
  };
  const review = async (visitor) => {
    await fill(visitor);
    await visitor.page.locator("button[value=review]").click();
    await visitor.page.locator(".give").first().waitFor();
  };
  const wrong = async (visitor) => {
    visitor.expected.push("422");
    await visitor.page.locator("label:has(input[value=custom])").click();
    await visitor.page.locator("#form-amount").fill("201");
    await visitor.page.locator("button[value=review]").click();
    await visitor.page.locator(".refusal").first().waitFor();
  };
  const sheet = async (visitor) => {
    await visitor.live();
    const { page } = visitor;
    await page.locator("#praise-link").click();
    await page.locator("#sheet-amount").fill("8.88");
    await page.locator("#sheet-note").fill("谢谢你");
    await page.locator("dialog input[value=public]").check();
  };
  const missing = async (visitor) => visitor.expected.push("404");
  return [
    { name: "home", path: "/" },
    { name: "article", path: plain.path },
    { name: "account", path: `/@${author.handle}` },
    { name: "sign-in", path: "/sign-in" },
    { name: "not-found", path: "/a/nothing-here", first: missing },
    { name: "problem-entry", path: "/problems/rule.reader_day_cap" },
    { name: "sheet", who: reader, path: plain.path, then: sheet },
    { name: "form", who: reader, path: `${plain.path}/praise`, then: fill },
    { name: "form-wrong", who: reader, path: `${plain.path}/praise`, then: wrong },
    { name: "review", who: reader, path: `${plain.path}/praise`, then: review },
    { name: "cashier", who: reader, path: waiting.payment.url },
    { name: "result-paid", who: reader, path: `/i/${paid.intent.id}` },
    { name: "result-declined", who: reader, path: `/i/${declined.intent.id}` },
    { name: "result-waiting", who: reader, path: `/i/${waiting.intent.id}` },
    { name: "me", who: reader, path: "/me" },
    { name: "studio", who: author, path: "/studio" },
    { name: "studio-tokens", who: author, path: "/studio/tokens" },
  ];
}

/** Opens each screen as its person and calls `look`; reports every screen that fails. */
async function eachScreen(options, look) {
  const wrong = [];
  for (const screen of screens(scene)) {
    const visitor = await Visitor.open(browser, options);
    try {
      if (screen.who) await visitor.signIn(screen.who);
      await screen.first?.(visitor);
      await visitor.go(screen.path);
      await screen.then?.(visitor);
      await look(visitor, screen.name);
    } catch (error) {
      wrong.push(`${screen.name}: ${error.message}`);
    }
    await visitor.leave().catch((error) => wrong.push(`${screen.name}: ${error.message}`));
  }
  assert.equal(wrong.length, 0, wrong.join("\n"));
}

for (const { lang, scheme } of LOOKS) {
  test(`every screen is accessible on a phone, ${lang}, ${scheme}`, async () => {
    await eachScreen({ size: PHONE, lang, scheme }, async (visitor, name) => {
      assert.equal(await visitor.page.locator("html").getAttribute("lang"), lang);
      await visitor.picture(name);
      await visitor.fits(name);
      await visitor.touchable(name);
      await visitor.accessible(name);
    });
  });

  test(`every screen on a desktop, ${lang}, ${scheme}`, async () => {
    await eachScreen({ size: DESKTOP, lang, scheme }, async (visitor, name) => {
      await visitor.picture(name);
      await visitor.fits(name);
    });
  });
}

test("nothing is cut off on the smallest phone, even with text twice as large", async () => {
  for (const lang of ["en", "zh-Hans"]) {
    await eachScreen({ size: { width: 320, height: 640 }, lang }, async (visitor, name) => {
      await visitor.fits(`${name} at 320 px`);
      await visitor.page.evaluate(() => {
        document.documentElement.style.fontSize = "200%";
      });
      await visitor.fits(`${name} at 320 px with text of 200 %`);
    });
  }
});

test("scripts in an article do not run", async () => {
  const author = await writer("Mallory", {
    article: {
      title: "<img src=x onerror=alert(1)>",
      markdown: [
        "Before.",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
        "[click](javascript:alert(1))",
        "![pixel](https://evil.example/pixel.gif)",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<style>@import url(https://evil.example/x.css);</style>",
        "After.",
      ].join("\n\n"),
    },
  });
  const visitor = await Visitor.open(browser);
  await visitor.signIn(await person("Ben"));
  await visitor.go(author.path);
  await visitor.live();
  const text = await visitor.page.locator(".prose").innerText();
  assert.ok(text.startsWith("Before.") && text.endsWith("After."), text);
  for (const link of await visitor.page.locator(".prose a").all()) {
    assert.ok(!(await link.getAttribute("href")).startsWith("javascript:"));
  }
  await visitor.leave();
});
