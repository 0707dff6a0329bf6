// Takes a screenshot of every page of the gallery, in both languages, on a phone and on a desktop,
// light and dark, and checks it with axe. Unless PRAISE_LONG is set, it takes only four of these
// eight screenshots. On a small phone with text at 200 % no page may need horizontal scrolling.
// Each page has to be valid HTML.
// `cargo xtask screens` runs it: node gallery.mjs FOLDER [NAME…]

import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

const [folder, ...names] = process.argv.slice(2);
const KINDS = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
  png: "image/png",
  webmanifest: "application/manifest+json",
};

const server = createServer((request, response) => {
  const path = normalize(decodeURI(new URL(request.url, "http://localhost").pathname));
  try {
    const body = readFileSync(join(folder, path));
    response.writeHead(200, { "Content-Type": KINDS[path.split(".").pop()] ?? "text/plain" });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
process.env.PRAISE_BASE_URL = `http://127.0.0.1:${server.address().port}`;
// Imported only now, because they read the server's address when they are loaded.
const { SIZED_LOOKS, Visitor, launch } = await import("./lib/browser.mjs");
const { valid } = await import("./lib/validity.mjs");

const pages = readdirSync(folder)
  .map((file) => /^(.+)\.(en|zh-Hans)\.html$/.exec(file))
  .filter((match) => match && (names.length === 0 || names.includes(match[1])))
  .map(([file, name, lang]) => ({ file, name, lang }));
if (pages.length === 0) {
  console.error(`no page is called ${names.join(" or ")}`);
  process.exit(2);
}

let wrong = 0;
let pictures = 0;
for (const { file } of pages) {
  try {
    await valid(readFileSync(join(folder, file), "utf8"), file);
  } catch (error) {
    wrong += 1;
    console.log(`✗ ${error.message}`);
  }
}

const browser = await launch();
const SMALL = { width: 320, height: 640 };
const inLook = async (look, check) => {
  const visitor = await Visitor.open(browser, look);
  const these = pages.filter((page) => page.lang === look.lang);
  for (const { file, name } of these) {
    try {
      await visitor.go(`/${file}`);
      await check(visitor, name);
    } catch (error) {
      wrong += 1;
      console.log(`✗ ${name} ${look.lang} ${visitor.kind}: ${error.message}`);
    }
  }
  console.log(`  ${visitor.kind}: ${these.length} pages`);
  await visitor.leave();
};
for (const look of SIZED_LOOKS) {
  await inLook(look, async (visitor, name) => {
    await visitor.picture(name);
    pictures += 1;
    await visitor.fits(name);
    await visitor.accessible(name);
  });
}
for (const lang of ["en", "zh-Hans"]) {
  await inLook({ size: SMALL, lang, scheme: "light" }, async (visitor, name) => {
    await visitor.page.addStyleTag({ content: "html { font-size: 200% }" });
    await visitor.fits(`${name} at 200 %`);
  });
}
await browser.close();
server.close();
console.log(`gallery-done ${pictures} ${wrong}`);
process.exit(wrong === 0 ? 0 : 1);
