// The sheet with htmx: the server renders it when it is opened, and its confirm line on every
// change. This script does what htmx cannot: it opens the fetched dialog as a modal one, and
// selects the radio button of a typed amount.

import "htmx.org";

document.addEventListener("htmx:after:swap", () => {
  const dialog = document.getElementById("praise-sheet");
  if (!dialog || dialog.open) return;
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => document.getElementById("praise-link").focus());
  dialog.showModal();
});

// Typing an amount selects its radio button.
document.addEventListener("input", ({ target }) => {
  if (target.id === "sheet-amount") document.getElementById("sheet-custom").checked = true;
});

// htmx has queued a task in which it starts, so this task runs after that.
setTimeout(() => {
  document.documentElement.dataset.live = "";
});
