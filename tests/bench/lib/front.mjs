// The server of every variant. It fetches each document from the Worker, replaces the client, and
// compresses like a CDN.

import { createServer } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { DOCUMENTS, fragment, line } from "./documents.mjs";

// Pages are compressed quickly for each request, files once and as well as possible.
const PAGE_QUALITY = 4;
const FILE_QUALITY = 11;

const KINDS = { js: "text/javascript", wasm: "application/wasm" };
const PASSED_ON = ["content-type", "content-security-policy", "cache-control"];
const IMMUTABLE = "public, max-age=31536000, immutable";

const compress = promisify(brotliCompress);

/** A variant with its own address. */
export class Front {
  /** Path → response, cached as by a CDN. */
  #files = new Map();

  /** `files` are the variant's own files, path → bytes; `parts` are inserted into its document. */
  static async open({ worker, article, name, files, parts }) {
    const front = new Front();
    front.worker = worker;
    front.article = article;
    front.make = (html) => DOCUMENTS[name](html, parts);
    for (const [path, body] of Object.entries(files)) {
      const type = KINDS[path.split(".").pop()];
      const headers = { "content-type": type, "cache-control": IMMUTABLE };
      front.#files.set(path, { status: 200, headers, body: await packed(body, FILE_QUALITY) });
    }
    front.server = createServer((request, response) => {
      front.#answer(request).then(
        ({ status, headers, body }) => {
          response.writeHead(status, { ...headers, "content-encoding": "br" }).end(body);
        },
        (error) => {
          console.error(`${name}, ${request.url}:`, error);
          response.writeHead(500).end();
        },
      );
    });
    await new Promise((ready) => front.server.listen(0, "localhost", ready));
    front.url = `http://localhost:${front.server.address().port}`;
    return front;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #answer(request) {
    const known = this.#files.get(request.url);
    if (known) return known;
    if (request.url === this.article) return this.#page(request, this.make);
    if (request.url === "/bench/sheet") return this.#page(request, fragment);
    if (request.url === "/bench/line") {
      const fields = new URLSearchParams(await bodyOf(request));
      return this.#page(request, (html) => line(html, fields));
    }
    const answer = await this.#ask(request, request.url);
    const isFile = request.url.startsWith("/assets/");
    answer.body = await packed(answer.body, isFile ? FILE_QUALITY : PAGE_QUALITY);
    if (isFile) this.#files.set(request.url, answer);
    return answer;
  }

  /** The Worker's page of the article, transformed by `make`. */
  async #page(request, make) {
    const { status, headers, body } = await this.#ask(request, this.article);
    if (status !== 200) throw new Error(`the Worker answered ${status}`);
    return { status, headers, body: await packed(make(body.toString()), PAGE_QUALITY) };
  }

  async #ask(request, path) {
    const headers = { cookie: request.headers.cookie ?? "" };
    const answer = await fetch(this.worker + path, { headers, redirect: "manual" });
    const kept = PASSED_ON.filter((name) => answer.headers.has(name));
    return {
      status: answer.status,
      headers: Object.fromEntries(kept.map((name) => [name, answer.headers.get(name)])),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  }
}

const packed = (body, quality) =>
  compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
