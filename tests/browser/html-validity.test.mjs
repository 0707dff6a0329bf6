// The pages that the Worker sends are valid HTML: with any Markdown, and with the form in every
// state. `gallery.mjs` checks the pages that need a rare situation.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  BASE,
  assertSelfCheck,
  atCashier,
  person,
  publish,
  start,
  writer,
} from "./lib/control.mjs";
import { mistakes, valid } from "./lib/validity.mjs";

after(assertSelfCheck);

const EVERYTHING = `# A heading of its own

Text with *emphasis*, **weight**, ~~regret~~, \`code\`, a [link](https://example.com "its title"),
a footnote[^1], an <https://example.com/address>, & < > " ' and a line\\
that breaks.

## The same heading

## The same heading

1. one
   - inside
   - [ ] to do
   - [x] done

   a paragraph inside

> a quotation
>
> > of a quotation

| left | right |
| :--- | ---: |
| 1 | 2 |

\`\`\`rust
fn main() { println!("<b>"); }
\`\`\`

---

![a picture](https://example.com/picture.png "its title")

<div align="center" onclick="alert(1)"><p>raw <b>HTML <i>badly</b> nested</i>
<table><tr><td>half a table
<details><summary>more</summary>less</details>
<ul><p>not an item</p></ul>
<a href="/x"><a href="/y">a link in a link</a></a>
<script>alert(1)</script><style>p { color: red }</style>
<input name="key" value="stolen"><button>press</button><iframe src="https://example.com"></iframe>
<h1 id="main">a second main</h1>

[^1]: which says more.
`;

/** The HTML of a page and its status. */
async function page(path, who, form) {
  const headers = { Accept: "text/html", "Accept-Language": "en", Origin: BASE };
  if (who) headers.Cookie = `praise_session=${who.session}`;
  const body = form && new URLSearchParams(form);
  const method = form ? "POST" : "GET";
  const response = await fetch(BASE + path, { method, headers, body, redirect: "manual" });
  assert.equal(response.headers.get("Content-Type"), "text/html; charset=utf-8", path);
  return { status: response.status, html: await response.text() };
}

test("the validator finds mistakes", async () => {
  const start = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>';
  assert.deepEqual(await mistakes(`${start}<p>x</p></body></html>`), []);
  for (const wrong of [
    "<p><div></div></p>",
    '<p id="a">x</p><p id="a">x</p>',
    "<ul><p>x</p></ul>",
    '<a href="/x"><button>x</button></a>',
    '<img src="/x.png">',
    '<input type="colour">',
    '<label for="nothing">x</label>',
  ]) {
    assert.notDeepEqual(await mistakes(`${start}${wrong}</body></html>`), [], wrong);
  }
});

test("an article is valid whatever its Markdown", async () => {
  const author = await writer("Ann", { article: { markdown: EVERYTHING } });
  const title = "<b>bold</b> & “quoted” \"title\" <!> </title>";
  const named = await publish(author, { account: author.handle, title, markdown: EVERYTHING });
  for (const path of [author.path, named.path, "/", `/@${author.handle}`]) {
    for (const who of [undefined, await person("<i>Ben</i> & \"Co\"")]) {
      const { status, html } = await page(path, who);
      assert.equal(status, 200);
      await valid(html, path);
    }
  }
});

test("every page of a praise is valid", async () => {
  const author = await writer("Ann");
  const reader = await person("Ben");
  const note = "a\nnote <!> & \"so\" </textarea>";
  const paid = await start(reader, author.path, 888, "CNY", note);
  await atCashier(paid, "pay");
  const declined = await start(reader, author.path, 500, "CNY", note);
  await atCashier(declined, "decline");
  const waiting = await start(reader, author.path, 2000, "CNY", note);
  const form = `${author.path}/praise`;
  const key = "req_0123456789abcdef";
  const filled = { preset: "custom", amount: "8.88", note, visibility: "public", key };
  const wrong = { ...filled, amount: "201", note: "x".repeat(141), step: "review" };
  const asked = [
    { path: "/sign-in" },
    { path: "/nothing-here", status: 404 },
    { path: author.path, who: reader },
    { path: form, who: reader },
    { path: form, who: reader, form: { ...filled, step: "review" } },
    { path: form, who: reader, form: { ...filled, step: "edit" } },
    { path: form, who: reader, form: wrong, status: 422 },
    { path: waiting.payment.url },
    { path: `/i/${paid.intent.id}`, who: reader },
    { path: `/i/${declined.intent.id}`, who: reader },
    { path: `/i/${waiting.intent.id}`, who: reader },
    { path: "/me", who: reader },
    { path: "/me/limits", who: reader },
    { path: "/studio", who: author },
    { path: "/studio/tokens", who: author },
  ];
  for (const { path, who, form, status = 200 } of asked) {
    const answer = await page(path, who, form);
    assert.equal(answer.status, status, path);
    await valid(answer.html, `${path} ${form?.step ?? ""}`);
  }
});
