// What every browser test stands on: a browser, a signed-in context, people and articles of its
// own, and a watch over what a page must never do.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

export const base = process.env.PRAISE_BASE_URL?.replace(/\/$/, "");
assert.ok(base, "PRAISE_BASE_URL is not set: run `cargo xtask test --only browser`");

const executablePath = process.env.PRAISE_CHROMIUM ?? "/usr/bin/chromium";
assert.ok(existsSync(executablePath), `there is no Chromium at ${executablePath}`);

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };

export const screenshots = new URL("../../target/screenshots/", import.meta.url).pathname;
mkdirSync(screenshots, { recursive: true });

// Without these, Chromium asks the network for things of its own.
const args = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
if (process.getuid?.() === 0) args.push("--no-sandbox");

export const launch = () => chromium.launch({ executablePath, args });

/** Calls the sandbox's control API. */
export async function control(path, body) {
  const answer = await fetch(`${base}/sandbox/api/${path}`, {
    method: body ? "POST" : "GET",
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

/** Asks for the self-check; every test that writes ends with it. */
export async function booksAreRight() {
  assert.deepEqual((await control("self-check")).violations, []);
}

/** Somebody new, with a session. */
export async function person(name, role = "reader") {
  const login = `browser-${randomUUID()}`;
  const made = await control("people", { login, name, role });
  return { login, name, session: made.session };
}

/** An official account of this writer with one article. */
export async function article(writer, { currency = "CNY", title, lang = "zh-Hans" } = {}) {
  const handle = `b${randomUUID().slice(0, 12).replaceAll("-", "")}`;
  await control("accounts", {
    login: writer.login,
    handle,
    name: writer.name,
    currency,
    ask: "如果喜欢，可以请我喝杯茶。",
    thanks: "谢谢你读到最后。",
  });
  const answer = await fetch(`${base}/api/v1/studio/articles`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: `praise_session=${writer.session}` },
    body: JSON.stringify({
      account: handle,
      title: title ?? `雨后 ${randomUUID().slice(0, 8)}`,
      lang,
      markdown: "雨停了，屋檐还在滴水。\n\n## 一\n\n慢慢地，街上有了人声。",
    }),
  });
  const published = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(published));
  return { ...published, handle, url: base + published.path };
}

/**
 * A context of this person, watched: no errors in the console, no violation of the content policy,
 * no request to anybody else. `context.complaints` has to be empty at the end.
 */
export async function context(browser, reader, options = {}) {
  const opened = await browser.newContext({
    viewport: PHONE,
    locale: "en",
    ...options,
  });
  if (reader) {
    await opened.addCookies([{ name: "praise_session", value: reader.session, url: base }]);
  }
  const complaints = [];
  opened.on("console", (message) => {
    if (message.type() === "error" && !options.mayFail) complaints.push(message.text());
  });
  opened.on("weberror", (error) => complaints.push(String(error.error())));
  opened.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== base && url.protocol.startsWith("http")) {
      complaints.push(`a request to ${url.origin}`);
    }
  });
  opened.complaints = complaints;
  return opened;
}

/** Waits until the page's client is live. */
export const live = (page) => page.waitForSelector("html[data-live]", { timeout: 15_000 });
