//! The limits that readers set for themselves.

use app::page::{Content, LimitsInput, LimitsPage};
use shared::amount::{self, AmountError};
use shared::api::{CurrencyLimits, UpdateLimits};
use shared::lang::Lang;
use shared::money::Currency;
use shared::problem::{Expected, Problem};

use crate::http::answer;
use crate::http::form::Fields;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::limits::reader_limits;
use crate::people::identity::Session;

/// `GET /me/limits?saved=`: `saved` is the currency whose limits were just saved
pub async fn limits(request: RequestContext) -> HandlerResult {
    let saved = request.query().get("saved").and_then(Currency::from_code);
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    show(&request, &services, &session, None, saved).await
}

/// `POST /me/limits`: `currency`, and `praise`, `day` and `month` in major units, empty for none
pub async fn update(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let form = request.form(&session).await?;
    let expected = Expected::OneOf("CNY, USD");
    let currency = Currency::from_code(form.text("currency"))
        .ok_or(Problem::Field { field: "currency", expected })?;
    let mut typed = typed(&form, currency);
    let limits = reader_limits::find(services.db(), services.now, &session.person_id).await?;
    let limits = limits.in_currency(currency).ok_or(Problem::NotFound)?;
    let update = read(&mut typed, limits);
    if typed.wrong.is_empty() {
        reader_limits::update(services.db(), services.now, &session.person_id, &update).await?;
        let code = currency.code();
        return Ok(answer::see_other(&format!("/me/limits?saved={code}#{code}"))?);
    }
    show(&request, &services, &session, Some(typed), None).await
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

/// Reads the changes that the fields ask for, and adds the names of wrong fields to `typed`. A
/// field with the text that the form showed changes nothing, so that a raise that waits keeps its
/// date.
fn read(typed: &mut LimitsInput, limits: &CurrencyLimits) -> UpdateLimits {
    let shown = LimitsInput::of(limits);
    let mut wrong = Vec::new();
    let mut one = |name, text: &str, shown: &str, most: i64| {
        if text == shown {
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
        praise_minor: one("praise", &typed.praise, &shown.praise, limits.praise.most.minor),
        day_minor: one("day", &typed.day, &shown.day, limits.day.most.minor),
        month_minor: one("month", &typed.month, &shown.month, limits.month.most.minor),
    };
    typed.wrong = wrong;
    update
}

async fn show(
    request: &RequestContext,
    services: &Services,
    session: &Session,
    typed: Option<LimitsInput>,
    saved: Option<Currency>,
) -> HandlerResult {
    let limits = reader_limits::find(services.db(), services.now, &session.person_id).await?;
    let status = if typed.is_some() { 422 } else { 200 };
    let page = LimitsPage { limits, typed, saved };
    request.page(Some(session), Lang::En, status, Content::Limits(Box::new(page)))
}
