//! The `Idempotency-Key` header.

use shared::key::IdempotencyKey;

use super::{feed, text};

const ALPHABET: &[char] = &['a', 'Z', '0', '9', '-', '_', '.', ':'];

/// The key in a header, parsed independently.
fn oracle(header: &str) -> Option<&str> {
    let trimmed = header.trim();
    let key = if trimmed.starts_with('"') {
        trimmed.get(1..trimmed.len().checked_sub(1)?).filter(|_| trimmed.ends_with('"'))?
    } else {
        trimmed
    };
    let allowed = |c: char| c.is_ascii() && (c.is_alphanumeric() || "-_.:".contains(c));
    ((16..=128).contains(&key.chars().count()) && key.chars().all(allowed)).then_some(key)
}

#[test]
fn keys() {
    feed("key", |rng| {
        let good = text::of(rng, ALPHABET, 140);
        let header = match rng.below(5) {
            0 => good,
            1 => format!("\"{good}\""),
            2 => text::mutated(rng, "\"8e03978e-40d5-43e8-bc93-6894a57f9324\""),
            3 => text::mutated(rng, &good),
            _ => text::noise(rng, 160),
        };
        let read = IdempotencyKey::parse(&header).ok();
        assert_eq!(read.as_ref().map(IdempotencyKey::as_str), oracle(&header), "{header:?}");
        // A key is the same whether it is quoted, bare, or surrounded by blanks.
        if let Some(key) = &read {
            for same in [key.as_str().to_owned(), format!(" \"{}\"\t", key.as_str())] {
                assert_eq!(IdempotencyKey::parse(&same).as_ref(), Ok(key), "{same:?}");
            }
        }
        read.is_some()
    });
}
