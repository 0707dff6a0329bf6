// One load of a page by somebody who was never here, on a slow phone, measured from the tap on the
// link to it until a praise could be paid.

import { readFileSync } from "node:fs";
import { PHONE } from "../../browser/lib/browser.mjs";

const PROBE = readFileSync(new URL("probe.js", import.meta.url), "utf8");
const PATIENCE_MS = 30_000;
/** Between what happens and the next tap: animations end, the processor has nothing to do. */
const PAUSE_MS = 400;

/** Loads `url` as the reader of `session` on a device like `profile`. */
export async function load(browser, { url, session, profile }) {
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
    await context.addCookies([{ name: "praise_session", value: session, url: new URL("/", url).href }]);
    const page = await context.newPage();
    note(page, faults);
    const device = await slowed(context, page, profile);
    await page.addInitScript(PROBE);
    await page.goto(url, { waitUntil: "load" });
    const live = await promised(page, () => globalThis.probe.live);
    await page.waitForLoadState("networkidle");
    const before = await page.evaluate(() => globalThis.probe.summary());

    const open = await tapped(page, device, "#praise-link", "sheetIsOpen");
    await tap(page, device, "#praise-sheet label:has([name=visibility])");
    await page.waitForTimeout(PAUSE_MS);
    const choose = await tapped(page, device, "#praise-sheet label:has([name=preset])", "canPay");
    const line = await page.locator("#praise-sheet .confirm").innerText();
    const shift = await page.evaluate(() => globalThis.probe.shift);
    if (page.url() !== url) faults.push(`a tap led to ${page.url()}`);
    if (!line.startsWith("Give ")) faults.push(`the line says: ${line}`);
    if (faults.length > 0) throw new Error("not what a reader should see:");
    return { ...before, live, open, choose, shift };
  } catch (error) {
    // What the page said before is why.
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

/** Notes what should not have happened. */
function note(page, faults) {
  page.on("pageerror", (error) => faults.push(`script: ${error}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
}

/** Taps on something and waits until that has happened; how long it took to be on the screen. */
async function tapped(page, device, selector, happened) {
  await page.evaluate((happened) => {
    globalThis.probe.untilShown(globalThis.probe[happened]);
  }, happened);
  await tap(page, device, selector);
  return promised(page, () => globalThis.probe.shown);
}

/** A finger on the screen, which the browser takes for what it is. */
async function tap(page, device, selector) {
  const { x, y } = await page.locator(selector).first().evaluate((element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  await page.waitForTimeout(PAUSE_MS);
  await device.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
  await device.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** The value of a promise in the page, which must come within the patience. */
function promised(page, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came of: ${promise}`)), PATIENCE_MS);
  });
  return Promise.race([page.evaluate(promise), late]).finally(() => clearTimeout(timer));
}
