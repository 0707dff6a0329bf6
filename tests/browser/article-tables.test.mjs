// How a writer's Markdown is displayed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Visitor } from "./lib/browser.mjs";
import { writer } from "./lib/control.mjs";
import { browser, setup } from "./lib/setup.mjs";

setup();

test("the columns of a table are aligned as the writer specified", async () => {
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
