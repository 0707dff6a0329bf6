// What is typed into a praise form is kept while its tab is open, together with the form's key: the
// sheet and the page of the same form go on where the other was left, and sending the same once
// more stays the same attempt. Nothing is left to whoever signs in next.
(() => {
  const NAME = "typed";
  /** Whose page this is. In another tab, somebody else may have signed in meanwhile. */
  const whose = document.currentScript.dataset.for;
  const FIELDS = ["preset", "amount", "note", "visibility"];

  /** By the address of their form, this person's only. `undefined` where the storage is shut. */
  function all() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(NAME));
      return kept?.whose === whose ? kept.forms : {};
    } catch {
      return undefined;
    }
  }

  function change(how) {
    const typed = all();
    if (!typed) return;
    how(typed);
    try {
      sessionStorage.setItem(NAME, JSON.stringify({ whose, forms: typed }));
    } catch {
      // Full: what is typed is still in the form.
    }
  }

  /** The form with a note: the sheet's, or that of the page. There is no more than one. */
  const form = () => document.querySelector('textarea[name="note"]')?.form;
  const address = (form) => form.getAttribute("action");

  function read({ elements }) {
    return Object.fromEntries([...FIELDS, "key"].map((name) => [name, elements[name].value]));
  }

  const keep = (form, more) =>
    change((typed) => {
      const { sent, asked } = typed[address(form)] ?? {};
      typed[address(form)] = { ...read(form), sent, asked, ...more };
    });
  /** What is typed, without the key. */
  const text = (kept) => JSON.stringify(FIELDS.map((name) => kept[name]));

  /** Goes on where the form was left. `latest` says that nothing in it can be newer. */
  function goOn(form, latest) {
    const kept = all()?.[address(form)];
    const here = read(form);
    const empty = FIELDS.every((name) => !here[name]);
    // What an address brings along is taken once: the page may be loaded again.
    const asked = form.closest("dialog") ? kept?.asked : location.search || kept?.asked;
    const old = location.search && kept?.asked === asked;
    if (kept && (latest || empty || old || text(kept) === text(here))) {
      for (const name of [...FIELDS, "key"]) form.elements[name].value = kept[name] ?? here[name];
      // The sheet reads its form again.
      form.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (kept || !empty) keep(form, { asked });
  }

  /** An attempt that has come to its end: the next one needs a key of its own, and what was typed
   * since it was sent stays. */
  function end() {
    // Once: whoever comes back to this page may have begun another one since.
    const ended = document.querySelector("[data-ended]:not([data-told])")?.dataset;
    if (!ended) return;
    ended.told = "";
    const address = `${ended.ended}/praise`;
    change((typed) => {
      const kept = typed[address];
      // Nothing of it was sent from here.
      if (!kept?.sent) return;
      if (!("again" in ended) && kept.sent === text(kept)) delete typed[address];
      else delete kept.key;
    });
  }

  document.addEventListener("input", ({ target }) => {
    const typing = form();
    if (typing && target.form === typing) keep(typing);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target === form()) keep(target, { sent: text(read(target)) });
  });
  // Before the sheet opens. Nobody types into a sheet that is shut, so what was kept is never older.
  const opener = "#praise-link[aria-haspopup]";
  const opens = ({ target }) => target.closest?.(opener) && goOn(form(), true);
  document.addEventListener("click", opens, true);
  addEventListener("pageshow", ({ persisted }) => {
    const left = persisted && form();
    if (!left) return;
    const typed = all();
    // What was sent from here has come to its end meanwhile: a fresh form has a fresh key.
    if (typed && !typed[address(left)]?.key && read(left).visibility) location.reload();
    else goOn(left, true);
  });
  // The page of an attempt changes in place, so what it says last counts.
  addEventListener("pagehide", end);

  if (document.querySelector('header a[href^="/sign-in"], form[action="/sign-in"]')) {
    try {
      sessionStorage.removeItem(NAME);
    } catch {
      // Shut: nothing is kept.
    }
  }
  // An answer to a form cannot be come back to, from the cashier say, without sending the form
  // again. What is come back to then is the form itself, with what was typed.
  if (location.pathname.endsWith("/praise")) history.replaceState(history.state, "");
  const page = form();
  if (page && !page.closest("dialog")) goOn(page, false);
})();
