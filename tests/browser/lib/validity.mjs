// Whether a page is HTML as the standard has it: what is allowed where, which attribute takes what,
// and that every name is there once.

import assert from "node:assert/strict";
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // What a label or a description points to has to be there.
    "no-missing-references": "error",
    // How things are written, which a reader's browser does not see.
    "attribute-boolean-style": "off",
    "no-implicit-button-type": "off",
    // A title is as long as its writer wants it.
    "long-title": "off",
    // A list may have a name of its own.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // The buttons of a form share a name: the one that is pressed is sent.
    "form-dup-name": "off",
    // In `<noscript>`, on a page that waits for a payment: without it nobody would see it arrive.
    "meta-refresh": "off",
  },
});

/** What is wrong with a page: rule, message, and where. */
export async function mistakes(html) {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
  );
}

/** Asserts that a page is valid. */
export async function valid(html, what) {
  assert.deepEqual(await mistakes(html), [], `${what} is not valid HTML`);
}
