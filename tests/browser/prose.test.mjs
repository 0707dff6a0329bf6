// What a writer's Markdown looks like in the end.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, launch } from "./lib/browser.mjs";
import { checkBooks, writer } from "./lib/control.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
  await checkBooks();
});

test("the columns of a table stand where the writer wants them", async () => {
  const table = "| plain | left | middle | right |\n| --- | :-- | :-: | --: |\n| 1 | 2 | 3 | 4 |\n";
  const markdown = `What there was:\n\n${table}`;
  const author = await writer("Ann", { article: { markdown } });
  const visitor = await Visitor.open(browser, { scripts: false });
  await visitor.go(author.path);
  for (const row of ["thead th", "tbody td"]) {
    const cells = visitor.page.locator(`.prose ${row}`);
    const aligned = await cells.evaluateAll((cells) =>
      cells.map((cell) => getComputedStyle(cell).textAlign),
    );
    assert.deepEqual(aligned, ["start", "start", "center", "end"], row);
  }
  await visitor.leave();
});
