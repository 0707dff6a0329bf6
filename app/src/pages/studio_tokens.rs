//! `/studio/tokens`: a writer's tokens for programs that publish.

use leptos::prelude::*;
use shared::api::{CreatedToken, TokenRef};

use crate::address;
use crate::datetime;
use crate::document::Document;
use crate::page::{PageContext, StudioTokensPage};
use crate::parts::praise_fields::field_error;
use crate::words::Words;

pub(super) fn page(context: &PageContext, page: StudioTokensPage) -> Document {
    let words = Words::of(context.lang);
    let wrong = page.problem.map(|problem| problem.detail(context.lang));
    let error_id = wrong.is_some().then(|| "label-error".to_owned());
    let described = if wrong.is_some() { "label-hint label-error" } else { "label-hint" };
    let list = if page.tokens.is_empty() {
        view! { <p class="empty">{words.tokens_empty}</p> }.into_any()
    } else {
        let rows = page.tokens.into_iter().map(|token| row(context, token)).collect_view();
        view! { <ul class="plain rows">{rows}</ul> }.into_any()
    };
    Document::private(
        words.tokens_title,
        view! {
            <p class="back"><a href="/studio">{words.studio_title}</a></p>
            <h1>{words.tokens_title}</h1>
            <p class="intro">{words.tokens_intro}</p>
            {page.created.map(|created| new_token(created, words))}
            <form class="card" method="post" action="/studio/tokens">
                <div class="field">
                    <label for="label">{words.token_label}</label>
                    <input
                        type="text"
                        id="label"
                        name="label"
                        required=""
                        autocomplete="off"
                        value=page.label
                        aria-invalid=wrong.is_some().then_some("true")
                        aria-describedby=described
                    />
                    <p class="hint" id="label-hint">{words.token_hint}</p>
                    {field_error(wrong, error_id)}
                </div>
                <button class="button">{words.token_create}</button>
            </form>
            <section>
                <h2>{words.tokens_list}</h2>
                {list}
            </section>
        },
    )
}

fn new_token(created: CreatedToken, words: &'static Words) -> AnyView {
    view! {
        <section class="card new-token" role="status">
            <h2>{words.token_created}</h2>
            <p><code class="secret">{created.token}</code></p>
            <p class="hint">{words.token_once}</p>
        </section>
    }
    .into_any()
}

fn row(context: &PageContext, token: TokenRef) -> AnyView {
    let words = Words::of(context.lang);
    let made = datetime::date(words, token.created_at, datetime::zone_of(context.lang));
    let expires = datetime::date(words, token.expires_at, datetime::zone_of(context.lang));
    let revoke = (words.token_revoke)(&token.label);
    view! {
        <li class="row token">
            <div>
                <strong dir="auto">{token.label}</strong>
                <p class="meta">
                    <span>{(words.token_scope)(&token.scope)}</span>
                    {datetime::time_element(token.created_at, (words.token_made)(&made))}
                    {datetime::time_element(token.expires_at, (words.token_expires)(&expires))}
                </p>
            </div>
            <form method="post" action=address::revoke_token(&token.id)>
                <button class="button quiet small" aria-label=revoke>{words.revoke}</button>
            </form>
        </li>
    }
    .into_any()
}
