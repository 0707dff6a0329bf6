//! Reads JSON objects. Derived implementations also read an array as a struct, member by member in
//! order, which nobody means.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// Reads a struct from an object, and from nothing else.
pub fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(Object { optional: false, of: PhantomData })?.ok_or_else(missing)
}

/// Reads a struct from an object, or nothing from `null`.
pub fn optional<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(Object { optional: true, of: PhantomData })
}

fn missing<E: Error>() -> E {
    E::custom("not an object")
}

struct Object<T> {
    optional: bool,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        if self.optional { Ok(None) } else { Err(missing()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use crate::money::{Currency, Money};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Both {
        #[serde(deserialize_with = "super::deserialize")]
        one: Money,
        #[serde(default, deserialize_with = "super::optional")]
        other: Option<Money>,
    }

    #[test]
    fn a_struct_is_an_object_and_not_an_array() {
        let read = |text: &str| serde_json::from_str::<Both>(text).ok();
        let money = r#"{"minor":1,"currency":"CNY"}"#;
        let one = Money::new(1, Currency::Cny);
        for (other, expected) in [
            ("".to_owned(), Some(None)),
            (r#","other":null"#.to_owned(), Some(None)),
            (format!(r#","other":{money}"#), Some(Some(one))),
            (r#","other":[1,"CNY"]"#.to_owned(), None),
            (r#","other":7"#.to_owned(), None),
        ] {
            let both = read(&format!(r#"{{"one":{money}{other}}}"#));
            assert_eq!(both, expected.map(|other| Both { one, other }), "{other}");
        }
        for wrong in ["[1,\"CNY\"]", "null", "7", "\"1\""] {
            assert_eq!(read(&format!(r#"{{"one":{wrong}}}"#)), None, "{wrong}");
        }
    }
}
