//! Bank cards at the sandbox. A real provider's page turns a card's digits into a token. Here the
//! token is `sbxcard_` and the digits, so that a test can choose the card. With the prefix
//! `sbxcard_unverified_`, the same digits are the same card with an unverified holder.

use crate::digest::sha256_start;
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
    let (_, last4) = digits.split_at_checked(digits.len() - 4).ok_or(ProviderError::NotFound)?;
    Ok(Card { fingerprint: fingerprint(digits), last4: last4.to_owned(), verified })
}

/// Returns the fingerprint of a card or wallet, the same for payments and payouts: from the digits of
/// the card, or from any other text for a wallet.
pub fn fingerprint(digits: &str) -> String {
    sha256_start(digits, 32)
}
