// One load of a page by somebody who was never here, on a slow phone, measured from the tap on the
// link to it until a praise could be paid.

import { readFileSync } from "node:fs";
import { PHONE } from "../../browser/lib/browser.mjs";

const PROBE = readFileSync(new URL("probe.js", import.meta.url), "utf8");
const PATIENCE_MS = 30_000;
/** Between what happens and the next tap: animations end, the processor has nothing to do. */
const PAUSE_MS = 400;

/** A load of `url` as the reader of `session` on a device like `profile`, measured. */
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
    if (!line.startsWith("Give ")) throw new Error(`the line says: ${line}`);
    const shift = await page.evaluate(() => globalThis.probe.shift);
    return { ...before, live, open, choose, shift };
  });

/** Fails unless a tap opens the sheet in place as soon as the page says so. */
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
    if (faults.length > 0) throw new Error("not what a reader should see:");
    return result;
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
async function tapped(page, device, selector, happened, pause) {
  await page.evaluate((happened) => {
    globalThis.probe.untilShown(globalThis.probe[happened]);
  }, happened);
  await tap(page, device, selector, pause);
  return promised(page, () => globalThis.probe.shown);
}

/** A finger on the screen, which the browser takes for what it is. */
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

/** The value of a promise in the page, which must come within the patience. */
function promised(page, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came of: ${promise}`)), PATIENCE_MS);
  });
  return Promise.race([page.evaluate(promise), late]).finally(() => clearTimeout(timer));
}
