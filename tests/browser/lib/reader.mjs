// One reader on the way from an article to what became of a praise. With scripts the form is the
// sheet, without them it is the page; what is done there and what is asked has the same names, so
// that one scenario is played both ways.

import { test } from "node:test";
import { Visitor } from "./browser.mjs";
import { person } from "./control.mjs";
import { WORDS } from "./words.mjs";

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
    return reader;
  }

  /** Where the fields are. */
  get form() {
    return this.page.locator(this.scripts ? "#praise-sheet" : "#main");
  }

  /** A field or a place beside one. */
  field(name) {
    return this.page.locator(`#${this.scripts ? "sheet" : "form"}-${name}`);
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

  /** Taps Praise. */
  async reach() {
    await this.page.locator("#praise-link").click();
    await (this.scripts ? this.form.waitFor() : this.page.waitForURL("**/praise"));
  }

  /** Fills in what is named. `preset` is in minor units, `amount` is typed. */
  async choose({ preset, amount, note, visibility }) {
    if (preset) await this.form.locator(`label:has(input[value="${preset}"])`).click();
    if (amount !== undefined) {
      // Without scripts nothing chooses the radio while typing, and nothing needs to.
      await this.field("amount").fill(amount);
      await this.field("amount").blur();
    }
    if (note !== undefined) await this.field("note").fill(note);
    if (visibility) await this.form.locator(`input[value=${visibility}]`).check();
  }

  /** What the form says it will do: the line in the sheet, or the page that asks once more. */
  async says() {
    if (this.scripts) return this.form.locator("[role=status]").innerText();
    await this.form.locator("button[value=review]").click();
    const said = this.page.locator(".card > .give, .wrong");
    await said.first().waitFor();
    return (await said.allInnerTexts()).join("\n");
  }

  /** From the page that asks once more back to the fields. */
  async edit() {
    if (this.scripts) return;
    await this.page.locator("button[value=edit]").click();
    await this.field("amount").waitFor();
  }

  /** Goes to payment: in the sheet at once, on the page by way of the one that asks once more. */
  async pay() {
    const review = this.form.locator("button[value=review]");
    if (!this.scripts && (await review.count())) await review.click();
    await this.form.locator("button[value=pay]").click();
  }

  /** From the article to the cashier, with 8.88 and a note that only the writer sees. */
  async toCashier(note) {
    await this.read();
    await this.reach();
    await this.choose({ amount: "8.88", note, visibility: "writer" });
    await this.payAtCashier();
  }

  /** Goes to payment and waits for the cashier. */
  async payAtCashier() {
    await this.pay();
    await this.page.waitForURL("**/sandbox/cashier/*");
  }

  /** Does something at the cashier, and is back. */
  async atCashier(action) {
    await this.page.locator(`button[value=${action}]`).click();
    await this.page.waitForURL("**/i/*");
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
