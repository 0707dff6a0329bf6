// The documents of the variants: each is the Worker's own page of the article with another client.
// Only what brings the sheet to life is exchanged, so that content and style are the same.

import { counted, judge } from "../variants/rules.mjs";

/** Both scripts: what keeps the draft goes with what brings the sheet to life. */
const SCRIPT =
  /<script defer src="[^"]*\/drafts-[^"]*"[^>]*><\/script><script defer [^>]*data-reader=[^>]*><\/script>/;
const ISLAND = /<leptos-island [^>]*>(.*?)<\/leptos-island>/s;
const DIALOG = /<dialog .*<\/dialog>/s;
const MAIN = /(<main [^>]*>).*(<\/main>)/s;
const OPENER = 'id="praise-link"';
const FORM = /<form [^>]*data-currency=[^>]*>/;

/** Name → what makes its document of the Worker's. */
export const DOCUMENTS = {
  islands: (html) => html,
  preact: (html, { script }) => plainly(html, script),
  plain: (html, { script }) => plainly(html, script),
  htmx: (html, { script }) =>
    chain(html, [
      [SCRIPT, deferred(script)],
      // A page with htmx leaves the sheet with the server until it is asked for.
      [DIALOG, '<div id="sheet-place"></div>'],
      [OPENER, `${OPENER} hx-get="/bench/sheet" hx-target="#sheet-place"`],
    ]),
  hydrated: (html, { script, glue, wasm, main, data }) =>
    chain(html, [
      // As Leptos writes it: all that is needed is asked for at once.
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

/** The sheet as the server of htmx sends it when the button is tapped. */
export function fragment(html) {
  const [dialog] = DIALOG.exec(html) ?? [];
  if (!dialog) throw new Error("the page has no sheet: is its reader signed in?");
  const live = 'hx-post="/bench/line" hx-trigger="change, keyup delay:200ms" hx-target="#live"';
  return chain(dialog, [
    [ISLAND, stripped],
    ['class="sheet-form"', `class="sheet-form" ${live}`],
  ]);
}

/** The confirm line as the server of htmx sends it, for the fields of the form in that page. */
export function line(html, fields) {
  const [form] = FORM.exec(html);
  const words = Object.fromEntries(
    [...form.matchAll(/ data-([a-z]+)="([^"]*)"/g)].map(([, name, text]) => [name, unescape(text)]),
  );
  const field = (name) => fields.get(name) ?? "";
  const [preset, amount] = [field("preset"), field("amount")];
  const [note, visibility] = [field("note"), field("visibility")];
  const said = judge({ preset, amount, note, visibility }, words, true);
  return (
    `<p class="confirm${said.wrong ? " wrong" : ""}" role="status">${escape(said.text)}</p>` +
    `<button class="button wide" type="submit" name="step" value="pay"` +
    `${said.ready ? "" : " disabled"}>${escape(words.pay)}</button>` +
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

/** The element that the island stands in, without Leptos's marks. */
const stripped = (_, inside) =>
  `<leptos-island id="live">${inside.replaceAll("<!>", "")}</leptos-island>`;

/** Exchanges one thing after the other; each must be there, or the variants differ unnoticed. */
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
