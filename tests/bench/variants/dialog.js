// The behaviour of the sheet that all variants without htmx share: it opens and closes, validates
// the form on every keystroke, and blocks a second submit.

import { counted, judge } from "./rules.mjs";

const SUBMIT_GUARD_MS = 5000;

/** Attaches the event listeners. `say` receives each new state of the confirm line. */
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

/** Reports that a tap now opens the sheet in place. */
export const live = () => {
  document.documentElement.dataset.live = "";
};
