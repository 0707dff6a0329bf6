//! Reads the members of a control's JSON body one by one, so that each refusal names its member.

use serde_json::Value as Json;
use shared::money::Currency;
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
