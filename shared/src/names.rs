//! Enumerations whose variants have names in the database.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error};

/// Reads a value from its name. A derived implementation would also read `{"name": null}`.
pub fn deserialize<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    from_name: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    let name = Cow::<str>::deserialize(deserializer)?;
    from_name(&name).ok_or_else(|| D::Error::custom("an unknown name"))
}

/// Defines an enumeration whose variants have the same name in SQL and in JSON, such as states,
/// kinds and reasons. The caller must have `serde`'s `Serialize` and `Deserialize` in scope. The
/// names are matched as `tt`: utoipa ignores `serde(rename)` if they are matched as `literal`.
#[macro_export]
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$one_doc:meta])* $one:ident = $text:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$one_doc])* #[serde(rename = $text)] $one,)+
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                $crate::names::deserialize(deserializer, $name::from_name)
            }
        }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [$name] = &[$($name::$one,)+];

            /// The name in the database, in JSON and in CSS classes.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$one => $text,)+ }
            }

            /// The variant with this name.
            pub fn from_name(name: &str) -> Option<$name> {
                match name { $($text => Some($name::$one),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
