//! A payment that did not become a praise, in words.

use leptos::prelude::*;
use shared::api::{MoneyBack, MoneyBackState};

use crate::datetime;
use crate::words::Words;

/// When the payment arrived and where the money is now.
pub(crate) fn money_back(money: &MoneyBack, words: &'static Words) -> AnyView {
    let currency = money.amount.currency;
    let date = |moment| datetime::date(words, moment, currency);
    let arrived =
        (words.money_arrived)(&money.amount.to_string(), &date(money.paid_at), money.late);
    let number = money.refund.as_ref().map_or("", |refund| refund.id.as_str());
    let sent = date(money.sent_back_at.unwrap_or(money.paid_at));
    let outcome = match (money.state, money.returned_at) {
        (MoneyBackState::InReview, _) => words.money_in_review.to_owned(),
        (MoneyBackState::BackByBank, _) => words.money_back_by_bank.to_owned(),
        (MoneyBackState::Returned, Some(back)) => {
            (words.money_returned)(&sent, number, &date(back))
        }
        _ => (words.money_returning)(&sent, number),
    };
    let text = format!("{arrived}{}{outcome}", words.gap);
    view! { <p class="money-back">{text}</p> }.into_any()
}
