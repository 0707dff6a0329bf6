//! The view of an article: its text, the praise section, and other articles of the account. The
//! edge renders it into the document. The client builds it in place when a reader opens the next
//! article.
//!
//! Only the sheet depends on who is signed in. The article, the wall and the counts do not.

use leptos::prelude::*;
use shared::amount::AmountError;
use shared::api::{Article, PraiseTerms};
use shared::lang::Lang;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::money::Money;

use crate::address;
use crate::datetime;
use crate::page::{ArticlePage, PraiseInput, Sheet};
use crate::parts::praise_fields::{FieldErrors, PraiseFields, PraiseFieldsProps, room_data};
use crate::parts::wall::wall;
use crate::parts::{account_link, article_list, logo};
use crate::sheet::PraiseSheet;
use crate::sheet::elements::{DIALOG_ID, OPENER_ID, SheetLabels};
use crate::words::article::ArticleWords;

/// The content of an article's page. `lang` is the language of the page, `name` what the reader is
/// called on the wall.
pub(crate) fn view(lang: Lang, name: String, page: ArticlePage) -> impl IntoView + use<> {
    let words = ArticleWords::of(lang);
    let ArticlePage { article, wall: praisers, wall_continued, others, sheet } = page;
    let account = article.summary.account.name.clone();
    let slug = article.summary.slug.clone();
    let terms = article.praise.terms.clone().filter(|_| article.praise.accepting);
    let ask = terms.as_ref().and_then(|terms| terms.ask.clone());
    let button = terms.is_some().then(|| praise_button(&slug, sheet.is_some(), words));
    let dialog =
        terms.zip(sheet).map(|(terms, sheet)| dialog(lang, &account, name, &slug, terms, sheet));
    let others = (!others.is_empty()).then(|| {
        view! {
            <section class="others">
                <h2>{(words.others)(&account)}</h2>
                {article_list(others, lang, false)}
            </section>
        }
    });
    let wall = wall(praisers, wall_continued, &slug, words);
    let praise = (button.is_some() || wall.is_some()).then(|| {
        view! {
            <section class="praise" id="praise" aria-label=words.praise>
                {ask.map(|ask| view! { <p class="ask" dir="auto">{ask}</p> })}
                {button}
                {wall}
            </section>
        }
    });
    view! {
        <ArticleText article=article lang=lang/>
        {praise}
        {dialog}
        {others}
    }
}

/// Title, author, date and text.
#[component]
fn ArticleText(
    /// The article.
    article: Article,
    /// Language of the page. The article keeps its own.
    lang: Lang,
) -> impl IntoView {
    let words = ArticleWords::of(lang);
    let Article { summary, author, html, .. } = article;
    let date = datetime::date(words, summary.published_at, datetime::zone_of(lang));
    view! {
        <article lang=summary.lang.tag()>
            <header class="article-head">
                <h1 dir="auto">{summary.title}</h1>
                <p class="meta" lang=lang.tag()>
                    {account_link(summary.account)}
                    {author.map(|author| view! { <span>{(words.author)(&author)}</span> })}
                    {datetime::time_element(summary.published_at, date)}
                </p>
            </header>
            <div class="prose" inner_html=html></div>
        </article>
    }
}

fn praise_button(
    slug: &str,
    has_sheet: bool,
    words: &'static ArticleWords,
) -> impl IntoView + use<> {
    view! {
        <p>
            <a
                class="button praise-button"
                id=OPENER_ID
                href=address::praise(slug)
                data-opens-sheet=has_sheet.then_some("")
                aria-haspopup=has_sheet.then_some("dialog")
            >
                {logo()}
                {words.praise}
            </a>
        </p>
        <p class="hint">{words.praise_optional}</p>
    }
}

/// The sheet: the same form as on the page in a closed dialog, with the island at its end. The
/// island reads its texts from `data-` attributes of the form. Errors have the same words as the
/// Worker's refusals.
fn dialog(
    lang: Lang,
    payee: &str,
    name: String,
    slug: &str,
    terms: PraiseTerms,
    sheet: Sheet,
) -> impl IntoView + use<> {
    let words = ArticleWords::of(lang);
    provide_context(SheetLabels { prompt: words.choose.to_owned(), pay: words.pay.to_owned() });
    let refusal = |error: AmountError| error.detail(lang);
    let money = |minor| Money::new(minor, terms.currency);
    let (before, after) = (words.give)(payee);
    let title = (words.form_title)(payee);
    let ask = terms.ask.clone();
    let (min, cap) = (money(terms.min_minor), money(terms.cap_minor));
    let currency = terms.currency.code();
    let (room_text, room_minor) = room_data(sheet.room, &terms, lang);
    let fields = PraiseFields(PraiseFieldsProps {
        lang,
        payee: payee.to_owned(),
        name,
        room: sheet.room,
        terms,
        input: PraiseInput { key: sheet.key, ..PraiseInput::default() },
        errors: FieldErrors::default(),
        prefix: "sheet",
    });
    view! {
        <dialog id=DIALOG_ID aria-labelledby="sheet-title">
            <div class="sheet">
                <header class="sheet-head">
                    <h2 id="sheet-title" tabindex="-1" autofocus="">{title}</h2>
                    <form method="dialog">
                        <button class="close" aria-label=words.close>
                            <svg viewBox="0 0 24 24" aria-hidden="true">
                                <path d="M6 6l12 12M18 6L6 18"></path>
                            </svg>
                        </button>
                    </form>
                </header>
                <form
                    class="sheet-form"
                    method="post"
                    action=address::praise(slug)
                    // `drafts.js` restores what was typed until it is paid. The browser's own form
                    // restoration would also bring back what is paid already.
                    autocomplete="off"
                    data-currency=currency
                    data-room=room_minor
                    data-left=room_text
                    data-choose=words.choose
                    data-who=words.choose_visibility
                    data-note=(words.note_too_long)(NOTE_MAX_GRAPHEMES)
                    data-number=refusal(AmountError::NotANumber)
                    data-places=refusal(AmountError::TooPrecise)
                    data-min=refusal(AmountError::BelowMinimum(min))
                    data-max=refusal(AmountError::AboveCap(cap))
                    data-before=before
                    data-after=after
                    data-offline=words.nothing_sent
                    data-pay=words.pay
                >
                    <div class="sheet-body">
                        {ask.map(|ask| view! { <p class="ask" dir="auto">{ask}</p> })}
                        {fields}
                        // `boot.js` puts open payments here after the sheet has opened. At the end
                        // of the form they do not move the fields under a finger.
                        <div class="sheet-open-intents" aria-live="polite"></div>
                    </div>
                    <div class="sheet-foot">
                        <PraiseSheet/>
                        <p class="hint">{words.praise_optional}</p>
                    </div>
                </form>
            </div>
        </dialog>
    }
}
