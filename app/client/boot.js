// Brings a page's islands to life, when there is time for it: once the page is painted and idle,
// or as soon as somebody reaches for the praise button. A tap before that follows the plain link.
// And asks again for a page that waits for something, and for the form when its sheet opens. On an
// article the client also moves on in place to the next one.
(() => {
  const { reader, wasm, navigation } = document.currentScript.dataset;
  const hurry = ["pointerdown", "focusin"];

  let started = false;
  async function start() {
    if (started) return;
    started = true;
    for (const kind of hurry) removeEventListener(kind, reach, true);
    try {
      // Both at once: the script alone would ask for the module only after it has arrived.
      // Without the router links are links; the sheet does not need it.
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
      // The links and forms of the page go on working without it.
      console.warn("The page stays without its client:", error);
    }
  }

  function reach(event) {
    if (event.target.closest?.("[data-needs-client]")) start();
  }

  function whenIdle() {
    if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: 2000 });
    else setTimeout(start, 200);
  }

  /** A page of this site as it is now, where there is one. */
  async function fresh(address) {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok ? page : undefined;
  }

  // Puts what is in one element in place of what is in another, around the place that speaks: what
  // changes within that is read out, and what comes as a whole is not.
  function put(old, fresh) {
    const speaker = ({ children }) =>
      [...children].find((e) => e.matches("[role=status]") || e.querySelector("[role=status]"));
    const [was, now] = [speaker(old), speaker(fresh)];
    if (!was || !now) return old.replaceChildren(...fresh.childNodes);
    const around = [...fresh.childNodes];
    const place = around.indexOf(now);
    for (const node of [...old.childNodes]) if (node !== was) node.remove();
    // With what it says of itself: that an attempt has ended, say.
    for (const { name, value } of now.attributes) was.setAttribute(name, value);
    was.before(...around.slice(0, place));
    was.after(...around.slice(place + 1));
    put(was, now);
  }

  // The page is fetched again and its content put in place of the old one, so that neither scroll
  // nor focus is lost while nothing has changed.
  async function askAgain() {
    const main = document.getElementById("main");
    if (!document.hidden) {
      try {
        const page = await fresh(location.href);
        const news = page?.getElementById("main");
        if (news && news.innerHTML !== main.innerHTML) {
          document.title = page.title;
          const held = main.contains(document.activeElement);
          put(main, news);
          // Whoever stood on something that is no longer there stands before what came.
          if (held && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
          if (!news.dataset.askAgainS) return;
        }
      } catch {
        // No network: the next time may have one.
      }
    }
    setTimeout(askAgain, main.dataset.askAgainS * 1000);
  }
  const waiting = document.querySelector("[data-ask-again-s]");
  if (waiting) setTimeout(askAgain, waiting.dataset.askAgainS * 1000);

  // What has happened since the sheet was rendered, in another tab say: the page version knows which
  // payment is still open and what the reader's limits leave, and the sheet says so too.
  let asked = 0;
  async function askAboutSheet() {
    const sheet = document.getElementById("praise-sheet");
    const form = sheet.querySelector("[data-currency]");
    const offer = form.querySelector(".sheet-offer");
    const turn = ++asked;
    try {
      const page = await fresh(form.action);
      // Overtaken by a later question.
      if (turn !== asked) return;
      const now = page?.querySelector(`form[action="${form.getAttribute("action")}"]`);
      // Nobody is signed in any more.
      if (!now) return offer.replaceChildren();
      // Only what is new is read out, and whoever stands on it stays there.
      const open = [...page.querySelectorAll(".open-intents")];
      if (open.map((one) => one.outerHTML).join("") !== offer.innerHTML) {
        // The sheet stays as high as it is: it would grow under a finger.
        if (sheet.open) sheet.style.blockSize = `${sheet.getBoundingClientRect().height}px`;
        const held = offer.contains(document.activeElement);
        offer.replaceChildren(...open);
        lay();
        if (held) sheet.querySelector("#sheet-title").focus();
      }
      form.querySelector("#sheet-amount-hint").textContent =
        page.getElementById("form-amount-hint").textContent;
      for (const name of ["room", "left", "waiting"]) form.dataset[name] = now.dataset[name] ?? "";
      form.dispatchEvent(new Event("change"));
    } catch {
      // No network: the server judges what is sent.
    }
  }
  /** The offer lies over the end of what is shown, unless it would hide too much of it. */
  function lay() {
    const offer = document.querySelector(".sheet-offer");
    if (!offer) return;
    const shown = Math.min(offer.parentElement.clientHeight, innerHeight);
    const over = offer.classList.toggle("over", offer.offsetHeight * 5 < shown * 2);
    // Whatever gets the focus is not under it.
    offer.parentElement.style.scrollPaddingBlockEnd = over ? `${offer.offsetHeight}px` : "";
  }
  function letGrow() {
    document.getElementById("praise-sheet")?.style.removeProperty("block-size");
    lay();
  }
  addEventListener("close", letGrow, true);
  addEventListener("resize", letGrow);
  // Where the sheet is low, what is asked next is below what is seen of it: once an amount is tapped
  // it comes up. Whoever goes from amount to amount with the keys stays where they are.
  addEventListener("change", ({ target }) => {
    if (target.name !== "preset" || target.value === "custom" || target.matches(":focus-visible")) {
      return;
    }
    const next = target.closest("#praise-sheet") && target.form.elements.visibility;
    if (!next || next.value) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = still ? "instant" : "smooth";
    next[0].closest("fieldset").scrollIntoView({ block: "nearest", behavior });
  });
  addEventListener("click", (event) => {
    // The sheet is open: the island has kept the link from being followed.
    if (event.defaultPrevented && event.target.closest?.("[data-needs-client]")) askAboutSheet();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && document.querySelector("#praise-sheet[open]")) askAboutSheet();
  });

  // An entry of the history that was another article's, in a page that was loaded again since:
  // until the client can show it, the server does.
  const shown = location.pathname + location.search;
  addEventListener("popstate", () => {
    const live = "live" in document.documentElement.dataset;
    if (!live && location.pathname + location.search !== shown) location.reload();
  });

  // Nothing to bring to life: nothing to load.
  if (navigation || document.querySelector("leptos-island")) {
    for (const kind of hurry) addEventListener(kind, reach, true);
    if (document.readyState === "complete") whenIdle();
    else addEventListener("load", whenIdle, { once: true });
  }
})();
