//! Every error as a page: what happened, what it means, and the way out.

use leptos::prelude::*;
use shared::problem::Problem;

use crate::address;
use crate::document::Document;
use crate::page::{Frame, ProblemPage};
use crate::when;
use crate::words::Words;

pub(super) fn page(frame: &Frame, page: ProblemPage) -> Document {
    let (lang, words) = (frame.lang, Words::of(frame.lang));
    let ProblemPage { problem, request_id } = page;
    let title = problem.title(lang);
    let reopens = problem.reopens_at().map(|moment| {
        let at = problem.limit().map_or(when::home(lang), |limit| limit.currency);
        view! { <p>{(words.reopens)(&when::date_time(words, moment, at))}</p> }
    });
    let way_out = match problem {
        Problem::SignInNeeded => {
            view! { <a class="button" href=address::sign_in(&frame.path)>{words.to_sign_in}</a> }
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
                {reopens}
                <p class="actions">{way_out}</p>
                <p class="hint">{words.request_id} " " <code>{request_id}</code></p>
            </section>
        },
    )
}
