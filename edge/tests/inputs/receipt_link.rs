//! The links to receipts.

use edge::people::receipt_link::Signer;
use shared::calendar::Moment;

use super::{feed, text};

const ID: &[char] = &['a', 'z', '0', '9', '_', '.', '雪'];

#[test]
fn receipt_links() {
    let now = Moment::from_ms(0);
    let signer = |key: &str| Signer::new(&key.repeat(43)).expect("a long key");
    let (ours, other) = (signer("a"), signer("b"));
    feed("receipt_link", |rng| {
        let id = text::of(rng, ID, 30);
        let sent = match rng.below(5) {
            0 => ours.token(&id),
            1 => other.token(&id),
            2 => text::mutated(rng, &ours.token(&id)),
            3 => text::mutated(rng, &id),
            _ => text::noise(rng, 80),
        };
        let opened = ours.praise_id(&sent, now);
        // Only what was signed opens anything, and it opens what was signed.
        assert_eq!(opened.is_some(), opened.is_some_and(|id| ours.token(id) == sent), "{sent:?}");
        assert_eq!(ours.praise_id(&ours.token(&id), now), Some(id.as_str()));
        opened.is_some()
    });
}
