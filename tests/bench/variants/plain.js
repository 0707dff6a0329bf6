// The sheet without a library.

import { enhance, live } from "./dialog.js";

const line = document.querySelector("#praise-sheet .confirm");
const pay = document.querySelector("#praise-sheet [value=pay]");

enhance(({ text, ready, wrong }) => {
  line.textContent = text;
  line.classList.toggle("wrong", wrong);
  pay.disabled = !ready;
});
live();
