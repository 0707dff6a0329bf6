//! Pagination cursors.

use edge::pagination::Cursor;
use shared::money::MINOR_MAX;

use super::{feed, text};

const ID: &[char] = &['a', 'z', 'Z', '0', '9', '_', '~', '.', '%', '-'];

/// The moment and id of a cursor, parsed independently.
fn oracle(text: &str) -> Option<(i64, &str)> {
    let point = text.find('.')?;
    let (at, id) = (&text[..point], &text[point + 1..]);
    let digits = at.strip_prefix(['+', '-']).unwrap_or(at);
    let all_digits = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    let at = at.parse::<i128>().ok().filter(|_| all_digits)?;
    let at = i64::try_from(at).ok().filter(|at| (0..=MINOR_MAX).contains(at))?;
    let allowed = |c: char| c.is_ascii() && (c.is_alphanumeric() || c == '_');
    (id.len() <= 64 && id.chars().all(allowed)).then_some((at, id))
}

#[test]
fn cursors() {
    feed("cursor", |rng| {
        let at = (rng.next() >> rng.below(64)) as i64;
        let good = Cursor::after(at, &text::of(rng, ID, 70));
        let sent = match rng.below(4) {
            0 => good,
            1 => text::mutated(rng, &Cursor::after(1_795_339_800_000, "prs_0123456789abcdef")),
            2 => text::mutated(rng, &good),
            _ => text::noise(rng, 80),
        };
        let read = Cursor::parse(Some(&sent)).ok();
        assert_eq!(read.is_some(), oracle(&sent).is_some(), "{sent:?}");
        if let Some((at, id)) = oracle(&sent) {
            // It parses back to the same position.
            assert_eq!(Cursor::parse(Some(&Cursor::after(at, id))).ok(), read, "{sent:?}");
            // No other cursor parses to it.
            let next = Cursor::parse(Some(&Cursor::after(at ^ 1, id))).ok();
            assert_ne!(next, read, "{sent:?}");
        }
        read.is_some()
    });
}
