// The setup that the tests of a file share: a browser, a writer, and a self-check at the end. Each
// file runs in its own process, so these values belong to one file.

import { after, before } from "node:test";
import { launch } from "./browser.mjs";
import * as control from "./control.mjs";

/** The browser, once the tests have begun. */
export let browser;
/** The writer with an article, if the setup has one. */
export let author;

/** Prepares the browser and, if one is named, a writer with an article before the tests of a file,
 * and closes the browser after them. Further preparation is passed in, because separate hooks do
 * not wait for one another. */
export function setup({ writer, article, prepare, clear } = {}) {
  before(async () => {
    browser = await launch();
    if (writer) author = await control.writer(writer, { article });
    await prepare?.();
  });
  after(async () => {
    await clear?.();
    await browser.close();
    await control.assertSelfCheck();
  });
}
