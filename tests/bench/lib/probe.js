// Runs in the page before the page's own scripts, and records when things happen. The debugger
// injects it, so the Content-Security-Policy does not apply.

(() => {
  const probe = (globalThis.probe = { paint: 0, shift: 0 });

  // Keep the last entry, which is the largest. The browser stops reporting at the first touch.
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) probe.paint = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) {
      if (!hadRecentInput) probe.shift += value;
    }
  }).observe({ type: "layout-shift", buffered: true });

  const when = (happened, options) =>
    new Promise((resolve) => {
      const look = () => {
        if (!happened()) return;
        observer.disconnect();
        resolve(performance.now());
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, ...options });
      look();
    });

  /** The time from which a tap on Praise opens the sheet in place. */
  const live = () => document.documentElement?.hasAttribute("data-live");
  probe.live = when(live, { attributeFilter: ["data-live"] });

  /** Measures from the end of the touch until the frame with its effect is on the screen. */
  probe.untilShown = (happened) => {
    let lifted;
    const note = ({ timeStamp }) => (lifted = timeStamp);
    addEventListener("touchend", note, { capture: true, passive: true, once: true });
    const done = when(happened, { childList: true, attributes: true, characterData: true });
    const frame = () => new Promise(requestAnimationFrame);
    probe.shown = done.then(frame).then(frame).then(() => performance.now() - lifted);
  };
  probe.sheetIsOpen = () => document.getElementById("praise-sheet")?.open === true;
  probe.canPay = () => document.querySelector("#praise-sheet [value=pay]")?.disabled === false;

  /** The paint times, and the bytes by kind. */
  probe.summary = () => {
    const bytes = { page: 0, code: 0, other: 0 };
    const [document_] = performance.getEntriesByType("navigation");
    for (const entry of [document_, ...performance.getEntriesByType("resource")]) {
      const path = new URL(entry.name).pathname;
      const code = /\.(js|wasm)$/.test(path);
      const page = entry === document_ || path.endsWith(".css");
      bytes[code ? "code" : page ? "page" : "other"] += entry.encodedBodySize;
    }
    const [first] = performance.getEntriesByName("first-contentful-paint");
    return { bytes, first_paint: first.startTime, largest_paint: probe.paint };
  };
})();
