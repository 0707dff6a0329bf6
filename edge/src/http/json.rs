//! Reads JSON request bodies. The number of values is limited, because a parsed value takes far more
//! memory than its text: six megabytes of zeros, the limit of an article, could fill the Worker.
//! Duplicate members are refused, because parsers disagree about which of them counts.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};
use shared::limits::JSON_MAX_VALUES;
use shared::problem::{Expected, Problem};

/// Characters of a member's name that a refusal repeats.
const NAME_MAX_CHARS: usize = 40;

/// Reads a JSON object.
///
/// # Errors
///
/// [`Problem::BrokenBody`], [`Problem::TooManyValues`], [`Problem::DuplicateMember`], or
/// [`Problem::Field`] for JSON that is not an object.
pub fn object(bytes: &[u8]) -> Result<Json, Problem> {
    let (left, refusal) = (Cell::new(JSON_MAX_VALUES), RefCell::new(None));
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Bounded { left: &left, refusal: &refusal }.deserialize(&mut reader);
    match value.and_then(|value| reader.end().map(|()| value)) {
        Ok(object @ Json::Object(_)) => Ok(object),
        Ok(_) => Err(Problem::Field { field: "body", expected: Expected::Object }),
        Err(_) => Err(refusal.into_inner().unwrap_or(Problem::BrokenBody)),
    }
}

/// Reads one value, and everything in it.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    /// How many values may still come.
    left: &'a Cell<usize>,
    /// Why reading ended early.
    refusal: &'a RefCell<Option<Problem>>,
}

impl Bounded<'_> {
    fn refuse<E: Error>(self, problem: Problem) -> E {
        self.refusal.replace(Some(problem));
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        match self.left.get().checked_sub(1) {
            Some(left) => self.left.set(left),
            None => return Err(self.refuse(Problem::TooManyValues(JSON_MAX_VALUES))),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                let name = name.chars().take(NAME_MAX_CHARS).collect();
                return Err(self.refuse(Problem::DuplicateMember(name)));
            }
            let value = members.next_value_seed(self)?;
            object.insert(name, value);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Json, Problem> {
        object(text.as_bytes())
    }

    #[test]
    fn too_many_values_are_refused() {
        let array = |count: usize| format!("{{\"a\":[{}]}}", vec!["0"; count].join(","));
        // The object and the array are values, too.
        assert!(read(&array(JSON_MAX_VALUES - 2)).is_ok());
        for count in [JSON_MAX_VALUES - 1, 3_000_000] {
            assert_eq!(read(&array(count)), Err(Problem::TooManyValues(JSON_MAX_VALUES)));
        }
        let objects = format!("{{\"a\":[{}]}}", vec!["{}"; 1000].join(","));
        for many in [objects, "[".repeat(1000)] {
            assert_eq!(read(&many), Err(Problem::TooManyValues(JSON_MAX_VALUES)));
        }
    }

    #[test]
    fn a_duplicate_member_is_refused_at_any_depth() {
        let duplicate = |name: &str| Err(Problem::DuplicateMember(name.to_owned()));
        assert_eq!(read(r#"{"minor":1,"minor":2}"#), duplicate("minor"));
        assert_eq!(read(r#"{"a":{"b":[{"c":1,"d":2,"c":1}]}}"#), duplicate("c"));
        assert_eq!(read(r#"{"minor":1,"m\u0069nor":2}"#), duplicate("minor"));
        assert!(read(r#"{"a":{"b":1},"b":{"b":1}}"#).is_ok());
        let long = "n".repeat(10_000);
        assert_eq!(read(&format!(r#"{{"{long}":1,"{long}":1}}"#)), duplicate(&long[..40]));
    }

    #[test]
    fn only_one_object_is_accepted() {
        for broken in ["", "{", "{}x", "{} {}", "nul", "[[[", "{\"a\":1e999}"] {
            assert_eq!(read(broken), Err(Problem::BrokenBody), "{broken}");
        }
        for other in ["[]", "null", "7", "\"text\""] {
            assert!(matches!(read(other), Err(Problem::Field { field: "body", .. })), "{other}");
        }
    }

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<u64>().prop_map(Json::from),
            prop::num::f64::NORMAL.prop_map(Json::from),
            ".{0,8}".prop_map(Json::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                prop::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|members| Json::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn other_objects_are_read_like_serde_json(value in json()) {
            let text = serde_json::json!({ "value": value }).to_string();
            // Not `value` itself: some fractions change their last digit when they are read.
            let expected = serde_json::from_str::<Json>(&text);
            prop_assert_eq!(read(&text), Ok(expected.expect("it is JSON")));
        }
    }
}
