//! Idempotency keys. The client chooses one key per intended praise, so that a retry is recognised.

/// A well-formed `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// Why a header value is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedKey;

impl IdempotencyKey {
    /// Minimum length in bytes: too long for two people to choose the same key by chance.
    pub const MIN_LEN: usize = 16;
    /// Maximum length in bytes.
    pub const MAX_LEN: usize = 128;

    /// Parses a header value. A structured-field string (`"8e03978e-…"`) and the bare value
    /// (`8e03978e-…`), which many clients send, give the same key. ASCII letters, digits, `-`,
    /// `_`, `.` and `:` are allowed, which covers UUIDs and ULIDs.
    pub fn parse(header: &str) -> Result<IdempotencyKey, MalformedKey> {
        let text = header.trim();
        let text = match text.strip_prefix('"') {
            Some(rest) => rest.strip_suffix('"').ok_or(MalformedKey)?,
            None => text,
        };
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
        if (Self::MIN_LEN..=Self::MAX_LEN).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(IdempotencyKey(text.to_owned()))
        } else {
            Err(MalformedKey)
        }
    }

    /// The key without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quoted_and_bare_are_the_same_key() {
        let bare = IdempotencyKey::parse("8e03978e-40d5-43e8-bc93-6894a57f9324").unwrap();
        let quoted = IdempotencyKey::parse("\"8e03978e-40d5-43e8-bc93-6894a57f9324\"").unwrap();
        assert_eq!(bare, quoted);
        assert_eq!(quoted.as_str(), "8e03978e-40d5-43e8-bc93-6894a57f9324");
    }

    #[test]
    fn a_key_has_16_to_128_characters() {
        for length in [16, 128] {
            let text = "k".repeat(length);
            assert_eq!(IdempotencyKey::parse(&text).unwrap().as_str(), text);
        }
        for length in [15, 129] {
            assert_eq!(IdempotencyKey::parse(&"k".repeat(length)), Err(MalformedKey), "{length}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_key() {
        for bad in [
            "",
            "short",
            "\"8e03978e-40d5-43e8",
            "has space in it, long",
            "钥匙钥匙钥匙钥匙钥匙钥匙",
        ] {
            assert_eq!(IdempotencyKey::parse(bad), Err(MalformedKey), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_keeps_to_its_alphabet(header in ".{0,200}") {
            if let Ok(key) = IdempotencyKey::parse(&header) {
                prop_assert!(key.as_str().is_ascii());
                prop_assert!((IdempotencyKey::MIN_LEN..=IdempotencyKey::MAX_LEN).contains(&key.as_str().len()));
            }
        }
    }
}
