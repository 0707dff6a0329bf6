//! A payer's daily limit: the total that one card, wallet or openid pays for praises in a day, for
//! all persons who use it. A payment is counted when it is booked, because the provider reports the
//! payer only then.

use shared::money::Money;

use crate::database::{Statement, Value};

/// Returns the statement that counts a payment on the day on which it was paid. The schema refuses
/// more than the limit with the rule `payer_day_cap`.
pub(super) fn count(
    provider: &str,
    payer: &str,
    amount: Money,
    day: &str,
    policy_version: i64,
) -> Statement {
    Statement::new(
        "INSERT INTO payer_day (provider, payer, currency, day, policy_version, booked_minor)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (provider, payer, currency, day) DO UPDATE SET
           booked_minor = booked_minor + excluded.booked_minor,
           policy_version = max(policy_version, excluded.policy_version)",
        [
            Value::from(provider),
            payer.into(),
            amount.currency.into(),
            day.into(),
            policy_version.into(),
            amount.minor.into(),
        ],
    )
}

/// Returns the statement that takes a payment out of the count again, because its praise was undone.
pub(crate) fn release(provider: &str, payer: &str, amount: Money, day: &str) -> Statement {
    Statement::new(
        "UPDATE payer_day SET booked_minor = booked_minor - CAST(?5 AS INTEGER)
         WHERE provider = ?1 AND payer = ?2 AND currency = ?3 AND day = ?4",
        [
            Value::from(provider),
            payer.into(),
            amount.currency.into(),
            day.into(),
            amount.minor.into(),
        ],
    )
}
