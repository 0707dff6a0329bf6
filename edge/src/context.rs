//! The arguments of every use case: the database, the payment provider, the current time and a
//! source of randomness. A use case never reads the clock or draws random bytes by itself, so a
//! test controls both.

use shared::calendar::Moment;
use shared::id::Kind;

use crate::database::Database;
use crate::entropy::Entropy;
use crate::provider::PaymentProvider;

/// The arguments of a use case.
pub struct Context<'a, D: Database, P: PaymentProvider> {
    /// The database.
    pub db: &'a D,
    /// The payment provider.
    pub provider: &'a P,
    /// The current time, read once per request or job.
    pub now: Moment,
    /// The source of ids and tokens.
    pub entropy: &'a dyn Entropy,
}

impl<D: Database, P: PaymentProvider> Context<'_, D, P> {
    /// Returns a new random id of this kind.
    pub fn id(&self, kind: Kind) -> String {
        kind.id(self.entropy.bytes())
    }
}
