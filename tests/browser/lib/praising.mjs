// The two forms of a praise, the sheet and its page, as a reader fills them in.

import assert from "node:assert/strict";

/** The same fields in both: what they are called, and where a tap on Praise leads. */
export const SHEET = {
  prefix: "sheet",
  in: (page) => page.locator("dialog#praise-sheet"),
  open: async (page) => {
    await page.locator("#praise-link").click();
    await page.locator("dialog#praise-sheet").waitFor();
  },
};
export const PAGE = {
  prefix: "form",
  in: (page) => page.locator("main"),
  open: async (page) => {
    await page.locator("#praise-link").click();
    await page.waitForURL("**/praise");
  },
};

const field = (form, page, name) => form.in(page).locator(`#${form.prefix}-${name}`);

/** Types an amount and a note, and says who may see it. */
export async function type(form, page, { amount, note, visibility }) {
  if (form === PAGE) await form.in(page).locator("label:has(input[value=custom])").click();
  await field(form, page, "amount").fill(amount);
  await field(form, page, "note").fill(note);
  if (visibility) await form.in(page).locator(`input[value=${visibility}]`).check();
}

/** Asserts what stands in a form. */
export async function holds(form, page, { amount = "", note = "", visibility, preset = "custom" }) {
  const inside = form.in(page);
  const chosen = (name) =>
    inside
      .locator(`input[name=${name}]:checked`)
      .evaluateAll((radios) => radios.map((radio) => radio.value));
  assert.deepEqual(
    {
      amount: await field(form, page, "amount").inputValue(),
      note: await field(form, page, "note").inputValue(),
      preset: await chosen("preset"),
      visibility: await chosen("visibility"),
    },
    {
      amount,
      note,
      preset: preset ? [preset] : [],
      visibility: visibility ? [visibility] : [],
    },
  );
}

/** Sends what was typed, by way of the page that asks once more. Ends before the cashier. */
export async function send(form, page) {
  if (form === PAGE) await page.locator("button[value=review]").click();
  await form.in(page).locator("button[value=pay]").click();
  await page.waitForURL("**/sandbox/cashier/*");
}

/** Pays at the cashier. Ends before what became of it. */
export async function payThere(page) {
  await page.locator("button[value=pay]").click();
  await page.waitForURL("**/i/*");
}
