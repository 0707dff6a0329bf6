// Validates HTML against the standard: content models, attribute values and unique ids.

import assert from "node:assert/strict";
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The targets of labels and descriptions must exist.
    "no-missing-references": "error",
    // Questions of style that make no difference to a browser.
    "attribute-boolean-style": "off",
    "no-implicit-button-type": "off",
    // Writers may choose long titles.
    "long-title": "off",
    // Lists may have accessible names.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // The buttons of a form share a name; only the pressed one is submitted.
    "form-dup-name": "off",
    // Used in `<noscript>` on pages that wait for a payment, which could not update otherwise.
    "meta-refresh": "off",
  },
});

/** The mistakes of a page: rule, message and position. */
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
