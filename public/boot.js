// Brings a page's islands to life, when there is time for it: once the page is painted and idle,
// or as soon as somebody reaches for the praise button. A tap before that follows the plain link.
// And asks again for a page that waits for something. On an article the client also moves on in
// place to the next one.
(() => {
  const { reader, wasm, moving } = document.currentScript.dataset;
  const hurry = ["pointerdown", "focusin"];

  let started = false;
  async function start() {
    if (started) return;
    started = true;
    for (const kind of hurry) removeEventListener(kind, reach, true);
    try {
      // Both at once: the script alone would ask for the module only after it has arrived.
      // Without the router links are links; the sheet does not need it.
      const parts = [import(reader), fetch(wasm), moving && import(moving).catch(() => {})];
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

  // The page is fetched again and its content put in place of the old one, so that neither scroll
  // nor focus is lost while nothing has changed.
  async function askAgain() {
    const main = document.getElementById("main");
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const news = answer.ok && page.getElementById("main");
        if (news && news.innerHTML !== main.innerHTML) {
          document.title = page.title;
          main.replaceChildren(...news.childNodes);
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

  // An entry of the history that was another article's, in a page that was loaded again since:
  // until the client can show it, the server does.
  const shown = location.pathname + location.search;
  addEventListener("popstate", () => {
    const live = "live" in document.documentElement.dataset;
    if (!live && location.pathname + location.search !== shown) location.reload();
  });

  // Nothing to bring to life: nothing to load.
  if (moving || document.querySelector("leptos-island")) {
    for (const kind of hurry) addEventListener(kind, reach, true);
    if (document.readyState === "complete") whenIdle();
    else addEventListener("load", whenIdle, { once: true });
  }
})();
