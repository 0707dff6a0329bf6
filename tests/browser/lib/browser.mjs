// A browser, and visitors that record every unexpected error, request and dialog.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { BASE } from "./control.mjs";

/** Sizes of a phone and of a desktop window. */
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

const LONG = process.env.PRAISE_LONG !== undefined;
/**
 * The languages and colour schemes in which every page is checked: each of both once, and in a
 * long run every pair.
 */
export const LOOKS = LONG
  ? ["en", "zh-Hans"].flatMap((lang) => ["light", "dark"].map((scheme) => ({ lang, scheme })))
  : [{ lang: "en", scheme: "light" }, { lang: "zh-Hans", scheme: "dark" }];
/** The same with sizes. In a short run every pair of a language, a scheme and a size is there. */
export const SIZED_LOOKS = ["en", "zh-Hans"].flatMap((lang, l) =>
  ["light", "dark"].flatMap((scheme, s) =>
    [PHONE, DESKTOP]
      .filter((_, size) => LONG || (l + s + size) % 2 === 0)
      .map((size) => ({ lang, scheme, size })),
  ),
);

const SCREENSHOTS = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));
const LOCALES = { en: "en-GB", "zh-Hans": "zh-CN" };

const CHROMIUM = {
  executablePath: process.env.PRAISE_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** Starts Chromium. With `keepsPages` its back/forward cache is enabled, which Playwright turns
 * off. */
export function launch({ keepsPages = false } = {}) {
  const ignoreDefaultArgs = keepsPages ? ["--disable-back-forward-cache"] : [];
  return chromium.launch({ ...CHROMIUM, ignoreDefaultArgs });
}

/** Starts Chromium with a profile folder instead of a private window. */
export const launchWithProfile = (folder) => chromium.launchPersistentContext(folder, CHROMIUM);

/** A visitor with a new browser context: no cookies, nothing cached. */
export class Visitor {
  /** Unexpected events: errors, violations, requests to other sites. */
  faults = [];
  /** Parts of messages that this test causes on purpose. */
  expected = [];

  static async open(browser, { scripts = true, size = PHONE, lang = "en", scheme = "light" } = {}) {
    const visitor = new Visitor();
    const phone = size.width < 600;
    visitor.context = await browser.newContext({
      baseURL: BASE,
      javaScriptEnabled: scripts,
      viewport: size,
      isMobile: phone,
      hasTouch: phone,
      locale: LOCALES[lang],
      colorScheme: scheme,
      serviceWorkers: "block",
    });
    visitor.context.setDefaultTimeout(15_000);
    visitor.scripts = scripts;
    visitor.lang = lang;
    visitor.kind = `${phone ? "phone" : "desktop"}-${scheme}-${lang}`;
    visitor.#watch();
    visitor.page = await visitor.context.newPage();
    return visitor;
  }

  #watch() {
    const note = (what) => this.faults.push(what);
    // Violations of the Content-Security-Policy are console errors.
    this.context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        note(`console: ${message.text()} (${message.location().url})`);
      }
    });
    this.context.on("weberror", (error) => note(`script: ${error.error()}`));
    this.context.on("dialog", (dialog) => {
      note(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    this.context.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "data:" && origin !== BASE) note(`request to ${request.url()}`);
    });
    this.context.on("response", (response) => {
      if (response.status() >= 500) note(`${response.status()} from ${response.url()}`);
    });
  }

  /** Ends the visit and asserts that nothing unexpected happened. */
  async leave() {
    await this.context.close();
    const unexpected = this.faults.filter(
      (fault) => !this.expected.some((part) => fault.includes(part)),
    );
    assert.deepEqual(unexpected, []);
  }

  /** Signs a person in without the sign-in page. */
  async signIn(person) {
    const cookie = { name: "praise_session", value: person.session, url: BASE };
    await this.context.addCookies([cookie]);
  }

  /** Chooses a person on the sign-in page. */
  async choose({ login }) {
    await this.page.locator(`form:has(input[value='${login}']) button.person`).click();
  }

  /** Opens a path of the site. */
  async go(path) {
    await this.page.goto(path, { waitUntil: "load" });
  }

  /** Waits until the page's client runs. */
  async live() {
    await this.page.locator("html[data-live]").waitFor({ state: "attached" });
  }

  /** The page's main heading. */
  async heading() {
    return (await this.page.locator("h1").first().innerText()).trim();
  }

  /** Saves a screenshot of the page. */
  async picture(name) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const path = `${SCREENSHOTS}${this.kind}-${name}.png`;
    await this.page.screenshot({ path, fullPage: true, animations: "disabled" });
  }

  /** Asserts that axe finds no violation on the page in its current state. */
  async accessible(what) {
    // Run through the debugger, to which the Content-Security-Policy does not apply.
    await this.page.evaluate(`${axe.source};0`);
    const { violations } = await this.page.evaluate(() =>
      globalThis.axe.run(document, {
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }),
    );
    const found = violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(" | ")}`,
    );
    assert.deepEqual(found, [], `${what}, ${this.kind}`);
  }

  /** Asserts that every control is large enough to tap. */
  async touchable(what) {
    const small = await this.page.evaluate((finger) => {
      const shown = document.querySelector("dialog[open]") ?? document;
      const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
      const found = [];
      for (const control of shown.querySelectorAll(controls)) {
        // A link in a text is as high as its line; the skip link is shown only when focused.
        if (!control.checkVisibility() || control.closest(".prose") || control.matches(".skip")) {
          continue;
        }
        const { width, height } = (control.closest("label") ?? control).getBoundingClientRect();
        if (Math.min(width, height) < finger) found.push(`${control.outerHTML} ${width}×${height}`);
      }
      return found;
    }, 43.9);
    assert.deepEqual(small, [], `${what}, ${this.kind}`);
  }

  /** Asserts that the page needs no horizontal scrolling. */
  async fits(what) {
    const { wide, screen, beyond } = await this.page.evaluate(() => {
      const screen = document.documentElement.clientWidth;
      const beyond = [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > screen + 1)
        .map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
      return { wide: document.documentElement.scrollWidth, screen, beyond: beyond.slice(0, 8) };
    });
    const where = `${what}, ${this.kind}: ${wide} px on a screen of ${screen}`;
    assert.ok(wide <= screen, `${where}: ${beyond.join(", ")}`);
  }
}
