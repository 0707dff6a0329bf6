// In-place navigation: a tap on the link to another article fetches it and shows it in this
// document. If anything goes wrong, the browser follows the link as usual. The last articles are
// cached and open again without a network.

const CACHED_ARTICLES_MAX = 30;
/** How long to wait for a fresh answer when there is a cached one. */
const FRESH_TIMEOUT_MS = 3000;
/** How long to wait before the progress bar is shown. */
const PROGRESS_DELAY_MS = 150;
/** How long scrolling must rest before its position is stored. */
const SCROLL_REST_MS = 100;

const root = document.documentElement;
const main = document.getElementById("main");
const slugOf = ({ origin, pathname, search }) =>
  (origin === location.origin && !search && /^\/a\/([^/]+)$/.exec(pathname)?.[1]) || undefined;

/** The last articles, newest last. Without the Cache API nothing is cached. */
const cache = {
  open: () => globalThis.caches?.open("articles"),

  async get(address) {
    try {
      return await (await (await cache.open())?.match(address))?.json();
    } catch {
      return undefined;
    }
  },

  async put(address, text) {
    try {
      const articles = await cache.open();
      if (!articles) return;
      await articles.delete(address);
      await articles.put(address, new Response(text));
      const all = await articles.keys();
      for (const request of all.slice(0, -CACHED_ARTICLES_MAX)) await articles.delete(request);
    } catch {
      // A full disk or a private window. Reading works without the cache.
    }
  },

  async delete(address) {
    try {
      await (await cache.open())?.delete(address);
    } catch {
      // As above.
    }
  },
};

/** The API's answers about articles. They are the same for every reader. */
const api = {
  address: (slug) => `/api/v1/articles/${slug}?with=wall,others`,

  async fetch(slug, priority = "auto") {
    const address = api.address(slug);
    const response = await fetch(address, { credentials: "omit", priority });
    if (!response.ok) {
      await cache.delete(address);
      throw new Error(`${address} answered ${response.status}`);
    }
    const text = await response.text();
    const article = JSON.parse(text);
    await cache.put(address, text);
    return article;
  },

  /** Returns the article, and whether it comes from the cache because no fresh answer arrived. */
  async get(slug, { isHistory }) {
    const cached = await cache.get(api.address(slug));
    if (cached && isHistory) return { article: cached };
    const request = api.fetch(slug);
    if (!cached) return { article: await request };
    const timeout = new Promise((resolve) => setTimeout(resolve, FRESH_TIMEOUT_MS));
    try {
      const article = await Promise.race([request, timeout]);
      if (article) return { article };
      // If it still arrives, it is cached for the next time.
      request.catch(() => {});
    } catch (error) {
      // `fetch` rejects with a TypeError if there is no network.
      if (!(error instanceof TypeError)) throw error;
    }
    return { article: cached, isStale: true };
  },
};

/** A line for what the reader should know and does not have to act on. */
const notice = document.createElement("p");
notice.className = "notice";
notice.setAttribute("role", "status");
const setNotice = (text = "") => {
  notice.textContent = text;
};

let client;
/** The address of the article that is shown. */
let current = location.pathname + location.search;
/** Counts navigations, so that an answer that arrives after the next tap is ignored. */
let latest = 0;
let hasNavigated = false;
let scrollTimer;

/** Starts in-place navigation. `module` is the client bundle, which exports `show`. */
export function start(module) {
  client = module;
  main.after(notice);
  document.addEventListener("click", onClick);
  addEventListener("popstate", onPopState);
  addEventListener("scroll", onScroll, { passive: true });
  // When the reader leaves this document and comes back, the browser restores the scroll position.
  addEventListener("pagehide", () => setScrollRestoration("auto"));
  addEventListener("pageshow", () => hasNavigated && setScrollRestoration("manual"));
  const slug = slugOf(location);
  // The server rendered the first article, so it is not in the cache yet.
  if (slug && globalThis.caches) api.fetch(slug, "low").catch(() => {});
}

function setScrollRestoration(mode) {
  history.scrollRestoration = mode;
}

function onClick(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  if (!slugOf(url) || url.pathname + url.search === current) return;
  event.preventDefault();
  navigate(url, { isHistory: false });
}

function onPopState({ state }) {
  clearTimeout(scrollTimer);
  latest++;
  if (location.pathname + location.search === current) {
    // A place within the article, or an entry that was left before its article arrived.
    setProgress(false);
    if (hasNavigated && state) scrollTo({ top: state.y, behavior: "instant" });
  } else {
    navigate(new URL(location.href), { isHistory: true, y: state?.y });
  }
}

function onScroll() {
  clearTimeout(scrollTimer);
  scrollTimer = setTimeout(storeScroll, SCROLL_REST_MS);
}

function storeScroll() {
  clearTimeout(scrollTimer);
  // While going back, the address already belongs to another article than the one on screen.
  if (location.pathname + location.search !== current) return;
  history.replaceState({ ...history.state, y: scrollY }, "");
}

function setProgress(visible) {
  if (visible) root.dataset.navigating = "";
  else delete root.dataset.navigating;
}

async function navigate(url, { isHistory, y = 0 }) {
  const id = ++latest;
  const delay = setTimeout(() => id === latest && setProgress(true), PROGRESS_DELAY_MS);
  const followLink = () => (isHistory ? location.reload() : location.assign(url));
  try {
    const slug = slugOf(url);
    if (!slug) return followLink();
    const { article, isStale } = await api.get(slug, { isHistory });
    if (id !== latest) return;
    if (!keepsPageLanguage(article)) return followLink();
    if (!isHistory) storeScroll();
    const from = current;
    const reader = main.dataset.reader;
    if (!client.show(article, root.lang, reader, newKey())) return followLink();
    current = url.pathname + url.search;
    if (!isHistory) history.pushState({ y: 0 }, "", url);
    hasNavigated = true;
    setScrollRestoration("manual");
    updateDocument(article);
    setNotice(isStale ? main.dataset.stale : "");
    restorePosition({ url, isHistory, from, y });
  } catch {
    if (id !== latest) return;
    // Offline the link leads nowhere, so the current article stays.
    if (!navigator.onLine && !isHistory) setNotice(main.dataset.offline);
    else followLink();
  } finally {
    clearTimeout(delay);
    if (id === latest) setProgress(false);
  }
}

/** Returns whether the server would render the article's page in the language of this page. If the
 * browser asks for none of our languages, a page has the language of its article. */
function keepsPageLanguage({ lang }) {
  const primary = (tag) => tag.split("-")[0].toLowerCase();
  return (
    lang === root.lang || navigator.languages.some((tag) => primary(tag) === primary(root.lang))
  );
}

/** Creates an idempotency key for the sheet. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Updates what is outside `#main`: title, description, and the links and forms that lead back. */
function updateDocument({ title, summary }) {
  const site = document.title.slice(document.title.lastIndexOf(" · "));
  document.title = title + site;
  const setMeta = (selector, content) =>
    document.head.querySelector(selector)?.setAttribute("content", content);
  setMeta('meta[name="description"]', summary);
  setMeta('meta[property="og:title"]', title);
  setMeta('meta[property="og:description"]', summary);
  setMeta('meta[property="og:url"]', location.origin + location.pathname);
  const canonical = document.head.querySelector('link[rel="canonical"]');
  if (canonical) canonical.href = location.origin + location.pathname;
  // Only search engines read it, and they load every page.
  document.head.querySelector('script[type="application/ld+json"]')?.remove();
  for (const field of document.querySelectorAll('input[name="return"]')) field.value = current;
  for (const link of document.querySelectorAll('a[href^="/sign-in?return="]')) {
    link.href = `/sign-in?return=${encodeURIComponent(current)}`;
  }
}

/** Sets focus and scroll position: the start of a new article, or the link through which the reader
 * left an article that is shown again. */
function restorePosition({ url, isHistory, from, y }) {
  const links = isHistory ? [...main.querySelectorAll("a[href]")] : [];
  const link = links.find((link) => link.getAttribute("href") === from);
  const heading = main.querySelector("h1");
  if (!link) heading.tabIndex = -1;
  (link || heading).focus({ preventScroll: true });
  const target = !isHistory && document.getElementById(decodeURIComponent(url.hash.slice(1)));
  if (target) target.scrollIntoView({ behavior: "instant" });
  else scrollTo({ top: y, behavior: "instant" });
}
