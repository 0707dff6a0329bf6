//! A refusal: what was refused, why, and when it is possible again.

use leptos::prelude::*;
use shared::lang::Lang;
use shared::problem::{Problem, WaitingIntent};

use crate::address;
use crate::datetime;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

/// A refusal in the words of its rule.
pub(crate) fn refusal(problem: &Problem, lang: Lang) -> AnyView {
    with_detail(problem, problem.detail(lang), lang)
}

/// Why a payment that arrived is refunded. The detail of a limit says "nothing was charged", which
/// is not true after a payment, so this names only the limit.
pub(crate) fn refusal_after_payment(problem: &Problem, lang: Lang) -> AnyView {
    let detail = match problem.limit() {
        Some(limit) => (Words::of(lang).the_limit)(&limit.to_string()),
        None => problem.detail(lang),
    };
    with_detail(problem, detail, lang)
}

/// When the refused action is possible again.
pub(crate) fn reopens(problem: &Problem, lang: Lang) -> Option<AnyView> {
    let words = Words::of(lang);
    let moment = problem.reopens_at()?;
    let waiting = problem.open_intent().map(|waiting| waiting.currency);
    let zone = problem.limit().map(|limit| limit.currency).or(waiting);
    let zone = zone.unwrap_or(datetime::zone_of(lang));
    let text = (words.reopens)(&datetime::date_time(words, moment, zone));
    Some(view! { <p>{text}</p> }.into_any())
}

fn with_detail(problem: &Problem, detail: String, lang: Lang) -> AnyView {
    // Readers can change the limits that they set themselves.
    let is_own_limit = matches!(
        problem,
        Problem::ReaderOwnPraise { .. }
            | Problem::ReaderOwnDay { .. }
            | Problem::ReaderOwnMonth { .. }
    );
    let limits = is_own_limit.then(|| {
        view! { <p><a href="/me/limits">{ReceiptWords::of(lang).limits_link}</a></p> }
    });
    let waiting = problem.open_intent().map(|waiting| waiting_intent(waiting, lang));
    view! {
        <p><strong>{problem.title(lang)}</strong></p>
        <p>{detail}</p>
        {reopens(problem, lang)}
        {limits}
        {waiting}
    }
    .into_any()
}

/// An unpaid attempt, with a link to continue it and a button to cancel it.
fn waiting_intent(waiting: &WaitingIntent, lang: Lang) -> AnyView {
    let words = Words::of(lang);
    let until = datetime::time(words, waiting.expires_at, waiting.currency);
    view! {
        <p class="for">{(words.form_for)(&waiting.title)}</p>
        <p class="hint">{(words.open_until)(&until)}</p>
        <div class="actions">
            <a class="button small" href=address::intent(&waiting.id)>{words.resume}</a>
            <form method="post" action=address::cancel_intent(&waiting.id)>
                <button class="button quiet small">{words.cancel}</button>
            </form>
        </div>
    }
    .into_any()
}
