// The sheet with Preact: the confirm line and the button are a component that hydrates the
// server-rendered elements, like our island.

/** @jsx h */
/** @jsxFrag Fragment */
import { Fragment, h, hydrate } from "preact";
import { useEffect, useState } from "preact/hooks";
import { enhance, live } from "./dialog.js";

function ConfirmLine({ opening, pay }) {
  const [{ text, ready, wrong }, say] = useState({ text: opening, ready: false, wrong: false });
  useEffect(() => {
    enhance(say);
    live();
  }, []);
  return (
    <>
      <p class={wrong ? "confirm wrong" : "confirm"} role="status">
        {text}
      </p>
      <button class="button wide" type="submit" name="step" value="pay" disabled={!ready}>
        {pay}
      </button>
    </>
  );
}

const { choose, pay } = document.querySelector("#praise-sheet form[data-currency]").dataset;
hydrate(<ConfirmLine opening={choose} pay={pay} />, document.getElementById("live"));
