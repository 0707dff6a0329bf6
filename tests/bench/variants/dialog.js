// What the sheet does whoever renders its confirm line: opens and closes, reads the form with every
// keystroke, and keeps a second tap from sending it again.

import { counted, judge } from "./rules.mjs";

const SUBMIT_GUARD_MS = 5000;

/** Brings the dialog to life; `say` is told what the confirm line says. */
export function enhance(say) {
  const dialog = document.getElementById("praise-sheet");
  const form = dialog.querySelector("form[data-currency]");
  const opener = document.getElementById("praise-link");
  const count = document.getElementById("sheet-count");
  const words = { ...form.dataset };

  function update(settled) {
    const fields = new FormData(form);
    const field = (name) => fields.get(name) ?? "";
    count.textContent = counted(field("note"));
    const [preset, amount] = [field("preset"), field("amount")];
    const [note, visibility] = [field("note"), field("visibility")];
    say(judge({ preset, amount, note, visibility }, words, settled));
  }

  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    dialog.showModal();
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => opener.focus());
  form.addEventListener("input", ({ target }) => {
    if (target.id === "sheet-amount") document.getElementById("sheet-custom").checked = true;
    update(false);
  });
  form.addEventListener("change", () => update(true));

  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    else setTimeout(() => (sent = false), SUBMIT_GUARD_MS);
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
    update(true);
  });
  update(true);
}

/** Says that a tap now opens the sheet in place. */
export const live = () => {
  document.documentElement.dataset.live = "";
};
