// The documents of the variants: the Worker's own page of the article, each with another client.
// Only the parts that belong to the client are replaced, so content and style are the same.

import { counted, judge } from "../variants/rules.mjs";

/** The scripts of our client: `drafts.js` and `boot.js`. */
const SCRIPT =
  /<script defer src="[^"]*\/drafts-[^"]*"[^>]*><\/script><script defer [^>]*data-reader=[^>]*><\/script>/;
const ISLAND = /<leptos-island [^>]*>(.*?)<\/leptos-island>/s;
const DIALOG = /<dialog .*<\/dialog>/s;
const MAIN = /(<main [^>]*>).*(<\/main>)/s;
const OPENER = 'id="praise-link"';
const FORM = /<form [^>]*data-currency=[^>]*>/;

/** Name → function that turns the Worker's document into that of the variant. */
export const DOCUMENTS = {
  islands: (html) => html,
  preact: (html, { script }) => plainly(html, script),
  plain: (html, { script }) => plainly(html, script),
  htmx: (html, { script }) =>
    chain(html, [
      [SCRIPT, deferred(script)],
      // With htmx the server sends the sheet only when it is opened.
      [DIALOG, '<div id="sheet-place"></div>'],
      [OPENER, `${OPENER} hx-get="/bench/sheet" hx-target="#sheet-place"`],
    ]),
  hydrated: (html, { script, glue, wasm, main, data }) =>
    chain(html, [
      // As Leptos writes it: all files are requested at once.
      [
        SCRIPT,
        `<link rel="modulepreload" href="${glue}">` +
          `<link rel="preload" href="${wasm}" as="fetch" type="application/wasm" crossorigin="">` +
          `<script type="module" src="${script}"></script>`,
      ],
      [MAIN, (_, open, close) => open + main + close],
      ["</body>", () => `${data}</body>`],
    ]),
};

/** The sheet as a server for htmx sends it when the button is tapped. */
export function fragment(html) {
  const [dialog] = DIALOG.exec(html) ?? [];
  if (!dialog) throw new Error("the page has no sheet: is its reader signed in?");
  const live = 'hx-post="/bench/line" hx-trigger="change, keyup delay:200ms" hx-target="#live"';
  return chain(dialog, [
    [ISLAND, stripped],
    ['class="sheet-form"', `class="sheet-form" ${live}`],
  ]);
}

/** The confirm line as a server for htmx sends it, for the submitted fields of the form. */
export function line(html, fields) {
  const [form] = FORM.exec(html);
  const words = Object.fromEntries(
    [...form.matchAll(/ data-([a-z]+)="([^"]*)"/g)].map(([, name, text]) => [name, unescape(text)]),
  );
  const field = (name) => fields.get(name) ?? "";
  const [preset, amount] = [field("preset"), field("amount")];
  const [note, visibility] = [field("note"), field("visibility")];
  const state = judge({ preset, amount, note, visibility }, words, true);
  return (
    `<p class="confirm${state.wrong ? " wrong" : ""}" role="status">${escape(state.text)}</p>` +
    `<button class="button wide" type="submit" name="step" value="pay"` +
    `${state.ready ? "" : " disabled"}>${escape(words.pay)}</button>` +
    `<span id="sheet-count" aria-hidden="true" hx-swap-oob="true">${counted(note)}</span>`
  );
}

function plainly(html, script) {
  return chain(html, [
    [SCRIPT, deferred(script)],
    [ISLAND, stripped],
  ]);
}

const deferred = (script) => `<script defer src="${script}"></script>`;

/** The element of the island, without the hydration markers of Leptos. */
const stripped = (_, inside) =>
  `<leptos-island id="live">${inside.replaceAll("<!>", "")}</leptos-island>`;

/** Makes one replacement after another. Throws if one has no effect, because the variant would then
 * not be what it claims to be. */
function chain(html, exchanges) {
  return exchanges.reduce((text, [from, to]) => {
    const there = typeof from === "string" ? text.includes(from) : from.test(text);
    if (!there) throw new Error(`the page has no ${from} any more`);
    return text.replace(from, to);
  }, html);
}

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' };
const unescape = (text) => text.replaceAll(/&(amp|lt|gt|quot);/g, (entity) => ENTITIES[entity]);
const escape = (text) =>
  text.replaceAll(/[&<>]/g, (c) => Object.keys(ENTITIES).find((name) => ENTITIES[name] === c));
