//! Enumerations whose names are in the record.

/// Makes an enumeration whose names are the same in Rust, SQL and JSON, and written once: states,
/// kinds, reasons. Where it is used, `serde`'s `Serialize` and `Deserialize` are in scope. The names
/// are taken as tokens: utoipa does not see the renaming where they come as literals.
#[macro_export]
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$one_doc:meta])* $one:ident = $text:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$one_doc])* #[serde(rename = $text)] $one,)+
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [$name] = &[$($name::$one,)+];

            /// The name in the record, in JSON and in classes of pages.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$one => $text,)+ }
            }

            /// The one of this name.
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
