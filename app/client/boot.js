// Loads the client bundle and hydrates the islands of a page: once the page is painted and idle, or
// as soon as somebody reaches for the praise button. Until then the button is a plain link. It also
// fetches pages again that wait for something, and updates the praise sheet whenever it opens.
(() => {
  const { reader, wasm, navigation } = document.currentScript.dataset;
  const OPENER = "[data-opens-sheet]";
  const EARLY_EVENTS = ["pointerdown", "focusin"];

  // The only sinks that may turn a string into HTML: DOMParser for a page that `fetchPage` loads,
  // innerHTML for an article that opens in place. With Trusted Types, the browser blocks all others,
  // and all sinks for scripts.
  const SINKS = ["DOMParser parseFromString", "Element innerHTML"];
  globalThis.trustedTypes?.createPolicy("default", {
    createHTML: (html, _type, sink) => (SINKS.includes(sink) ? html : null),
  });

  let started = false;
  async function start() {
    if (started) return;
    started = true;
    for (const kind of EARLY_EVENTS) removeEventListener(kind, startEarly, true);
    try {
      // All at once: the script alone would request the module only after it has arrived itself.
      // If navigation.js fails to load, links stay plain links and the sheet still works.
      const parts = [import(reader), fetch(wasm), navigation && import(navigation).catch(() => {})];
      const [client, module_or_path, router] = await Promise.all(parts);
      await client.default({ module_or_path });
      client.hydrate();
      for (const island of document.querySelectorAll("leptos-island")) {
        client[island.dataset.component]?.(island);
      }
      router?.start(client);
      document.documentElement.dataset.live = "";
    } catch (error) {
      // The page's links and forms work without the client.
      console.warn("The page stays without its client:", error);
    }
  }

  function startEarly(event) {
    if (event.target.closest?.(OPENER)) start();
  }

  function startWhenIdle() {
    if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: 2000 });
    else setTimeout(start, 200);
  }

  /** Fetches a page of this site. Returns its document, or `undefined` for an error status. */
  async function fetchPage(address) {
    const response = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return response.ok ? page : undefined;
  }

  // Replaces the content of one element by that of another, but keeps the live region in the page
  // and updates it in place: screen readers announce changes within a live region, and stay silent
  // when a whole region is inserted.
  function replaceContent(old, fresh) {
    const liveRegion = ({ children }) =>
      [...children].find((e) => e.matches("[role=status]") || e.querySelector("[role=status]"));
    const [oldRegion, newRegion] = [liveRegion(old), liveRegion(fresh)];
    if (!oldRegion || !newRegion) return old.replaceChildren(...fresh.childNodes);
    const nodes = [...fresh.childNodes];
    const at = nodes.indexOf(newRegion);
    for (const node of [...old.childNodes]) if (node !== oldRegion) node.remove();
    // Attributes carry data too: that an intent has ended, for example.
    for (const { name, value } of newRegion.attributes) oldRegion.setAttribute(name, value);
    oldRegion.before(...nodes.slice(0, at));
    oldRegion.after(...nodes.slice(at + 1));
    replaceContent(oldRegion, newRegion);
  }

  // Fetches the page again and replaces the content only if it has changed, so that scroll position
  // and focus are kept while nothing happens.
  async function refresh() {
    const main = document.getElementById("main");
    if (!document.hidden) {
      try {
        const page = await fetchPage(location.href);
        const fresh = page?.getElementById("main");
        if (fresh && fresh.innerHTML !== main.innerHTML) {
          document.title = page.title;
          const hadFocus = main.contains(document.activeElement);
          replaceContent(main, fresh);
          // The focused element is gone: move the focus to the start of the new content.
          if (hadFocus && !main.contains(document.activeElement)) {
            main.focus({ preventScroll: true });
          }
          if (!fresh.dataset.refreshS) return;
        }
      } catch {
        // No network. Try again next time.
      }
    }
    setTimeout(refresh, main.dataset.refreshS * 1000);
  }
  const refreshing = document.querySelector("[data-refresh-s]");
  if (refreshing) setTimeout(refresh, refreshing.dataset.refreshS * 1000);

  // Much may have happened since the sheet was rendered, in another tab for example. The form's
  // page knows which payments are open and what the reader's limits leave: copy both to the sheet.
  let latestUpdate = 0;
  async function updateSheet() {
    const sheet = document.getElementById("praise-sheet");
    const form = sheet.querySelector("[data-currency]");
    const place = form.querySelector(".sheet-open-intents");
    const update = ++latestUpdate;
    try {
      const page = await fetchPage(form.action);
      // A later update has started in the meantime.
      if (update !== latestUpdate) return;
      const pageForm = page?.querySelector(`form[action="${form.getAttribute("action")}"]`);
      // The reader is no longer signed in.
      if (!pageForm) return place.replaceChildren();
      // Unchanged content is not announced again and keeps its focus.
      const open = [...page.querySelectorAll(".open-intents")];
      if (open.map((section) => section.outerHTML).join("") !== place.innerHTML) {
        // Fix the height of the sheet: it must not grow under a finger.
        if (sheet.open) sheet.style.blockSize = `${sheet.getBoundingClientRect().height}px`;
        const hadFocus = place.contains(document.activeElement);
        place.replaceChildren(...open);
        layOutOpenIntents();
        if (hadFocus) sheet.querySelector("#sheet-title").focus();
      }
      form.querySelector("#sheet-amount-hint").textContent =
        page.getElementById("form-amount-hint").textContent;
      for (const name of ["room", "left", "waiting"]) {
        form.dataset[name] = pageForm.dataset[name] ?? "";
      }
      form.dispatchEvent(new Event("change"));
    } catch {
      // No network. The server checks the form when it is submitted.
    }
  }

  /** Makes the open payments stick to the bottom of the fields, unless they would cover 40 % or
   * more of what is visible there. */
  function layOutOpenIntents() {
    const place = document.querySelector(".sheet-open-intents");
    if (!place) return;
    const visible = Math.min(place.parentElement.clientHeight, innerHeight);
    const sticky = place.classList.toggle("sticky", place.offsetHeight * 5 < visible * 2);
    // A focused field is scrolled into view above them.
    place.parentElement.style.scrollPaddingBlockEnd = sticky ? `${place.offsetHeight}px` : "";
  }
  function resetSheetHeight() {
    document.getElementById("praise-sheet")?.style.removeProperty("block-size");
    layOutOpenIntents();
  }
  addEventListener("close", resetSheetHeight, true);
  addEventListener("resize", resetSheetHeight);

  // In a low sheet the next question is below the visible part, so a tap on an amount scrolls it
  // into view. Readers who choose with the keyboard are not moved.
  addEventListener("change", ({ target }) => {
    if (target.name !== "preset" || target.value === "custom" || target.matches(":focus-visible")) {
      return;
    }
    const next = target.closest("#praise-sheet") && target.form.elements.visibility;
    if (!next || next.value) return;
    const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = reducedMotion ? "instant" : "smooth";
    next[0].closest("fieldset").scrollIntoView({ block: "nearest", behavior });
  });
  addEventListener("click", (event) => {
    // The island has prevented the link, so the sheet is open.
    if (event.defaultPrevented && event.target.closest?.(OPENER)) updateSheet();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && document.querySelector("#praise-sheet[open]")) updateSheet();
  });

  // A history entry may belong to another article that navigation.js showed before this document
  // was loaded again. Until the client can show it, reload the page.
  const shown = location.pathname + location.search;
  addEventListener("popstate", () => {
    const live = "live" in document.documentElement.dataset;
    if (!live && location.pathname + location.search !== shown) location.reload();
  });

  // A page without islands needs no client.
  if (navigation || document.querySelector("leptos-island")) {
    for (const kind of EARLY_EVENTS) addEventListener(kind, startEarly, true);
    if (document.readyState === "complete") startWhenIdle();
    else addEventListener("load", startWhenIdle, { once: true });
  }
})();
