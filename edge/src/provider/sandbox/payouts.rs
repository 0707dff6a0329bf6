//! Transfers to bank cards at the sandbox.

use shared::calendar::{Day, Moment};
use shared::money::Currency;

use super::Sandbox;
use crate::database::Database;
use crate::provider::{BillFile, Card, DisputeReport, PayoutReport, ProviderError};

pub(super) async fn pay_out<D: Database>(
    sandbox: &Sandbox<'_, D>,
    body: &str,
    now: Moment,
) -> Result<PayoutReport, ProviderError> {
    Err(ProviderError::Unknown("todo".into()))
}

pub(super) async fn query_payout<D: Database>(
    sandbox: &Sandbox<'_, D>,
    number: &str,
    now: Moment,
) -> Result<PayoutReport, ProviderError> {
    Err(ProviderError::Unknown("todo".into()))
}

/// What one card is sent in a day: ¥20,000 and $3,000.
pub(super) const fn payee_day_minor(currency: Currency) -> i64 {
    match currency {
        Currency::Cny => 2_000_000,
        Currency::Usd => 300_000,
    }
}
