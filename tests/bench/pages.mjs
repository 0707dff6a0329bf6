// Loads the article's page with each client in turn, always in a new browser context.
// `cargo xtask bench pages` runs it: node pages.mjs CONFIG.json, with the Worker's address in
// PRAISE_BASE_URL. Prints `load {…}` for each load.

import { readFileSync } from "node:fs";
import { launch } from "../browser/lib/browser.mjs";
import { BASE } from "../browser/lib/control.mjs";
import { published, rendered } from "./lib/article.mjs";
import { Front } from "./lib/front.mjs";
import { load, tapSoon } from "./lib/load.mjs";

const { variants, loads, profile, render } = JSON.parse(readFileSync(process.argv[2], "utf8"));

const article = await published();
const hydrated = await rendered(BASE, article, render);
const fronts = [];
for (const { name, files, parts } of variants) {
  const read = Object.entries(files).map(([path, file]) => [path, readFileSync(file)]);
  const front = await Front.open({
    worker: BASE,
    article: article.path,
    name,
    files: Object.fromEntries(read),
    parts: { ...parts, ...hydrated },
  });
  fronts.push({ name, front, url: front.url + article.path });
}

const browser = await launch();
const { session } = article.reader;
const started = Date.now();
// This round warms up the Worker, the compressed files and the browser, and does not count.
for (const { url } of inTurn(0)) {
  await load(browser, { url, session, profile });
  await tapSoon(browser, { url, session, profile });
}
for (let round = 1; round <= loads; round++) {
  for (const { name, url } of inTurn(round)) {
    const measured = await load(browser, { url, session, profile });
    console.log(`load ${JSON.stringify({ variant: name, ...measured })}`);
  }
  console.log(`  round ${round} of ${loads}, ${Math.round((Date.now() - started) / 1000)} s`);
}

await browser.close();
for (const { front } of fronts) front.close();
console.log("loads-done");

/** Rotates the order, so that each variant comes first equally often, and reverses it in every
 * second round, so that each comes after different ones. */
function inTurn(round) {
  const turn = round % fronts.length;
  const order = [...fronts.slice(turn), ...fronts.slice(0, turn)];
  return round % 2 === 0 ? order : order.reverse();
}
