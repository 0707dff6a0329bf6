// Keeps what is typed into a praise form while its tab is open, together with the form's
// idempotency key. The sheet and the page of the same form share the draft, and submitting it again
// belongs to the same intent. Drafts are separate for each signed-in person.
(() => {
  const STORAGE_KEY = "drafts";
  /** Whose page this is. Somebody else may have signed in meanwhile in another tab. */
  const user = document.currentScript.dataset.user;
  const FIELDS = ["preset", "amount", "note", "visibility"];

  /** This person's drafts by the action of their form, or `undefined` if storage is blocked. */
  function load() {
    try {
      const stored = JSON.parse(sessionStorage.getItem(STORAGE_KEY));
      return stored?.user === user ? stored.drafts : {};
    } catch {
      return undefined;
    }
  }

  function update(change) {
    const drafts = load();
    if (!drafts) return;
    change(drafts);
    try {
      sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ user, drafts }));
    } catch {
      // The storage is full. What is typed is still in the form.
    }
  }

  /** The praise form of this document, in the sheet or on the page. There is at most one. */
  const praiseForm = () => document.querySelector('textarea[name="note"]')?.form;
  const actionOf = (form) => form.getAttribute("action");

  function readFields({ elements }) {
    return Object.fromEntries([...FIELDS, "key"].map((name) => [name, elements[name].value]));
  }

  /** Stores the form's fields. `submitted` are the fields at the last submit, `query` is the query
   * that filled in the form. */
  const save = (form, more) =>
    update((drafts) => {
      const { submitted, query } = drafts[actionOf(form)] ?? {};
      drafts[actionOf(form)] = { ...readFields(form), submitted, query, ...more };
    });
  /** The fields without the key, for comparison. */
  const serialize = (draft) => JSON.stringify(FIELDS.map((name) => draft[name]));

  /** Restores the draft of a form. `isNewer` says that the draft cannot be older than the form. */
  function restore(form, isNewer) {
    const draft = load()?.[actionOf(form)];
    const current = readFields(form);
    const isEmpty = FIELDS.every((name) => !current[name]);
    // A query fills in the form once. When the same page is loaded again, the draft is newer.
    const query = form.closest("dialog") ? draft?.query : location.search || draft?.query;
    const isReload = location.search && draft?.query === query;
    const isSame = draft && serialize(draft) === serialize(current);
    if (draft && (isNewer || isEmpty || isReload || isSame)) {
      for (const name of [...FIELDS, "key"]) {
        form.elements[name].value = draft[name] ?? current[name];
      }
      // Makes the sheet read its fields again.
      form.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (draft || !isEmpty) save(form, { query });
  }

  /** Clears the draft of an intent that has ended. The next intent needs a new key. What was typed
   * after the submit is kept. */
  function clearEnded() {
    // Only once per page: on a later visit the reader may have begun another intent.
    const ended = document.querySelector("[data-ended]:not([data-cleared])")?.dataset;
    if (!ended) return;
    ended.cleared = "";
    const action = `${ended.ended}/praise`;
    update((drafts) => {
      const draft = drafts[action];
      // This tab did not submit it.
      if (!draft?.submitted) return;
      if (!("unpaid" in ended) && draft.submitted === serialize(draft)) delete drafts[action];
      else delete draft.key;
    });
  }

  document.addEventListener("input", ({ target }) => {
    const form = praiseForm();
    if (form && target.form === form) save(form);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target === praiseForm()) save(target, { submitted: serialize(readFields(target)) });
  });
  // Runs before the sheet opens. Nobody types into a closed sheet, so the draft is never older.
  const opener = "#praise-link[aria-haspopup]";
  const restoreSheet = ({ target }) => target.closest?.(opener) && restore(praiseForm(), true);
  document.addEventListener("click", restoreSheet, true);
  addEventListener("pageshow", ({ persisted }) => {
    const form = persisted && praiseForm();
    if (!form) return;
    const drafts = load();
    // The intent that was submitted from here has ended: load a form with a new key.
    if (drafts && !drafts[actionOf(form)]?.key && readFields(form).visibility) location.reload();
    else restore(form, true);
  });
  // The page of an intent changes in place, so only its last state counts.
  addEventListener("pagehide", clearEnded);

  if (document.querySelector('header a[href^="/sign-in"], form[action="/sign-in"]')) {
    try {
      sessionStorage.removeItem(STORAGE_KEY);
    } catch {
      // Storage is blocked, so nothing was stored.
    }
  }
  // The browser cannot go back to the answer to a form, from the cashier for example, without
  // submitting the form again. Replacing the history entry makes it load the form itself instead.
  if (location.pathname.endsWith("/praise")) history.replaceState(history.state, "");
  const form = praiseForm();
  if (form && !form.closest("dialog")) restore(form, false);
})();
