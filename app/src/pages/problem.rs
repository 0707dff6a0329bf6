//! Any error as a page: what happened, what it means, and where to go next.

use leptos::prelude::*;
use shared::problem::Problem;

use crate::address;
use crate::document::Document;
use crate::page::{PageContext, ProblemPage};
use crate::parts::refusal::reopens;
use crate::words::Words;

pub(super) fn page(context: &PageContext, page: ProblemPage) -> Document {
    let (lang, words) = (context.lang, Words::of(context.lang));
    let ProblemPage { problem, request_id } = page;
    let title = problem.title(lang);
    let way_out = match problem {
        Problem::SignInNeeded => {
            view! { <a class="button" href=address::sign_in(&context.path)>{words.to_sign_in}</a> }
        }
        .into_any(),
        _ => view! { <a class="button" href="/">{words.to_home}</a> }.into_any(),
    };
    Document::private(
        title,
        view! {
            <section class="card outcome problem">
                <p class="status-code" aria-hidden="true">{problem.status()}</p>
                <h1>{title}</h1>
                <p>{problem.detail(lang)}</p>
                {reopens(&problem, lang)}
                <p class="actions">{way_out}</p>
                <p class="hint">{words.request_id} " " <code>{request_id}</code></p>
            </section>
        },
    )
}
