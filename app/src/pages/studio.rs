//! `/studio`: the praises of a writer's accounts.

use leptos::prelude::*;
use shared::api::StudioPraise;
use shared::limits::Limits;
use shared::machine::PraiseState;

use crate::address;
use crate::datetime;
use crate::document::Document;
use crate::page::{PageContext, StudioPage, StudioSection};
use crate::parts::{not_ready, quote, reader_name, state_chip};
use crate::words::Words;

pub(super) fn page(context: &PageContext, page: StudioPage) -> Document {
    let words = Words::of(context.lang);
    let empty =
        page.accounts.is_empty().then(|| view! { <p class="empty">{words.studio_empty}</p> });
    let sections = page.accounts.into_iter().map(|account| section(account, words)).collect_view();
    Document::private(
        words.studio_title,
        view! {
            <div class="title-row">
                <h1>{words.studio_title}</h1>
                <a href="/studio/tokens">{words.tokens_title}</a>
            </div>
            {empty}
            {sections}
        },
    )
}

fn section(section: StudioSection, words: &'static Words) -> AnyView {
    let StudioSection { account, praises, next_cursor } = section;
    let hint = (words.studio_confirming_hint)(Limits::of(account.currency).undo_minutes);
    let heading = format!("studio-{}", account.handle);
    let figures = [
        (words.studio_confirming, account.confirming.to_string()),
        (words.studio_held, account.held.to_string()),
        (words.studio_due, account.due.to_string()),
        (words.studio_articles, account.articles.to_string()),
    ]
    .map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    let list = if praises.is_empty() {
        view! { <p class="empty">{words.studio_no_praises}</p> }.into_any()
    } else {
        let rows = praises.into_iter().map(|praise| row(praise, words)).collect_view();
        view! { <ul class="plain rows">{rows}</ul> }.into_any()
    };
    let older = next_cursor.map(|cursor| {
        let href = format!(
            "/studio?account={}&cursor={}",
            address::encode(&account.handle),
            address::encode(&cursor)
        );
        view! { <p class="more"><a class="button quiet" href=href>{words.older_praises}</a></p> }
    });
    view! {
        <section class="studio" aria-labelledby=heading>
            <h2 id=heading.clone()>
                <a href=address::account(&account.handle) dir="auto">{account.name}</a>
            </h2>
            {not_ready(account.not_ready.into_iter().map(words.not_ready).collect(), words)}
            <dl class="figures">{figures}</dl>
            {(account.confirming > 0).then(|| view! { <p class="hint">{hint}</p> })}
            <h3 class="visually-hidden">{words.studio_praises}</h3>
            {list}
            {older}
        </section>
    }
    .into_any()
}

fn row(praise: StudioPraise, words: &'static Words) -> AnyView {
    let currency = praise.amount.currency;
    let date = |moment| datetime::date(words, moment, currency);
    let reader = reader_name(&praise, words);
    let label = (words.reply_open)(&reader);
    let reply = praise.reply.map(|reply| quote(words.reply_done.to_owned(), reply.text));
    let held = (praise.state == PraiseState::Held)
        .then(|| datetime::time_element(praise.due_at, (words.held_until)(&date(praise.due_at))));
    view! {
        <li class="row">
            <div class="row-head">
                <span class="who" dir="auto">{reader}</span>
                <strong class="sum">{praise.amount.to_string()}</strong>
            </div>
            {praise.note.map(|note| view! { <p class="note" dir="auto">{note}</p> })}
            <p class="meta">
                <a href=address::article(&praise.article.slug) dir="auto">{praise.article.title}</a>
                {datetime::time_element(praise.paid_at, date(praise.paid_at))}
            </p>
            {reply}
            <div class="row-foot">
                <p class="meta">
                    {state_chip(praise.state, words)}
                    {held}
                </p>
                <a href=address::studio_praise(&praise.id)>
                    <span aria-hidden="true">{words.studio_details}</span>
                    <span class="visually-hidden">{label}</span>
                </a>
            </div>
        </li>
    }
    .into_any()
}
