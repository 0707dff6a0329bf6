// In-place navigation: from one article to the next and back without a new document, and offline
// for articles that were read before. Without the client, links work as links.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE, Visitor } from "./lib/browser.mjs";
import { BASE, atCashier, openAttempts, person, publish, start, writer } from "./lib/control.mjs";
import { author, browser, setup } from "./lib/setup.mjs";
import { WORDS } from "./lib/words.mjs";

const LONG = `${"The path was soft, and nobody was in a hurry.\n\n".repeat(60)}`;

let first, second, chinese;
setup({
  writer: "Ann",
  article: { markdown: LONG },
  async prepare() {
    first = { path: author.path, title: author.title };
    const more = (article) => publish(author, { account: author.handle, ...article });
    second = { title: "A walk <b>by</b> night & “rain”" };
    second.path = (await more({ title: second.title, markdown: `${LONG}\n\n## The end` })).path;
    chinese = { title: "雨停之后" };
    chinese.path = (await more({ title: chinese.title, lang: "zh-Hans", markdown: "走走。" })).path;
    const started = await start(await person("Zoe"), second.path, 777);
    await atCashier(started, "pay");
  },
});

/** A visitor on the first article, with a marker that a new document would not have. */
async function reading({ who, path = first.path, ...options } = {}) {
  const visitor = await Visitor.open(browser, options);
  if (who) await visitor.signIn(who);
  await visitor.go(path);
  if (options.scripts !== false) await visitor.live();
  const { page } = visitor;
  if (options.scripts !== false) await page.evaluate(() => (globalThis.sameDocument = true));
  return {
    visitor,
    page,
    same: () => page.evaluate(() => globalThis.sameDocument === true),
    /** Taps the link to an article and waits for its heading. */
    tap: async ({ path, title }) => {
      await page.locator(`.others a[href="${path}"]`).click();
      await shows(page, title);
    },
    said: page.locator(".notice"),
  };
}

const shows = (page, title) =>
  page.waitForFunction((title) => document.querySelector("h1")?.textContent === title, title);

const scrolledTo = (page, y) =>
  page.waitForFunction((y) => Math.abs(scrollY - y) < 2 && history.state?.y === scrollY, y);

/** Whether an article is cached. */
const isKept = (page, { path }) =>
  page.waitForFunction(
    async (path) => (await caches.match(`/api/v1/articles/${path}?with=wall,others`)) !== undefined,
    path.replace("/a/", ""),
  );

test("a tap shows the next article in the same document", async () => {
  for (const size of [PHONE, DESKTOP]) {
    const { visitor, page, same, tap } = await reading({ size });
    const asked = [];
    page.on("request", (request) => {
      if (request.resourceType() !== "other") asked.push(new URL(request.url()).pathname);
    });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await tap(second);
    assert.ok(await same());
    assert.equal(new URL(page.url()).pathname, second.path);
    assert.equal(await page.title(), `${second.title} · Praise`);
    assert.equal(await page.evaluate(() => scrollY), 0);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
    assert.deepEqual(asked, [`/api/v1/articles/${second.path.replace("/a/", "")}`]);
    await visitor.leave();
  }
});

test("the article is the same as the server renders it", async () => {
  const who = await person("Ben");
  for (const lang of ["en", "zh-Hans"]) {
    for (const reader of [who, undefined]) {
      const { visitor, page, tap } = await reading({ who: reader, lang });
      // Without what differs in every rendering: the key and the hydration markers.
      const content = () =>
        page.evaluate(() => {
          const around = [
            "title",
            'meta[name="description"]',
            'meta[property="og:title"]',
            'meta[property="og:url"]',
          ];
          const main = document.getElementById("main").cloneNode(true);
          for (const field of main.querySelectorAll("[name=key]")) field.setAttribute("value", "");
          for (const h1 of main.querySelectorAll("h1")) h1.removeAttribute("tabindex");
          for (const live of main.querySelectorAll("leptos-island")) {
            live.replaceWith(...live.childNodes);
          }
          const comments = document.createTreeWalker(main, NodeFilter.SHOW_COMMENT);
          const markers = [];
          while (comments.nextNode()) markers.push(comments.currentNode);
          for (const marker of markers) marker.remove();
          main.normalize();
          // The order of attributes is irrelevant.
          const written = (node) =>
            node.nodeType === Node.TEXT_NODE
              ? node.data
              : {
                  [node.tagName]: [...node.attributes].map((a) => `${a.name}=${a.value}`).sort(),
                  in: [...node.childNodes].map(written),
                };
          return {
            main: written(main),
            head: around.map((selector) => document.querySelector(selector).outerHTML),
            lang: document.documentElement.lang,
            back: [...document.querySelectorAll("input[name=return]")].map(({ value }) => value),
            signIn: document.querySelector('a[href^="/sign-in"]')?.getAttribute("href"),
          };
        });
      await tap(second);
      const moved = await content();
      await page.reload({ waitUntil: "load" });
      await visitor.live();
      assert.deepEqual(moved, await content());
      await visitor.leave();
    }
  }
});

test("back and forward restore each article and its scroll position", async () => {
  const { visitor, page, same } = await reading();
  await page.evaluate(() => scrollTo(0, 1234));
  await scrolledTo(page, 1234);
  // A real tap would scroll the link into view first.
  const follow = async ({ path, title }) => {
    await page.locator(`.others a[href="${path}"]`).evaluate((link) => link.click());
    await shows(page, title);
  };
  await follow(second);
  await page.evaluate(() => scrollTo(0, 777));
  await scrolledTo(page, 777);
  await follow(chinese);
  await page.goBack();
  await shows(page, second.title);
  await scrolledTo(page, 777);
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("href"));
  assert.equal(await focused(), chinese.path, "the focus is on the followed link");
  await page.goBack();
  await shows(page, first.title);
  await scrolledTo(page, 1234);
  assert.equal(new URL(page.url()).pathname, first.path);
  assert.equal(await page.title(), `${first.title} · Praise`);
  await page.goForward();
  await shows(page, second.title);
  assert.ok(await same());
  await visitor.leave();
});

test("a history entry works after its document is gone", async () => {
  const { visitor, page, tap } = await reading();
  await tap(second);
  await page.reload({ waitUntil: "load" });
  await visitor.live();
  await page.goBack();
  await shows(page, first.title);
  assert.equal(new URL(page.url()).pathname, first.path);
  await page.goForward();
  await shows(page, second.title);
  await tap(first);
  // The account's page is a new document; going back from it leads here.
  await page.locator(".article-head a.account").click();
  await page.waitForURL("**/@*");
  await page.goBack();
  await shows(page, first.title);
  await visitor.live();
  await page.goBack();
  await shows(page, second.title);
  await visitor.leave();
});

test("a tap that requests a new tab opens one", async () => {
  const { visitor, page, same } = await reading({ size: DESKTOP });
  const [tab] = await Promise.all([
    visitor.context.waitForEvent("page"),
    page.locator(`.others a[href="${second.path}"]`).click({ modifiers: ["ControlOrMeta"] }),
  ]);
  await tab.waitForURL(`**${second.path}`);
  assert.equal(await visitor.heading(), first.title);
  assert.ok(await same());
  await visitor.leave();
});

test("links to other pages are not intercepted", async () => {
  const { visitor, page, same } = await reading();
  await page.locator("#praise-link").click();
  await page.waitForURL("**/sign-in?return=*");
  assert.ok(!(await same()));
  await visitor.leave();
});

test("without scripts a link works as a link", async () => {
  const { visitor, page } = await reading({ scripts: false });
  await page.locator(`.others a[href="${second.path}"]`).click();
  await page.waitForURL(`**${second.path}`);
  assert.equal(await visitor.heading(), second.title);
  await visitor.leave();
});

test("after an unusable answer the link is followed normally", async () => {
  for (const [answer, expected] of [
    [{ status: 404, body: "{}" }, ["404"]],
    [{ status: 200, body: "<html>" }, []],
    [{ status: 200, body: '{"title":"half an article"}' }, []],
  ]) {
    const { visitor, page, same } = await reading();
    visitor.expected.push(...expected);
    await page.route(`**/api/v1/articles/**`, (route) => route.fulfill(answer));
    await page.locator(`.others a[href="${second.path}"]`).click();
    await page.waitForFunction(() => !globalThis.sameDocument);
    await shows(page, second.title);
    assert.ok(!(await same()));
    await visitor.leave();
  }
});

test("an article that was read before opens offline", async () => {
  const { visitor, page, same, tap, said } = await reading();
  visitor.expected.push("ERR_INTERNET_DISCONNECTED");
  await isKept(page, first);
  await tap(second);
  await isKept(page, second);
  assert.equal(await said.innerText(), "");
  await visitor.context.setOffline(true);
  await tap(first);
  assert.ok(await same());
  assert.equal(
    await said.innerText(),
    "No connection. This is the version you read last time.",
  );
  await visitor.accessible("an article without a network");
  // This one was never read: the link and the current article stay.
  const unread = page.locator(`.others a[href="${chinese.path}"]`);
  await unread.click();
  await page.waitForFunction(
    () => document.querySelector(".notice").textContent.includes("Go online to open"),
  );
  assert.equal(await visitor.heading(), first.title);
  assert.equal(new URL(page.url()).pathname, first.path);
  await visitor.context.setOffline(false);
  await unread.click();
  await shows(page, chinese.title);
  assert.equal(await said.innerText(), "");
  await visitor.leave();
});

test("a cached article is shown when the network does not answer", async () => {
  const { visitor, page, same, tap, said } = await reading();
  await isKept(page, first);
  await tap(second);
  await page.route(`**/api/v1/articles/**`, () => {});
  await page.locator(`.others a[href="${first.path}"]`).click();
  await page.locator("html[data-navigating]").waitFor({ state: "attached" });
  assert.equal(await visitor.heading(), second.title);
  await shows(page, first.title);
  await page.locator("html:not([data-navigating])").waitFor({ state: "attached" });
  assert.match(await said.innerText(), /^No connection/);
  assert.ok(await same());
  await visitor.leave();
});

test("the last tap counts", async () => {
  const { visitor, page, same } = await reading();
  let late;
  await page.route(`**/api/v1/articles/${second.path.replace("/a/", "")}?*`, (route) => {
    late = route;
  });
  await page.locator(`.others a[href="${second.path}"]`).click();
  await page.locator(`.others a[href="${chinese.path}"]`).click();
  await shows(page, chinese.title);
  const [answered] = await Promise.all([
    page.waitForResponse(`**/api/v1/articles/${second.path.replace("/a/", "")}?*`),
    late.continue(),
  ]);
  await answered.finished();
  await isKept(page, second);
  assert.equal(await visitor.heading(), chinese.title);
  assert.equal(new URL(page.url()).pathname, chinese.path);
  assert.ok(await same());
  await visitor.leave();
});

test("nothing personal and no amount is cached", async () => {
  const who = await person("Ben Private");
  const { visitor, page, tap } = await reading({ who });
  await tap(second);
  await isKept(page, second);
  const kept = await page.evaluate(async () => {
    const cache = await caches.open("articles");
    const all = await cache.matchAll();
    return (await Promise.all(all.map((answer) => answer.text()))).join("\n");
  });
  assert.ok(kept.includes("Zoe"), "the wall is kept");
  for (const secret of ["Ben Private", who.session, "777", "7.77"]) {
    assert.ok(!kept.includes(secret), `${secret} is kept`);
  }
  await visitor.leave();
});

test("the sheet of the next article works", async () => {
  const other = await writer("Cora", { currency: "USD" });
  const link = `[on to Cora](${BASE}${other.path})`;
  const mixed = await publish(author, { account: author.handle, title: "Onward", markdown: link });
  const who = await person("Ben");
  const { visitor, page, same } = await reading({ who, path: mixed.path });
  await page.locator(".prose a").click();
  await shows(page, other.title);
  assert.ok(await same());
  const sheet = page.locator("dialog#praise-sheet");
  const [pay, line] = [sheet.locator("button[value=pay]"), sheet.locator("[role=status]")];
  await page.locator("#praise-link").click();
  await sheet.waitFor();
  assert.equal(await line.innerText(), "Choose an amount.");
  assert.ok(await pay.isDisabled());
  await sheet.locator("#sheet-amount").fill("30.01");
  await sheet.locator("#sheet-amount").blur();
  assert.equal(await line.innerText(), "The largest praise is $30.00.");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "praise-link");
  await page.locator("#praise-link").click();
  await sheet.locator("#sheet-amount").fill("8.88");
  await sheet.locator("#sheet-note").fill("moved on");
  await sheet.locator("input[value=public]").check();
  assert.equal(await line.innerText(), WORDS.en.give("$8.88", other.account));
  await visitor.accessible("the sheet after moving on");
  await pay.click();
  await page.waitForURL("**/sandbox/cashier/*");
  assert.equal(await page.locator(".total").innerText(), "$8.88");
  assert.equal(await openAttempts(who), 1);
  await visitor.leave();
});

test("each sheet has its own key", async () => {
  const { visitor, page, tap } = await reading({ who: await person("Ben") });
  const keys = [];
  for (const article of [second, first, second]) {
    await tap(article);
    keys.push(await page.locator("#praise-sheet [name=key]").inputValue());
  }
  assert.equal(new Set(keys).size, 3);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
  await visitor.leave();
});

test("an article after in-place navigation is accessible and fits", async () => {
  for (const lang of ["en", "zh-Hans"]) {
    const { visitor, page, tap } = await reading({ lang, who: await person("Ben") });
    await tap(chinese);
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
    assert.equal(await page.locator("article").getAttribute("lang"), "zh-Hans");
    await visitor.accessible("an article moved on to");
    await visitor.fits("an article moved on to");
    await visitor.leave();
  }
});
