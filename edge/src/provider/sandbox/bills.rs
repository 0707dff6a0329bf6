//! The daily bill of the sandbox.

use shared::calendar::{Day, Moment};
use shared::money::Currency;

use super::Sandbox;
use crate::database::Database;
use crate::provider::{BillFile, Card, DisputeReport, PayoutReport, ProviderError};

pub(super) async fn bill<D: Database>(
    sandbox: &Sandbox<'_, D>,
    currency: Currency,
    day: Day,
    now: Moment,
) -> Result<BillFile, ProviderError> {
    Err(ProviderError::Unknown("todo".into()))
}
