// Draws the icons of public/ from their pictures: `cargo xtask icons` runs it after a picture has
// changed.

import { writeFileSync } from "node:fs";

// The icons need no server, but whoever opens a browser here is asked for one.
process.env.PRAISE_BASE_URL ??= "http://localhost";
const { launch } = await import("./lib/browser.mjs");
const { ICONS, PUBLIC, draw } = await import("./lib/icons.mjs");

const browser = await launch();
const page = await browser.newPage();
for (const icon of ICONS) {
  const png = await draw(page, icon);
  writeFileSync(PUBLIC + icon.file, png);
  console.log(`public/${icon.file}: ${icon.size} × ${icon.size}, ${png.length} bytes`);
}
await browser.close();
