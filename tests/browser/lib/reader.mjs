// A reader who praises an article. With scripts a tap on Praise opens the sheet, without them it
// leads to the form's page. The methods are the same for both, so that one scenario can be played
// with and without scripts, and a reader can change from one form to the other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Visitor } from "./browser.mjs";
import { person } from "./control.mjs";
import { WORDS } from "./words.mjs";

/** The two forms for a praise, which have the same fields. */
export const SHEET = { prefix: "sheet", where: "#praise-sheet" };
export const PAGE = { prefix: "form", where: "#main" };

const mode = (scripts, lang) => ({
  scripts,
  lang,
  name: `${scripts ? "with" : "without"} scripts, ${lang}`,
});

/** With and without scripts, in both languages. */
export const MODES = [
  mode(true, "en"),
  mode(false, "zh-Hans"),
  mode(true, "zh-Hans"),
  mode(false, "en"),
];

/** With and without scripts, each in one language: for slow scenarios without their own texts. */
export const BOTH_WAYS = MODES.slice(0, 2);

/** For features that need scripts. */
export const WITH_SCRIPTS = MODES.slice(0, 1);

/** Returns a function that plays a scenario in several modes, with a new reader from `open` each
 * time. */
export const player = (open) => (modes, name, scenario) => {
  for (const mode of modes) {
    test(`${name}, ${mode.name}`, async () => {
      const reader = await open(mode);
      await scenario(reader, mode);
      await reader.leave();
    });
  }
};

export class Reader {
  /** Signs in a new person, or the existing person `as`, in a new browser context. */
  static async open(browser, { article, as, ...options }) {
    const reader = new Reader();
    reader.article = article;
    reader.person = as ?? (await person("Ben"));
    reader.visitor = await Visitor.open(browser, options);
    await reader.visitor.signIn(reader.person);
    reader.words = WORDS[options.lang ?? "en"];
    reader.page = reader.visitor.page;
    reader.scripts = reader.visitor.scripts;
    /** The form that this reader currently uses. */
    reader.uses = reader.scripts ? SHEET : PAGE;
    return reader;
  }

  /** The element that contains the fields. */
  get form() {
    return this.page.locator(this.uses.where);
  }

  /** A field, or an element that belongs to one. */
  field(name) {
    return this.page.locator(`#${this.uses.prefix}-${name}`);
  }

  /** The offer to continue an open attempt. */
  get offer() {
    return this.form.locator(".open-intents");
  }

  /** Opens the article. */
  async openArticle() {
    await this.visitor.go(this.article.path);
    if (this.scripts) await this.visitor.live();
  }

  /** Taps Praise, which opens the sheet or leads to the form's page. */
  async openForm(form = this.scripts ? SHEET : PAGE) {
    this.uses = form;
    await this.page.locator("#praise-link").click();
    await (form === SHEET ? this.form.waitFor() : this.page.waitForURL("**/praise"));
  }

  /** Opens a form directly: loads the article and opens its sheet, or opens the form's page, whose
   * query string may fill it in. */
  async goToForm(form, filled = "") {
    if (form === SHEET) {
      await this.openArticle();
      await this.openForm();
    } else {
      this.uses = PAGE;
      await this.visitor.go(`${this.article.path}/praise${filled}`);
    }
  }

  /** Fills in the given fields. `preset` is in minor units, `amount` is typed. */
  async fillIn({ preset, amount, note, visibility }) {
    if (amount !== undefined && this.scripts && this.uses === PAGE) {
      // Typing does not select the radio button here, and the draft stores the selected one.
      await this.form.locator("label:has(input[value=custom])").click();
    }
    if (preset) await this.form.locator(`label:has(input[value="${preset}"])`).click();
    if (amount !== undefined) {
      // Without scripts typing does not select the radio button, which is not necessary either.
      await this.field("amount").fill(amount);
      await this.field("amount").blur();
    }
    if (note !== undefined) await this.field("note").fill(note);
    if (visibility) await this.form.locator(`input[value=${visibility}]`).check();
  }

  /** Asserts the values of all fields. */
  async assertFields({ amount = "", note = "", visibility, preset = "custom" }) {
    const chosen = (name) =>
      this.form
        .locator(`input[name=${name}]:checked`)
        .evaluateAll((radios) => radios.map((radio) => radio.value));
    assert.deepEqual(
      {
        amount: await this.field("amount").inputValue(),
        note: await this.field("note").inputValue(),
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

  /** The summary before paying: the line in the sheet, or the text of the review page. */
  async summary() {
    if (this.uses === SHEET) return this.form.locator("[role=status]").innerText();
    await this.form.locator("button[value=review]").click();
    const shown = this.page.locator(".card > .give, .wrong");
    await shown.first().waitFor();
    return (await shown.allInnerTexts()).join("\n");
  }

  /** Returns from the review page to the fields. */
  async edit() {
    if (this.uses === SHEET) return;
    await this.page.locator("button[value=edit]").click();
    await this.field("amount").waitFor();
  }

  /** Starts the payment: directly from the sheet, through the review page from the form's page. */
  async pay() {
    const review = this.form.locator("button[value=review]");
    if (this.uses === PAGE && (await review.count())) await review.click();
    await this.form.locator("button[value=pay]").click();
  }

  /** Opens the article, fills in the form and goes to the cashier. */
  async fillInAndPay(typed) {
    await this.openArticle();
    await this.openForm();
    await this.fillIn(typed);
    await this.goToCashier();
  }

  /** Starts the payment and waits for the cashier. Returns its URL, unique to the attempt. */
  async goToCashier() {
    await this.pay();
    await this.page.waitForURL("**/sandbox/cashier/*");
    return this.page.url();
  }

  /** Chooses an action at the cashier and returns to the site. */
  async atCashier(action) {
    await this.page.locator(`button[value=${action}]`).click();
    await this.page.waitForURL("**/i/*");
  }

  /** Returns from the result page to the article. */
  async backToArticle() {
    await this.page.locator(`.back a[href='${this.article.path}']`).click();
  }

  /** The id of the attempt whose page is shown. */
  get intent() {
    return new URL(this.page.url()).pathname.replace("/i/", "");
  }

  /** The heading, icon and text of an attempt's page. */
  async outcome() {
    const shown = this.page.locator("section.outcome");
    await shown.waitFor();
    return {
      heading: await this.visitor.heading(),
      icon: await shown.locator(".icon path").getAttribute("d"),
      text: await shown.innerText(),
    };
  }

  leave() {
    return this.visitor.leave();
  }
}
