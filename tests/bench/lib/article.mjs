// The article that every variant shows: of typical length, with a full first page of the wall, for
// a signed-in reader. It is created in the sandbox as in the browser tests.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { atCashier, person, publish, start, unique, writer } from "../../browser/lib/control.mjs";

const ESSAYS = ["the-22-47", "a-map-of-the-way-home"];
const OTHERS = ["repairs-on-thursdays", "a-small-handbook-for-sleeping-on-trains"];
const LENGTH = 8 * 1024;
const PRAISERS = 30;

/** Publishes the article and praises it. Returns its path and its reader. */
export async function published() {
  const markdown = ESSAYS.map((name) => essay(name).markdown).join("\n");
  const { title } = essay(ESSAYS[0]);
  const author = await writer("Nora Hale", { article: { title, markdown: upTo(markdown) } });
  for (const name of OTHERS) {
    await publish(author, { account: author.handle, ...essay(name) });
  }
  for (let count = 0; count < PRAISERS; count++) {
    const reader = await person(`Reader ${count + 1}`);
    await atCashier(await start(reader, author.path, 200, "CNY"), "pay");
  }
  return { path: author.path, reader: { name: "Amelia", ...(await person("Amelia")) } };
}

/** Renders the page of the hydrated app: `{main, data}`. */
export async function rendered(worker, { path, reader }, program) {
  const slug = path.replace("/a/", "");
  const answer = await fetch(`${worker}/api/v1/articles/${slug}?with=wall,others`);
  const article = await answer.json();
  const { wall, others } = article;
  const data = { lang: "en", name: reader.name, key: unique("key"), article, wall, others };
  return JSON.parse(execFileSync(program, { input: JSON.stringify(data), encoding: "utf8" }));
}

/** Title and text of one of the demo's essays. */
function essay(name) {
  const text = readFileSync(new URL(`../../../edge/demo/${name}.md`, import.meta.url), "utf8");
  const [, front, markdown] = /^---\n(.*?)\n---\n(.*)$/s.exec(text);
  return { title: /^title: (.*)$/m.exec(front)[1], markdown };
}

/** The paragraphs that fit into LENGTH. */
function upTo(markdown) {
  if (markdown.length < LENGTH) throw new Error("the essays are too short for this article");
  return markdown.slice(0, markdown.lastIndexOf("\n\n", LENGTH));
}
