// Moves on in place: a tap on the link to another article fetches it and shows it here. Whatever
// does not go well follows the link. Articles read before open again without a network.

const KEPT_ARTICLES = 30;
const PATIENCE_MS = 3000;
const HINT_MS = 150;
const SETTLED_MS = 100;

const root = document.documentElement;
const main = document.getElementById("main");
const slug = ({ origin, pathname, search }) =>
  (origin === location.origin && !search && /^\/a\/([^/]+)$/.exec(pathname)?.[1]) || undefined;

/** What the server said about an article. Whoever reads, it says the same. */
const answers = {
  address: (slug) => `/api/v1/articles/${slug}?with=wall,others`,

  async ask(slug, priority = "auto") {
    const address = answers.address(slug);
    const response = await fetch(address, { credentials: "omit", priority });
    if (!response.ok) {
      await kept.forget(address);
      throw new Error(`${address} answered ${response.status}`);
    }
    const text = await response.text();
    const answer = JSON.parse(text);
    await kept.put(address, text);
    return answer;
  },

  /** The answer, and whether it is an old one because no new one came. */
  async find(slug, { returning }) {
    const old = await kept.get(answers.address(slug));
    if (old && returning) return { answer: old };
    const asked = answers.ask(slug);
    if (!old) return { answer: await asked };
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    try {
      const answer = await Promise.race([asked, late]);
      if (answer) return { answer };
      // It may still come, for the next time.
      asked.catch(() => {});
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    return { answer: old, old: true };
  },
};

/** The last articles, newest last. Without the Cache API nothing is kept. */
const kept = {
  open: () => globalThis.caches?.open("articles"),

  async get(address) {
    try {
      return await (await (await kept.open())?.match(address))?.json();
    } catch {
      return undefined;
    }
  },

  async put(address, text) {
    try {
      const cache = await kept.open();
      if (!cache) return;
      await cache.delete(address);
      await cache.put(address, new Response(text));
      const all = await cache.keys();
      for (const request of all.slice(0, -KEPT_ARTICLES)) await cache.delete(request);
    } catch {
      // A full disk, a private window: reading goes on without.
    }
  },

  async forget(address) {
    try {
      await (await kept.open())?.delete(address);
    } catch {
      // As above.
    }
  },
};

/** A line for what the reader should know and need not act on. */
const line = document.createElement("p");
line.className = "said-quietly";
line.setAttribute("role", "status");
const say = (text = "") => {
  line.textContent = text;
};

let client;
/** The address whose content is shown. */
let here = location.pathname + location.search;
/** Counts moves: an answer that comes after the next tap is nobody's. */
let latest = 0;
let moved = false;
let settling;

/** Brings the links of an article's page to life; `show` is the client's. */
export function start(module) {
  client = module;
  main.after(line);
  document.addEventListener("click", clicked);
  addEventListener("popstate", popped);
  addEventListener("scroll", scrolled, { passive: true });
  // What leaves this document and comes back is the browser's to restore.
  addEventListener("pagehide", () => restoration("auto"));
  addEventListener("pageshow", () => moved && restoration("manual"));
  const first = slug(location);
  // The server rendered it, so it has not been kept yet.
  if (first && globalThis.caches) answers.ask(first, "low").catch(() => {});
}

function restoration(mode) {
  history.scrollRestoration = mode;
}

function clicked(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  if (!slug(url) || url.pathname + url.search === here) return;
  event.preventDefault();
  move(url, { returning: false });
}

function popped({ state }) {
  clearTimeout(settling);
  latest++;
  const there = location.pathname + location.search;
  if (there === here) {
    // A place within the article, or one that was left before its content came.
    waiting(false);
    if (moved && state) scrollTo({ top: state.y, behavior: "instant" });
  } else {
    move(new URL(location.href), { returning: true, y: state?.y });
  }
}

function scrolled() {
  clearTimeout(settling);
  settling = setTimeout(remember, SETTLED_MS);
}

function remember() {
  clearTimeout(settling);
  // In the midst of going back, the address is no longer that of what is scrolled.
  if (location.pathname + location.search !== here) return;
  history.replaceState({ ...history.state, y: scrollY }, "");
}

function waiting(yes) {
  if (yes) root.dataset.navigating = "";
  else delete root.dataset.navigating;
}

async function move(url, { returning, y = 0 }) {
  const turn = ++latest;
  const hint = setTimeout(() => turn === latest && waiting(true), HINT_MS);
  const plainly = () => (returning ? location.reload() : location.assign(url));
  try {
    const article = slug(url);
    if (!article) return plainly();
    const { answer, old } = await answers.find(article, { returning });
    if (turn !== latest) return;
    if (!readable(answer)) return plainly();
    if (!returning) remember();
    const from = here;
    const reader = main.dataset.reader;
    if (!client.show(answer, root.lang, reader, key())) return plainly();
    here = url.pathname + url.search;
    if (!returning) history.pushState({ y: 0 }, "", url);
    moved = true;
    restoration("manual");
    tell(answer);
    say(old ? main.dataset.kept : "");
    land({ url, returning, from, y });
  } catch {
    if (turn !== latest) return;
    // There is nothing where the link leads; here there is at least an article.
    if (!navigator.onLine && !returning) say(main.dataset.offline);
    else plainly();
  } finally {
    clearTimeout(hint);
    if (turn === latest) waiting(false);
  }
}

/** Whether this page's language is right for the article: where the browser asks for none of ours,
 * a page has its article's. */
function readable({ lang }) {
  const start = (tag) => tag.split("-")[0].toLowerCase();
  return lang === root.lang || navigator.languages.some((tag) => start(tag) === start(root.lang));
}

/** A fresh key for the sheet. */
function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Puts right what stands around the article. */
function tell({ title, summary }) {
  const site = document.title.slice(document.title.lastIndexOf(" · "));
  document.title = title + site;
  const meta = (selector, content) =>
    document.head.querySelector(selector)?.setAttribute("content", content);
  meta('meta[name="description"]', summary);
  meta('meta[property="og:title"]', title);
  meta('meta[property="og:description"]', summary);
  for (const field of document.querySelectorAll('input[name="return"]')) field.value = here;
  for (const link of document.querySelectorAll('a[href^="/sign-in?return="]')) {
    link.href = `/sign-in?return=${encodeURIComponent(here)}`;
  }
}

/** Puts eyes and focus where the reader is: at the start of a new article, at the place in an old
 * one from which it was left. */
function land({ url, returning, from, y }) {
  const links = returning ? [...main.querySelectorAll("a[href]")] : [];
  const left = links.find((link) => link.getAttribute("href") === from);
  const heading = main.querySelector("h1");
  if (!left) heading.tabIndex = -1;
  (left || heading).focus({ preventScroll: true });
  const place = !returning && document.getElementById(decodeURIComponent(url.hash.slice(1)));
  if (place) place.scrollIntoView({ behavior: "instant" });
  else scrollTo({ top: y, behavior: "instant" });
}
