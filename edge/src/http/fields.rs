//! Reads the fields of a JSON body one by one, so that each refusal names its field.

use serde_json::Value as Json;
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem};

/// A required text.
pub fn text<'a>(body: &'a Json, field: &'static str) -> Result<&'a str, Problem> {
    optional_text(body, field)?.ok_or(Problem::Field { field, expected: Expected::Text })
}

/// A text that may be missing or `null`.
pub fn optional_text<'a>(body: &'a Json, field: &'static str) -> Result<Option<&'a str>, Problem> {
    match body.get(field) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::Field { field, expected: Expected::Text }),
    }
}

/// The currency in the member `currency`. A refusal names it `field`, its path in the whole body.
pub fn currency(body: &Json, field: &'static str) -> Result<Currency, Problem> {
    let code = body.get("currency").and_then(Json::as_str);
    code.and_then(Currency::from_code)
        .ok_or(Problem::Field { field, expected: Expected::OneOf("CNY, USD") })
}

/// `"amount": {"currency": …, "minor": …}`, in minor units. The caller checks its bounds.
pub fn amount(body: &Json) -> Result<Money, Problem> {
    let amount = body.get("amount").filter(|amount| amount.is_object());
    let amount = amount.ok_or(Problem::Field { field: "amount", expected: Expected::Object })?;
    let currency = currency(amount, "amount.currency")?;
    let minor = amount.get("minor").and_then(Json::as_i64);
    let minor =
        minor.ok_or(Problem::Field { field: "amount.minor", expected: Expected::WholeNumber })?;
    Ok(Money::new(minor, currency))
}
