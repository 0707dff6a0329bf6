//! `/me/limits`: the limits that readers set for themselves.

use leptos::prelude::*;
use shared::api::{CurrencyLimits, OwnLimit};
use shared::lang::Lang;
use shared::money::Money;

use crate::datetime;
use crate::document::Document;
use crate::page::{LimitsInput, LimitsPage, PageContext};
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

pub(super) fn page(context: &PageContext, page: LimitsPage) -> Document {
    let lang = context.lang;
    let receipt = ReceiptWords::of(lang);
    let LimitsPage { limits, typed, saved } = page;
    let empty = limits.items.is_empty();
    let cards = limits.items.into_iter().map(|limits| {
        let typed = typed.as_ref().filter(|typed| typed.currency == limits.currency);
        let saved = saved == Some(limits.currency);
        card(&limits, typed, saved, lang)
    });
    Document::private(
        receipt.limits,
        view! {
            <h1>{receipt.limits}</h1>
            <p class="intro">{receipt.limits_intro}</p>
            {empty.then(|| view! { <p class="empty">{receipt.limits_empty}</p> })}
            {cards.collect_view()}
            <p class="back"><a href="/me">{receipt.all}</a></p>
        },
    )
}

fn card(limits: &CurrencyLimits, typed: Option<&LimitsInput>, saved: bool, lang: Lang) -> AnyView {
    let receipt = ReceiptWords::of(lang);
    let code = limits.currency.code();
    let stored = LimitsInput::of(limits);
    let input = typed.unwrap_or(&stored);
    let wrong = |name| typed.is_some_and(|typed| typed.wrong.contains(&name));
    let one = |name, label, limit: &OwnLimit, value: &str, used| {
        field(Field { code, name, label, limit, value, used, wrong: wrong(name) }, lang)
    };
    let saved = saved.then(|| view! { <p class="saved" role="status">{receipt.limits_saved}</p> });
    view! {
        <form class="card" method="post" action="/me/limits" id=code>
            <h2>{(receipt.limits_currency)(limits.currency)}</h2>
            {saved}
            <input type="hidden" name="currency" value=code/>
            {one("praise", receipt.limit_praise, &limits.praise, &input.praise, None)}
            {one("day", receipt.limit_day, &limits.day, &input.day, Some(limits.used_today))}
            {one(
                "month",
                receipt.limit_month,
                &limits.month,
                &input.month,
                Some(limits.used_this_month),
            )}
            <button class="button">{Words::of(lang).save}</button>
        </form>
    }
    .into_any()
}

struct Field<'a> {
    code: &'static str,
    name: &'static str,
    label: &'static str,
    limit: &'a OwnLimit,
    value: &'a str,
    used: Option<Money>,
    wrong: bool,
}

fn field(field: Field<'_>, lang: Lang) -> AnyView {
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let Field { code, name, label, limit, value, used, wrong } = field;
    let currency = limit.most.currency;
    let id = format!("{code}-{name}");
    let (hint_id, wrong_id) = (format!("{id}-hint"), format!("{id}-wrong"));
    let described = if wrong { format!("{hint_id} {wrong_id}") } else { hint_id.clone() };
    let most = limit.most.to_string();
    let raise = limit.raise.as_ref().map(|raise| {
        let from = datetime::date_time(words, raise.from, currency);
        match raise.limit {
            Some(limit) => (receipt.limit_raise)(&limit.to_string(), &from),
            None => (receipt.limit_raise_none)(&from),
        }
    });
    let used = used.map(|used| (receipt.limit_used)(&used.to_string()));
    let hint = [Some((receipt.limit_most)(&most)), used].into_iter().flatten();
    let hint = hint.collect::<Vec<_>>().join(words.gap);
    let value = value.to_owned();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <span class="money">
                <span aria-hidden="true">{currency.sign()}</span>
                <input
                    type="text"
                    id=id
                    name=name
                    inputmode="decimal"
                    autocomplete="off"
                    value=value
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=described
                />
            </span>
            <p class="hint" id=hint_id>{hint}</p>
            {raise.map(|raise| view! { <p class="hint raise">{raise}</p> })}
            {wrong.then(|| view! {
                <p class="wrong" id=wrong_id>{(receipt.limit_wrong)(&most)}</p>
            })}
        </div>
    }
    .into_any()
}
