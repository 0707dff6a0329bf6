//! Disputes at the sandbox.

use shared::calendar::{Day, Moment};
use shared::money::Currency;

use super::Sandbox;
use crate::database::Database;
use crate::provider::{BillFile, Card, DisputeReport, PayoutReport, ProviderError};

pub(super) async fn query_dispute<D: Database>(
    sandbox: &Sandbox<'_, D>,
    number: &str,
    now: Moment,
) -> Result<DisputeReport, ProviderError> {
    Err(ProviderError::Unknown("todo".into()))
}
