// What the tests of a file have in common: a browser, a writer, and books that balance in the end.
// Each file is a process of its own, so that these are the file's own as well.

import { after, before } from "node:test";
import { launch } from "./browser.mjs";
import * as control from "./control.mjs";

/** Where visitors come from, as soon as the tests begin. */
export let browser;
/** Whose article it is about, if the stage has been given one. */
export let author;

/** Sets the stage before the tests of a file, and clears it after them: with a writer, if one is
 * named, whose article may be something special. What else a file needs it prepares and clears
 * within, because hooks do not wait for one another. */
export function stage({ writer, article, prepare, clear } = {}) {
  before(async () => {
    browser = await launch();
    if (writer) author = await control.writer(writer, { article });
    await prepare?.();
  });
  after(async () => {
    await clear?.();
    await browser.close();
    await control.checkBooks();
  });
}
