//! What every use case is given: the databases behind the seam, the provider, the moment, and
//! randomness. Nothing below this line asks for the time or draws a number by itself.

use shared::calendar::Moment;
use shared::id::Kind;

use crate::database::Database;
use crate::entropy::Entropy;
use crate::provider::PaymentProvider;

/// Everything a use case works with.
pub struct Context<'a, D: Database, P: PaymentProvider> {
    /// The record.
    pub db: &'a D,
    /// Where readers pay.
    pub provider: &'a P,
    /// Taken once per request or job.
    pub now: Moment,
    /// Where ids and tokens come from.
    pub entropy: &'a dyn Entropy,
}

impl<D: Database, P: PaymentProvider> Context<'_, D, P> {
    /// A fresh id.
    pub fn id(&self, kind: Kind) -> String {
        kind.id(self.entropy.bytes())
    }
}
