//! The limits that readers set for themselves.

use app::page::{Content, LimitsInput, LimitsPage};
use shared::amount::{self, AmountError};
use shared::api::{CurrencyLimits, UpdateLimits};
use shared::lang::Lang;
use shared::money::Currency;
use shared::problem::{Expected, Problem};

use crate::http::answer;
use crate::http::form::Fields;
use crate::http::visit::{Answer, Visit};
use crate::reader_limits;

/// `GET /me/limits?saved=`
pub async fn limits(visit: Visit) -> Answer {
    let saved = visit.query().get("saved").and_then(Currency::from_code);
    show(&visit, None, saved).await
}

/// `POST /me/limits`: `currency`, and `praise`, `day` and `month` in major units, empty for none
pub async fn update(mut visit: Visit) -> Answer {
    let form = visit.form().await?;
    let expected = Expected::OneOf("CNY, USD");
    let currency = Currency::from_code(form.text("currency"))
        .ok_or(Problem::Field { field: "currency", expected })?;
    let mut typed = typed(&form, currency);
    {
        let site = visit.site().await?;
        let session = visit.signed_in(&site).await?;
        let limits = reader_limits::find(site.db(), site.now, &session.person_id).await?;
        let limits = limits.in_currency(currency).ok_or(Problem::NotFound)?;
        let update = read(&mut typed, limits);
        if typed.wrong.is_empty() {
            reader_limits::update(site.db(), site.now, &session.person_id, &update).await?;
        }
    }
    if typed.wrong.is_empty() {
        let code = currency.code();
        return Ok(answer::see_other(&format!("/me/limits?saved={code}#{code}"))?);
    }
    show(&visit, Some(typed), None).await
}

fn typed(form: &Fields, currency: Currency) -> LimitsInput {
    let text = |name| form.text(name).trim().to_owned();
    LimitsInput {
        currency,
        praise: text("praise"),
        day: text("day"),
        month: text("month"),
        wrong: Vec::new(),
    }
}

/// What the fields ask for. A field that reads as it was shown asks for nothing: a raise that waits
/// goes on waiting.
fn read(typed: &mut LimitsInput, limits: &CurrencyLimits) -> UpdateLimits {
    let kept = LimitsInput::of(limits);
    let mut wrong = Vec::new();
    let mut one = |name, text: &str, kept: &str, most: i64| {
        if text == kept {
            return None;
        }
        match amount::read(text, typed.currency) {
            Ok(money) if money.minor <= most => Some(Some(money.minor)),
            Err(AmountError::Missing) => Some(None),
            _ => {
                wrong.push(name);
                None
            }
        }
    };
    let update = UpdateLimits {
        currency: typed.currency,
        praise_minor: one("praise", &typed.praise, &kept.praise, limits.praise.most.minor),
        day_minor: one("day", &typed.day, &kept.day, limits.day.most.minor),
        month_minor: one("month", &typed.month, &kept.month, limits.month.most.minor),
    };
    typed.wrong = wrong;
    update
}

async fn show(visit: &Visit, typed: Option<LimitsInput>, saved: Option<Currency>) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let limits = reader_limits::find(site.db(), site.now, &session.person_id).await?;
    let status = if typed.is_some() { 422 } else { 200 };
    let page = LimitsPage { limits, typed, saved };
    visit.page(Some(&session), Lang::En, status, Content::Limits(Box::new(page)))
}
