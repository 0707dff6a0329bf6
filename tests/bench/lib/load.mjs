// Measures one load of a page with an empty cache on a slow phone: from the navigation until a
// praise can be paid.

import { readFileSync } from "node:fs";
import { PHONE } from "../../browser/lib/browser.mjs";

const PROBE = readFileSync(new URL("probe.js", import.meta.url), "utf8");
const PATIENCE_MS = 30_000;
/** The pause before each tap, in which animations end and the processor becomes idle. */
const PAUSE_MS = 400;

/** Loads `url` with the cookie `session` on a device like `profile`. Returns the measurements. */
export const load = (browser, visit) =>
  visited(browser, visit, async (page, device) => {
    const live = await promised(page, () => globalThis.probe.live);
    await page.waitForLoadState("networkidle");
    const before = await page.evaluate(() => globalThis.probe.summary());
    const open = await tapped(page, device, "#praise-link", "sheetIsOpen", PAUSE_MS);
    await tap(page, device, "#praise-sheet label:has([name=visibility])", PAUSE_MS);
    await page.waitForTimeout(PAUSE_MS);
    const amount = "#praise-sheet label:has([name=preset])";
    const choose = await tapped(page, device, amount, "canPay", PAUSE_MS);
    const line = await page.locator("#praise-sheet .confirm").innerText();
    if (!line.startsWith("Give ")) throw new Error(`unexpected confirm line: ${line}`);
    const shift = await page.evaluate(() => globalThis.probe.shift);
    return { ...before, live, open, choose, shift };
  });

/** Asserts that a tap opens the sheet in place as soon as the page reports that it can. */
export const tapSoon = (browser, visit) =>
  visited(browser, visit, async (page, device) => {
    await promised(page, () => globalThis.probe.live);
    await tapped(page, device, "#praise-link", "sheetIsOpen", 0);
  });

async function visited(browser, { url, session, profile }, work) {
  const context = await browser.newContext({
    viewport: PHONE,
    isMobile: true,
    hasTouch: true,
    locale: "en-GB",
    serviceWorkers: "block",
  });
  const faults = [];
  try {
    context.setDefaultTimeout(PATIENCE_MS);
    const { origin } = new URL(url);
    await context.addCookies([{ name: "praise_session", value: session, url: origin }]);
    const page = await context.newPage();
    note(page, faults);
    const device = await slowed(context, page, profile);
    await page.addInitScript(PROBE);
    await page.goto(url, { waitUntil: "commit" });
    const result = await work(page, device);
    if (page.url() !== url) faults.push(`a tap led to ${page.url()}`);
    if (faults.length > 0) throw new Error("unexpected errors:");
    return result;
  } catch (error) {
    // Add the errors of the page, which are probably the cause.
    throw new Error(`${url}: ${error.message} ${faults.join("; ")}`, { cause: error });
  } finally {
    await context.close();
  }
}

async function slowed(context, page, { megabits, latency_ms, slowdown }) {
  const device = await context.newCDPSession(page);
  const throughput = (megabits * 1_000_000) / 8;
  await device.send("Network.enable");
  await device.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: latency_ms,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
  await device.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return device;
}

/** Records unexpected errors and warnings. */
function note(page, faults) {
  page.on("pageerror", (error) => faults.push(`script: ${error}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
}

/** Taps an element and waits for the effect. Returns the time until it was on the screen. */
async function tapped(page, device, selector, happened, pause) {
  await page.evaluate((happened) => {
    globalThis.probe.untilShown(globalThis.probe[happened]);
  }, happened);
  await tap(page, device, selector, pause);
  return promised(page, () => globalThis.probe.shown);
}

/** Taps an element with real touch events. */
async function tap(page, device, selector, pause) {
  const { x, y } = await page.locator(selector).first().evaluate((element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  await page.waitForTimeout(pause);
  await device.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
  await device.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** Waits for a promise in the page, for at most PATIENCE_MS. */
function promised(page, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out: ${promise}`)), PATIENCE_MS);
  });
  return Promise.race([page.evaluate(promise), late]).finally(() => clearTimeout(timer));
}
