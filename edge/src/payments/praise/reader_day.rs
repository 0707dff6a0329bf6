//! A reader's daily limit: an attempt reserves its amount when it starts, and releases it when it
//! ends without a payment.

use shared::money::Money;

use crate::database::{Statement, Value};

/// Returns the statement that reserves `amount` in the reader's daily limit. The schema refuses
/// more than the limit with the rule `reader_day_cap`.
pub(super) fn reserve(person_id: &str, amount: Money, day: &str, policy_version: i64) -> Statement {
    Statement::new(
        "INSERT INTO reader_day (person_id, currency, day, policy_version, reserved_minor)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (person_id, currency, day) DO UPDATE SET
           reserved_minor = reserved_minor + excluded.reserved_minor,
           policy_version = max(policy_version, excluded.policy_version)",
        [
            Value::from(person_id),
            amount.currency.into(),
            day.into(),
            policy_version.into(),
            amount.minor.into(),
        ],
    )
}

/// Returns the statement that releases the reserved amount of an attempt.
pub(super) fn release(intent_id: &str) -> Statement {
    Statement::new(
        "UPDATE reader_day SET reserved_minor = reserved_minor - intent.amount_minor
         FROM intent
         WHERE intent.id = ?1 AND reader_day.person_id = intent.person_id
           AND reader_day.currency = intent.currency AND reader_day.day = intent.reader_day",
        [Value::from(intent_id)],
    )
}
