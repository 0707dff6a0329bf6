// Installing the site: a manifest that browsers accept, and icons that match their SVG files.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Visitor, launchWithProfile } from "./lib/browser.mjs";
import { BASE } from "./lib/control.mjs";
import { ICONS, PUBLIC, compare, draw } from "./lib/icons.mjs";
import { browser, setup } from "./lib/setup.mjs";

setup();

test("browsers offer to install the site", async () => {
  // Tests usually open private windows, in which nothing can be installed.
  const profile = mkdtempSync(join(tmpdir(), "praise-profile-"));
  const context = await launchWithProfile(profile);
  try {
    const page = await context.newPage();
    await page.goto(BASE);
    const debug = await context.newCDPSession(page);
    const { url, errors, data } = await debug.send("Page.getAppManifest");
    assert.equal(url, `${BASE}/manifest.webmanifest`);
    assert.deepEqual(errors, []);
    assert.equal(JSON.parse(data).scope, "/");
    assert.equal((await debug.send("Page.getAppId")).appId, `${BASE}/`);
    const { installabilityErrors } = await debug.send("Page.getInstallabilityErrors");
    assert.deepEqual(installabilityErrors, []);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});

test("everything that the manifest names exists with the stated type and size", async () => {
  const head = await (await fetch(BASE)).text();
  assert.ok(head.includes('<link rel="manifest" href="/manifest.webmanifest">'), head);
  assert.ok(head.includes('<link rel="apple-touch-icon" href="/apple-touch-icon.png">'), head);
  const response = await fetch(`${BASE}/manifest.webmanifest`);
  const kind = (response) => response.headers.get("Content-Type").split(";")[0];
  assert.equal(kind(response), "application/manifest+json");
  const manifest = await response.json();
  for (const member of ["id", "name", "short_name", "description", "lang", "scope", "start_url"]) {
    assert.ok(manifest[member], `the manifest has no ${member}`);
  }
  const pngs = manifest.icons.filter((icon) => icon.type === "image/png");
  const has = (size, purpose) =>
    pngs.some((icon) => icon.sizes === `${size}x${size}` && icon.purpose === purpose);
  assert.ok(has(192) && has(512) && has(512, "maskable"), JSON.stringify(manifest.icons));
  const icons = [...manifest.icons, { src: "/apple-touch-icon.png", type: "image/png" }];
  for (const { src, type } of [...icons, { src: "/manifest.webmanifest", type: kind(response) }]) {
    const file = await fetch(BASE + src);
    assert.equal(file.status, 200, src);
    assert.equal(kind(file), type, src);
    assert.equal(file.headers.get("Cache-Control"), "public, max-age=86400", src);
    assert.equal(file.headers.get("X-Content-Type-Options"), "nosniff", src);
  }
});

test("the icons match the SVG files that they are drawn from", async () => {
  const visitor = await Visitor.open(browser);
  for (const icon of ICONS) {
    const kept = readFileSync(PUBLIC + icon.file);
    const { sizes, most } = await compare(visitor.page, kept, await draw(visitor.page, icon));
    assert.equal(sizes[0], `${icon.size}x${icon.size}`, icon.file);
    assert.ok(most <= 24, `${icon.file} is not ${icon.from} any more: run \`cargo xtask icons\``);
  }
  // The comparison does detect different icons.
  const [first, second] = ["favicon.svg", "icon-maskable.svg"].map((from) => ({ from, size: 64 }));
  const [one, other] = [await draw(visitor.page, first), await draw(visitor.page, second)];
  assert.ok((await compare(visitor.page, one, other)).most > 24);
  await visitor.leave();
});
