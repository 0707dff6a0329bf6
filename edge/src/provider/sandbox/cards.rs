//! Bank cards at the sandbox. A real provider's page turns a card's digits into a token. Here the
//! token is `sbxcard_` and the digits, so that a test can choose the card. With
//! `sbxcard_unverified_` it is the same card, but nobody has checked who holds it.

use crate::digest::sha256;
use crate::provider::{Card, ProviderError};

/// Looks up the card of a token.
pub(super) fn card(token: &str) -> Result<Card, ProviderError> {
    let rest = token.strip_prefix("sbxcard_").ok_or(ProviderError::NotFound)?;
    let (digits, verified) = match rest.strip_prefix("unverified_") {
        Some(digits) => (digits, false),
        None => (rest, true),
    };
    if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ProviderError::NotFound);
    }
    Ok(Card {
        fingerprint: fingerprint(digits),
        last4: digits[digits.len() - 4..].to_owned(),
        verified,
    })
}

/// Returns the fingerprint of what somebody pays or is paid with: the digits of a card, or any other
/// text for a wallet.
pub fn fingerprint(digits: &str) -> String {
    sha256(digits)[..32].to_owned()
}
