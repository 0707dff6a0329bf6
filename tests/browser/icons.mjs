// Draws the icons in public/ from their SVG files. Run `cargo xtask icons` after changing one.

import { writeFileSync } from "node:fs";

// The icons need no server, but the browser module requires its address.
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
