// One reader on the way from an article to what became of a praise. With scripts a tap on Praise
// opens the sheet, without them it leads to the page; what is done there and what is asked has the
// same names, so that one scenario is played both ways, and a reader can go from one to the other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Visitor } from "./browser.mjs";
import { person } from "./control.mjs";
import { WORDS } from "./words.mjs";

/** The two forms of a praise, which have the same fields. */
export const SHEET = { prefix: "sheet", where: "#praise-sheet" };
export const PAGE = { prefix: "form", where: "#main" };

const mode = (scripts, lang) => ({
  scripts,
  lang,
  name: `${scripts ? "with" : "without"} scripts, ${lang}`,
});

/** Both ways, in both languages. */
export const MODES = [
  mode(true, "en"),
  mode(false, "zh-Hans"),
  mode(true, "zh-Hans"),
  mode(false, "en"),
];

/** Both ways, each in one language: for what takes long, and says nothing that is not said elsewhere. */
export const BOTH_WAYS = MODES.slice(0, 2);

/** For what only scripts do. */
export const WITH_SCRIPTS = MODES.slice(0, 1);

/** Makes what plays a scenario in each of some modes, with a new reader each time, whom `open`
 * brings. */
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
  /** A new person with a browser, signed in; `as` takes one who is there already. */
  static async open(browser, { article, as, ...options }) {
    const reader = new Reader();
    reader.article = article;
    reader.person = as ?? (await person("Ben"));
    reader.visitor = await Visitor.open(browser, options);
    await reader.visitor.signIn(reader.person);
    reader.words = WORDS[options.lang ?? "en"];
    reader.page = reader.visitor.page;
    reader.scripts = reader.visitor.scripts;
    /** The form that this reader uses. */
    reader.uses = reader.scripts ? SHEET : PAGE;
    return reader;
  }

  /** Where the fields are. */
  get form() {
    return this.page.locator(this.uses.where);
  }

  /** A field or a place beside one. */
  field(name) {
    return this.page.locator(`#${this.uses.prefix}-${name}`);
  }

  /** What says that a payment is still open. */
  get offer() {
    return this.form.locator(".open-intents");
  }

  /** Goes to the article. */
  async read() {
    await this.visitor.go(this.article.path);
    if (this.scripts) await this.visitor.live();
  }

  /** Taps Praise, which opens the sheet or leads to the page. */
  async reach(form = this.scripts ? SHEET : PAGE) {
    this.uses = form;
    await this.page.locator("#praise-link").click();
    await (form === SHEET ? this.form.waitFor() : this.page.waitForURL("**/praise"));
  }

  /** Goes straight to a form: to the sheet of the article asked for anew, or to the page, which may
   * be filled in by its address. */
  async goTo(form, filled = "") {
    if (form === SHEET) {
      await this.read();
      await this.reach();
    } else {
      this.uses = PAGE;
      await this.visitor.go(`${this.article.path}/praise${filled}`);
    }
  }

  /** Fills in what is named. `preset` is in minor units, `amount` is typed. */
  async choose({ preset, amount, note, visibility }) {
    if (amount !== undefined && this.scripts && this.uses === PAGE) {
      // Nothing chooses the radio while typing there, and what is kept is which one is chosen.
      await this.form.locator("label:has(input[value=custom])").click();
    }
    if (preset) await this.form.locator(`label:has(input[value="${preset}"])`).click();
    if (amount !== undefined) {
      // Without scripts nothing chooses the radio while typing, and nothing needs to.
      await this.field("amount").fill(amount);
      await this.field("amount").blur();
    }
    if (note !== undefined) await this.field("note").fill(note);
    if (visibility) await this.form.locator(`input[value=${visibility}]`).check();
  }

  /** Asserts what stands in the form, and that nothing else does. */
  async holds({ amount = "", note = "", visibility, preset = "custom" }) {
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

  /** What the form says it will do: the line in the sheet, or the page that asks once more. */
  async says() {
    if (this.uses === SHEET) return this.form.locator("[role=status]").innerText();
    await this.form.locator("button[value=review]").click();
    const said = this.page.locator(".card > .give, .wrong");
    await said.first().waitFor();
    return (await said.allInnerTexts()).join("\n");
  }

  /** From the page that asks once more back to the fields. */
  async edit() {
    if (this.uses === SHEET) return;
    await this.page.locator("button[value=edit]").click();
    await this.field("amount").waitFor();
  }

  /** Goes to payment: in the sheet at once, on the page by way of the one that asks once more. */
  async pay() {
    const review = this.form.locator("button[value=review]");
    if (this.uses === PAGE && (await review.count())) await review.click();
    await this.form.locator("button[value=pay]").click();
  }

  /** From the article to the cashier, with what is typed on the way. */
  async toCashier(typed) {
    await this.read();
    await this.reach();
    await this.choose(typed);
    await this.payAtCashier();
  }

  /** Goes to payment and waits for the cashier. Returns its address, which is the attempt's own. */
  async payAtCashier() {
    await this.pay();
    await this.page.waitForURL("**/sandbox/cashier/*");
    return this.page.url();
  }

  /** Does something at the cashier, and is back. */
  async atCashier(action) {
    await this.page.locator(`button[value=${action}]`).click();
    await this.page.waitForURL("**/i/*");
  }

  /** From what became of it to the article. */
  async backToArticle() {
    await this.page.locator(`.back a[href='${this.article.path}']`).click();
  }

  /** The id of the attempt whose page is shown. */
  get intent() {
    return new URL(this.page.url()).pathname.replace("/i/", "");
  }

  /** What the page of an attempt shows: its heading, its icon, all of its text. */
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
