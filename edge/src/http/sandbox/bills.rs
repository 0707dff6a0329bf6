//! The control API for bills: makes a day's bill wrong, late or unreadable, and adds rows without a
//! transaction at the sandbox.

use serde_json::Value as Json;
use shared::calendar::Day;
use shared::money::Currency;
use shared::problem::{Expected, Problem};

use super::fields;
use crate::http::answer;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::provider::sandbox::bills::{self, FAULTS, Line};

/// `POST /sandbox/api/bills/faults` with `{"currency":…,"day":…,"fault":…,"number":…}` → 204: makes
/// the bill wrong. With `"mend":true`, removes the fault.
pub async fn fault(mut request: RequestContext) -> HandlerResult {
    let body = request.control_json().await?;
    let (currency, day) = bill_day(&body)?;
    let fault = fields::text(&body, "fault")?;
    if !FAULTS.contains(&fault) {
        return Err(Problem::Field { field: "fault", expected: Expected::SANDBOX_FAULT }.into());
    }
    let services = request.services().await?;
    let db = services.sandbox_db();
    if body.get("mend") == Some(&Json::Bool(true)) {
        bills::mend(db, currency, day, fault).await?;
    } else {
        let number = fields::optional_text(&body, "number")?.unwrap_or_default();
        bills::spoil(db, currency, day, fault, number).await?;
    }
    Ok(answer::no_content()?)
}

/// `POST /sandbox/api/bills/rows` with `{"currency":…,"day":…,"kind":…,"number":…,"reference":…,
/// "amount_minor":…,"fee_minor":…}` → 204: adds a row to the bill of that day.
pub async fn row(mut request: RequestContext) -> HandlerResult {
    let body = request.control_json().await?;
    let (currency, day) = bill_day(&body)?;
    let minor = |field: &'static str| {
        let expected = Expected::WholeNumber;
        body.get(field).and_then(Json::as_i64).ok_or(Problem::Field { field, expected })
    };
    let line = Line {
        at: day.starts_at(currency).ms(),
        kind: fields::text(&body, "kind")?.to_owned(),
        number: fields::text(&body, "number")?.to_owned(),
        reference: fields::optional_text(&body, "reference")?.unwrap_or_default().to_owned(),
        amount_minor: minor("amount_minor")?,
        fee_minor: Some(minor("fee_minor")?),
    };
    let services = request.services().await?;
    bills::plant(services.sandbox_db(), currency, day, &line).await?;
    Ok(answer::no_content()?)
}

fn bill_day(body: &Json) -> Result<(Currency, Day), Problem> {
    let currency = fields::currency(body, "currency")?;
    let day = Day::parse(fields::text(body, "day")?);
    let day = day.ok_or(Problem::Field { field: "day", expected: Expected::Text })?;
    Ok((currency, day))
}
