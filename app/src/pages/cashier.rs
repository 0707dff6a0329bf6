//! `/sandbox/cashier/{order}`: stands in for a provider's payment page.

use leptos::prelude::*;

use crate::address;
use crate::datetime;
use crate::document::Document;
use crate::page::{CashierPage, CashierState, PageContext};
use crate::words::Words;
use crate::words::cashier::CashierWords;

pub(super) fn page(context: &PageContext, page: CashierPage) -> Document {
    let words = CashierWords::of(context.lang);
    let common = Words::of(context.lang);
    let until = datetime::time(common, page.expires_at, page.amount.currency);
    let actions = match page.state {
        CashierState::Open => open(&page, &until, words).into_any(),
        CashierState::Paid => closed(words.paid, &page.return_path, words).into_any(),
        CashierState::Closed => closed(words.closed, &page.return_path, words).into_any(),
    };
    let document = Document::private(
        words.title,
        view! {
            <div class="cashier">
                <p class="sandbox">{common.sandbox}</p>
                <h1>{words.title}</h1>
                <p class="hint">{words.intro}</p>
                <p class="total">{page.amount.to_string()}</p>
                <dl class="facts">
                    <div><dt>{words.to}</dt><dd dir="auto">{page.payee}</dd></div>
                    <div><dt>{words.description}</dt><dd>{page.description}</dd></div>
                    <div><dt>{words.order}</dt><dd><code>{page.order}</code></dd></div>
                </dl>
                {actions}
            </div>
        },
    );
    Document { bare: true, ..document }
}

fn open(page: &CashierPage, until: &str, words: &'static CashierWords) -> AnyView {
    view! {
        <form method="post" action=address::cashier(&page.order)>
            <div class="field">
                <label for="payer">{words.payer}</label>
                <input
                    type="text"
                    id="payer"
                    name="payer"
                    maxlength="60"
                    autocomplete="off"
                    aria-describedby="payer-hint"
                />
                <p class="hint" id="payer-hint">{words.payer_hint}</p>
            </div>
            <button class="button wide" name="action" value="pay">
                {(words.pay)(&page.amount.to_string())}
            </button>
            <button class="button quiet wide" name="action" value="decline">
                {words.decline}
            </button>
            <button class="button quiet wide" name="action" value="leave">
                {words.leave}
            </button>
            <button
                class="button quiet wide"
                name="action"
                value="pay_silently"
                aria-describedby="silently"
            >
                {words.pay_silently}
            </button>
            <p class="hint" id="silently">{words.pay_silently_hint}</p>
        </form>
        <p class="hint">{(words.until)(until)}</p>
    }
    .into_any()
}

fn closed(text: &'static str, return_path: &str, words: &'static CashierWords) -> AnyView {
    view! {
        <p role="status">{text}</p>
        <p><a class="button wide" href=return_path.to_owned()>{words.back}</a></p>
    }
    .into_any()
}
