// The wall: 24 names, then more behind a link that works with and without scripts. Anonymous
// readers are only counted, and no amount is shown anywhere.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, Visitor } from "./lib/browser.mjs";
import { BASE, atCashier, person, start, writer } from "./lib/control.mjs";
import { MODES } from "./lib/reader.mjs";
import { author, browser, setup } from "./lib/setup.mjs";
import { WORDS } from "./lib/words.mjs";

const PAGE = 24;
const PUBLIC = 27;
const HIDDEN = ["anonymous", "writer", "anonymous"];
/** The amount that everybody gave; no other number on the page is equal to it. */
const MINOR = 13_717;
const AMOUNTS = ["13717", "137.17", "137,17"];

const LONG = "The path was soft, and nobody was in a hurry.\n\n".repeat(60);
setup({
  writer: "Ann",
  article: { markdown: LONG },
  async prepare() {
    const give = async (name, visibility) => {
      const reader = await person(name);
      await atCashier(await start(reader, author.path, MINOR, "CNY", undefined, visibility), "pay");
    };
    for (const visibility of HIDDEN) await give("Nobody’s Business", visibility);
    for (let n = 1; n <= PUBLIC; n++) await give(`Reader ${n}`, "public");
  },
});

const newestFirst = (from, to) =>
  Array.from({ length: from - to + 1 }, (_, n) => `Reader ${from - n}`);

for (const mode of MODES) {
  test(`24 names, then the rest, ${mode.name}`, async () => {
    const words = WORDS[mode.lang];
    const visitor = await Visitor.open(browser, mode);
    const { page } = visitor;
    const names = page.locator("ul.wall li:not(.unnamed) .name");
    const folded = page.locator("ul.wall .unnamed");
    const nothingSaid = async () => {
      const html = await page.content();
      for (const amount of AMOUNTS) assert.ok(!html.includes(amount), `${amount} is told`);
      assert.ok(!html.includes("Nobody’s Business"), "an anonymous reader is named");
    };
    await visitor.go(author.path);
    if (mode.scripts) await visitor.live();
    assert.equal(await page.locator("h2.count").innerText(), words.count(PUBLIC + HIDDEN.length));
    assert.deepEqual(await names.allInnerTexts(), newestFirst(PUBLIC, PUBLIC - PAGE + 1));
    assert.equal(await folded.count(), 1);
    assert.equal(await folded.locator(".tile").innerText(), `+${HIDDEN.length}`);
    await nothingSaid();
    // All tiles have the same size.
    const sizes = await page.locator("ul.wall .tile").evaluateAll((tiles) =>
      tiles.map((tile) => `${tile.offsetWidth}×${tile.offsetHeight}`),
    );
    assert.equal(new Set(sizes).size, 1, sizes.join(" "));

    await page.locator(".more a[href*='wall=']").click();
    await page.waitForURL("**wall=*");
    assert.deepEqual(await names.allInnerTexts(), newestFirst(PUBLIC - PAGE, 1));
    assert.equal(await folded.count(), 0, "counted a second time");
    await nothingSaid();
    // The page shows the wall, not the beginning of the article.
    const top = await page.locator("#praise").evaluate((wall) => wall.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < PHONE.height / 2, `the wall begins ${top} px down`);
    await page.locator(".more a").first().click();
    await page.waitForURL((url) => !url.search);
    assert.equal(await names.count(), PAGE);
    await visitor.leave();
  });
}

test("no public answer has an amount", async () => {
  const slug = author.path.replace("/a/", "");
  const paths = [
    "/",
    author.path,
    `/@${author.handle}`,
    "/api/v1/articles",
    `/api/v1/articles/${slug}`,
    `/api/v1/articles/${slug}?with=wall,others`,
    `/api/v1/articles/${slug}/praises`,
  ];
  for (const path of paths) {
    const answer = await fetch(BASE + path);
    assert.equal(answer.status, 200, path);
    const text = await answer.text();
    for (const amount of AMOUNTS) assert.ok(!text.includes(amount), `${amount} is in ${path}`);
  }
});
