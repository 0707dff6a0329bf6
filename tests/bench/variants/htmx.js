// The sheet with htmx: the server renders it when it is asked for, and its confirm line with every
// choice. Showing a fetched dialog as a modal one and choosing by typing take a script of its own.

import "htmx.org";

document.addEventListener("htmx:after:swap", () => {
  const dialog = document.getElementById("praise-sheet");
  if (!dialog || dialog.open) return;
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => document.getElementById("praise-link").focus());
  dialog.showModal();
});

// Typing an amount is choosing it.
document.addEventListener("input", ({ target }) => {
  if (target.id === "sheet-amount") document.getElementById("sheet-custom").checked = true;
});

// htmx starts in a task of its own, queued just now.
setTimeout(() => {
  document.documentElement.dataset.live = "";
});
