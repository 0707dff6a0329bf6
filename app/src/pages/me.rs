//! `/me`: what a reader gave, and how they are called.

use leptos::prelude::*;
use shared::api::ReaderPraise;
use shared::lang::Lang;
use shared::limits::NAME_MAX_GRAPHEMES;
use shared::machine::PraiseState;
use shared::problem::Problem;
use shared::text::TextError;

use crate::address;
use crate::document::Document;
use crate::page::{Frame, MePage};
use crate::pages::praise_form::open_intents;
use crate::parts::older;
use crate::parts::praise_fields::problem;
use crate::when;
use crate::words::Words;

pub(super) fn page(frame: &Frame, mut page: MePage) -> Document {
    let words = Words::of(frame.lang);
    let open = open_intents(std::mem::take(&mut page.open), words);
    let praises = std::mem::take(&mut page.praises);
    let cursor = page.next_cursor.take();
    let given = if praises.is_empty() {
        view! { <p class="empty">{words.me_empty}</p> }.into_any()
    } else {
        let rows = praises.into_iter().map(|praise| row(praise, words)).collect_view();
        view! { <ul class="plain rows">{rows}</ul> }.into_any()
    };
    Document::private(
        words.me_title,
        view! {
            <h1>{words.me_title}</h1>
            {open}
            <section class="given">
                <h2 class="spoken">{words.me_praises}</h2>
                {given}
                {older("/me", cursor, words)}
            </section>
            {about(frame.lang, page)}
            <form class="sign-out" method="post" action="/sign-out">
                <button class="button quiet">{words.sign_out}</button>
            </form>
        },
    )
}

fn row(praise: ReaderPraise, words: &'static Words) -> AnyView {
    let currency = praise.amount.currency;
    let date = |moment| when::date(words, moment, currency);
    let paid = (words.praised_on)(&date(praise.paid_at));
    let held = (praise.state == PraiseState::Held)
        .then(|| when::stamp(praise.due_at, (words.held_until)(&date(praise.due_at))));
    let seen_by = (words.seen_by)(&praise.article.account_name, praise.visibility);
    view! {
        <li class="row">
            <div class="row-head">
                <a href=address::article(&praise.article.slug)>{praise.article.title}</a>
                <strong class="sum">{praise.amount.to_string()}</strong>
            </div>
            <p class="meta">
                <span>{praise.article.account_name}</span>
                {when::stamp(praise.paid_at, paid)}
                <span>{seen_by}</span>
            </p>
            {praise.note.map(|note| view! { <p class="note">{note}</p> })}
            <p class="meta">
                <span class=format!("state {}", praise.state.as_str())>
                    {(words.praise_state)(praise.state)}
                </span>
                {held}
            </p>
        </li>
    }
    .into_any()
}

fn about(lang: Lang, page: MePage) -> AnyView {
    let words = Words::of(lang);
    let wrong = page.problem.map(|problem| match problem {
        Problem::Text { error: TextError::TooLong(max), .. } => (words.name_too_long)(max),
        other => other.detail(lang),
    });
    let error_id = wrong.is_some().then(|| "name-error".to_owned());
    let described = if wrong.is_some() { "name-hint name-error" } else { "name-hint" };
    let chosen = page.lang;
    let languages = Lang::ALL.map(|lang| {
        view! {
            <option value=lang.tag() lang=lang.tag() selected=chosen == Some(lang)>
                {lang.own_name()}
            </option>
        }
    });
    view! {
        <section class="card" id="about">
            <h2>{words.me_about}</h2>
            {page.saved.then(|| view! { <p class="saved" role="status">{words.saved}</p> })}
            <form method="post" action="/me">
                <div class="field">
                    <label for="name">{words.name_label}</label>
                    <input
                        type="text"
                        id="name"
                        name="name"
                        autocomplete="nickname"
                        value=page.name
                        aria-invalid=wrong.is_some().then_some("true")
                        aria-describedby=described
                    />
                    <p class="hint" id="name-hint">{(words.name_hint)(NAME_MAX_GRAPHEMES)}</p>
                    {problem(wrong, error_id)}
                </div>
                <div class="field">
                    <label for="lang">{words.lang_label}</label>
                    <select id="lang" name="lang">
                        <option value="" selected=chosen.is_none()>{words.lang_follow}</option>
                        {languages}
                    </select>
                </div>
                <button class="button">{words.save}</button>
            </form>
        </section>
    }
    .into_any()
}
