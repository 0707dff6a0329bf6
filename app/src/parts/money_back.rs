//! Money that arrived and did not become a praise, in words.

use leptos::prelude::*;
use shared::api::{MoneyBack, MoneyBackState};

use crate::when;
use crate::words::Words;

/// When it arrived, and what has become of it.
pub(crate) fn money_back(money: &MoneyBack, words: &'static Words) -> AnyView {
    let currency = money.amount.currency;
    let date = |moment| when::date(words, moment, currency);
    let arrived =
        (words.money_arrived)(&money.amount.to_string(), &date(money.paid_at), money.late);
    let number = money.refund.as_ref().map_or("", |refund| refund.id.as_str());
    let sent = date(money.sent_back_at.unwrap_or(money.paid_at));
    let became = match (money.state, money.returned_at) {
        (MoneyBackState::InReview, _) => words.money_in_review.to_owned(),
        (MoneyBackState::BackByBank, _) => words.money_back_by_bank.to_owned(),
        (MoneyBackState::Returned, Some(back)) => {
            (words.money_returned)(&sent, number, &date(back))
        }
        _ => (words.money_returning)(&sent, number),
    };
    view! { <p class="money-back">{arrived} " " {became}</p> }.into_any()
}
