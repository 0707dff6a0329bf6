//! `/problems/{code}`: what a problem means and what to do about it. The `type` of every problem
//! document leads here.

use leptos::prelude::*;
use shared::problem::Problem;

use crate::document::Document;
use crate::page::{PageContext, ProblemEntryPage};
use crate::preview::Preview;
use crate::words::Words;
use crate::words::problem_entry::ProblemEntryWords;

pub(super) fn page(context: &PageContext, page: ProblemEntryPage) -> Document {
    let lang = context.lang;
    let (words, entry) = (Words::of(lang), ProblemEntryWords::of(lang));
    let ProblemEntryPage { problem } = page;
    let title = problem.title(lang);
    let meaning = problem.meaning(lang);
    let samples = problem.has_values().then(|| view! { <p class="hint">{entry.samples}</p> });
    let document = Document::public(
        title,
        view! {
            <section class="card">
                <h1>{title}</h1>
                <p>{meaning.clone()}</p>
                <h2>{entry.what_to_do}</h2>
                <p>{problem.way_out(lang)}</p>
                {samples}
            </section>
            <section>
                <h2>{entry.for_programs}</h2>
                <p>{entry.document.0}<code>"type"</code>{entry.document.1}</p>
                <dl class="facts">
                    <div><dt>{entry.code}</dt><dd><code>{problem.code()}</code></dd></div>
                    <div><dt>{entry.status}</dt><dd>{problem.status()}</dd></div>
                    <div><dt>{entry.kind}</dt><dd><code>{problem.path()}</code></dd></div>
                    {members(&problem, entry)}
                </dl>
            </section>
            <p class="back"><a href="/">{words.to_home}</a></p>
        },
    );
    Document { preview: Some(Preview::of_page(meaning, &context.path)), ..document }
}

/// What the answer carries beside the members that every problem document has.
fn members(problem: &Problem, entry: &'static ProblemEntryWords) -> Option<AnyView> {
    let members: Vec<&str> = [
        problem.field().map(|_| "field"),
        problem.limit().map(|_| "limit"),
        problem.reopens_at().map(|_| "reopens_at"),
        problem.retry_after_s().map(|_| "Retry-After"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let list = members.join(", ");
    (!members.is_empty()).then(|| {
        view! { <div><dt>{entry.members}</dt><dd><code>{list}</code></dd></div> }.into_any()
    })
}
