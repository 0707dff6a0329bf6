//! Reads JSON request bodies into the structs of the API. What a struct has no member for is skipped
//! and not kept. Beside its text, a body takes the memory of what the struct keeps of it and, up to
//! [`JSON_MAX_BYTES`], of the members' names.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_path_to_error::{Deserializer, Track};
use shared::limits::JSON_MAX_BYTES;
use shared::problem::{Expected, Problem};

/// Characters of a member's name that a refusal repeats.
const NAME_MAX_CHARS: usize = 40;

/// A struct that a request has as its body.
pub trait JsonBody: DeserializeOwned {
    /// The path of every member and what it has to be, for the refusal of another value.
    const MEMBERS: &'static [(&'static str, Expected)];
}

/// Reads a JSON object.
///
/// # Errors
///
/// [`Problem::BrokenBody`], [`Problem::DuplicateMember`], or [`Problem::Field`] for JSON that is not
/// an object, and for a member that is missing or wrong.
pub fn read<T: JsonBody>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::BrokenBody)?;
    // The error about a text in place of an object would repeat it, six times as long.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => Problem::Field { field: "body", expected: Expected::Object },
            Err(_) => Problem::BrokenBody,
        });
    }
    // This keeps names in memory, so a larger body is only checked for duplicates among the members
    // that the struct knows.
    if text.len() <= JSON_MAX_BYTES
        && let Err(error) = serde_json::from_str::<NoDuplicates>(text)
        && let Some(name) = quoted_after(&error.to_string(), "duplicate field `")
    {
        return Err(duplicate(name));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut track = Track::new();
    let value = shared::object::deserialize(Deserializer::new(&mut reader, &mut track));
    let error = match value.and_then(|value| reader.end().map(|()| value)) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // The category of the error does not tell: 7 in place of a name counts as broken JSON.
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Err(Problem::BrokenBody);
    }
    let says = error.to_string();
    if let Some(name) = quoted_after(&says, "duplicate field `") {
        return Err(duplicate(name));
    }
    let mut path = track.path().to_string();
    if let Some(name) = quoted_after(&says, "missing field `") {
        path = if path == "." { name.to_owned() } else { format!("{path}.{name}") };
    }
    // A member that the struct does not know is the fault of the object that it is in.
    loop {
        if let Some((field, expected)) = T::MEMBERS.iter().find(|(field, _)| *field == path) {
            return Err(Problem::Field { field, expected: expected.clone() });
        }
        match path.rfind('.') {
            Some(at) if at > 0 => path.truncate(at),
            _ => return Err(Problem::Field { field: "body", expected: Expected::Object }),
        }
    }
}

fn duplicate(name: &str) -> Problem {
    Problem::DuplicateMember(name.chars().take(NAME_MAX_CHARS).collect())
}

/// JSON without duplicate members, known to the struct or not. Names are kept only while their object
/// is read.
struct NoDuplicates;

impl<'de> Deserialize<'de> for NoDuplicates {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NoDuplicates)
    }
}

impl<'de> Visitor<'de> for NoDuplicates {
    type Value = NoDuplicates;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<NoDuplicates>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.contains(&name) {
                return Err(A::Error::custom(format!("duplicate field `{name}`")));
            }
            names.insert(name);
            members.next_value::<NoDuplicates>()?;
        }
        Ok(self)
    }
}

/// The text in backquotes that follows `start` at the start of an error of `serde`.
fn quoted_after<'a>(says: &'a str, start: &str) -> Option<&'a str> {
    says.strip_prefix(start)?.split('`').next()
}

#[cfg(test)]
mod tests {
    use shared::api::reconciliation::ProposeExplanation;
    use shared::api::{StartPraise, UpdateLimits};

    use super::*;

    const GOOD: &str = r#"{"amount":{"minor":1,"currency":"CNY"},"visibility":"public"}"#;

    /// The field that a refusal names, or the code of another problem.
    fn fault<T: JsonBody>(text: &str) -> String {
        match read::<T>(text.as_bytes()) {
            Ok(_) => "none".to_owned(),
            Err(Problem::Field { field, .. }) => field.to_owned(),
            Err(Problem::DuplicateMember(name)) => format!("{name} twice"),
            Err(problem) => problem.code().to_owned(),
        }
    }

    #[test]
    fn a_refusal_names_the_member() {
        let of = fault::<StartPraise>;
        assert_eq!(of(GOOD), "none");
        for (change, to, field) in [
            ("\"minor\":1", "\"minor\":1.5", "amount.minor"),
            ("\"minor\":1", "\"minor\":\"1\"", "amount.minor"),
            ("\"minor\":1", "\"minor\":null", "amount.minor"),
            ("\"minor\":1", "\"minor\":9223372036854775808", "amount.minor"),
            ("\"minor\":1,", "", "amount.minor"),
            ("CNY", "EUR", "amount.currency"),
            ("\"public\"", "\"everyone\"", "visibility"),
            ("\"public\"", "7", "visibility"),
            ("\"public\"", "{\"public\":null}", "visibility"),
            ("\"CNY\"", "{\"CNY\":null}", "amount.currency"),
            (",\"visibility\":\"public\"", "", "visibility"),
            ("{\"minor\":1,\"currency\":\"CNY\"}", "[1,\"CNY\"]", "amount"),
            ("{\"minor\":1,\"currency\":\"CNY\"}", "null", "amount"),
            ("\"visibility\"", "\"note\":5,\"visibility\"", "note"),
            ("\"visibility\"", "\"note\":null,\"visibility\"", "none"),
            ("\"visibility\"", "\"other\":[{}],\"visibility\"", "none"),
            ("\"minor\":1", "\"minor\":1,\"minor\":2", "minor twice"),
            ("\"minor\":1", "\"minor\":1,\"m\\u0069nor\":2", "minor twice"),
            ("\"minor\":1", "\"minor\":1e999", "amount.minor"),
            ("\"visibility\"", "\"x\":1,\"x\":1,\"visibility\"", "x twice"),
            ("\"minor\":1", "\"minor\":1,\"x\":[{\"y\":1,\"y\":2}]", "y twice"),
            ("\"visibility\"", "\"x\":{\"y\":1},\"y\":{\"y\":1},\"visibility\"", "none"),
        ] {
            let text = GOOD.replacen(change, to, 1);
            assert_ne!(text, GOOD);
            assert_eq!(of(&text), field, "{text}");
        }
        let of = fault::<ProposeExplanation>;
        assert_eq!(
            of(r#"{"posting":"belongs_to","belongs_to":{"kind":"funds"}}"#),
            "belongs_to.number"
        );
        assert_eq!(of(r#"{"posting":"no","reason":"x"}"#), "posting");
    }

    #[test]
    fn what_is_left_out_is_not_null() {
        let read = |text: &str| read::<UpdateLimits>(text.as_bytes()).map(|it| it.day_minor);
        assert_eq!(read(r#"{"currency":"CNY"}"#), Ok(None));
        assert_eq!(read(r#"{"currency":"CNY","day_minor":null}"#), Ok(Some(None)));
        assert_eq!(read(r#"{"currency":"CNY","day_minor":5}"#), Ok(Some(Some(5))));
    }

    #[test]
    fn only_one_object_is_accepted() {
        let of = fault::<StartPraise>;
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        for broken in ["", "{", "nul", "[[[", &deep, &format!("{GOOD}x"), &format!("{GOOD} {GOOD}")]
        {
            assert_eq!(of(broken), "body.broken", "{broken:.40}");
        }
        for other in ["[]", "null", "7", "\"text\"", "true"] {
            assert_eq!(of(other), "body", "{other}");
        }
    }
}
