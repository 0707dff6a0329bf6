// Texts that become elements or scripts: the page allows two ways, and refuses every other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, Visitor } from "./lib/browser.mjs";
import { author, browser, setup } from "./lib/setup.mjs";

setup({ writer: "Ann" });

test("only a fetched page and an article's text may become elements", async () => {
  const visitor = await Visitor.open(browser, { size: PHONE });
  visitor.expected = ["Trusted", "default", "Content Security Policy"];
  const { page } = visitor;
  await visitor.go(author.path);
  const outcomes = await page.evaluate(() => {
    const text = "<b>text</b>";
    const element = () => document.createElement("div");
    const ways = {
      innerHTML: () => (element().innerHTML = text),
      DOMParser: () => new DOMParser().parseFromString(text, "text/html"),
      outerHTML() {
        const parent = element();
        parent.append(element());
        parent.firstChild.outerHTML = text;
      },
      insertAdjacentHTML: () => element().insertAdjacentHTML("beforeend", text),
      createContextualFragment: () => document.createRange().createContextualFragment(text),
      srcdoc: () => (document.createElement("iframe").srcdoc = text),
      "script text": () => (document.createElement("script").text = "1"),
      "script source": () => (document.createElement("script").src = "/boot.js"),
      "another policy": () => trustedTypes.createPolicy("other", { createHTML: (html) => html }),
    };
    return Object.entries(ways).map(([name, way]) => {
      try {
        way();
        return `${name}: allowed`;
      } catch (error) {
        return `${name}: ${error.name}`;
      }
    });
  });
  await visitor.leave();
  assert.deepEqual(outcomes, [
    "innerHTML: allowed",
    "DOMParser: allowed",
    "outerHTML: TypeError",
    "insertAdjacentHTML: TypeError",
    "createContextualFragment: TypeError",
    "srcdoc: TypeError",
    "script text: TypeError",
    "script source: TypeError",
    "another policy: TypeError",
  ]);
});
