//! What one request or job runs with: the databases, the provider, the moment, randomness.

use shared::calendar::Moment;
use worker::Env;

use crate::context::{Context, Entropy};
use crate::database::d1::D1;
use crate::provider::chosen::Chosen;

/// Whether this deployment can run. The sandbox takes the cargo feature *and* `ENVIRONMENT=sandbox`;
/// everything else is refused with its cause, at fetch, scheduled and queue alike.
pub fn runs(env: &Env) -> Result<(), &'static str> {
    let environment = env.var("ENVIRONMENT").map(|var| var.to_string()).unwrap_or_default();
    let sandbox_built = cfg!(feature = "sandbox");
    match (environment.as_str(), sandbox_built) {
        ("sandbox", true) => Ok(()),
        ("sandbox", false) => Err("ENVIRONMENT is sandbox, but this build has no sandbox in it"),
        ("production", false) => Err("no payment provider is configured for production"),
        (_, true) => Err("this build has the sandbox in it, but ENVIRONMENT is not sandbox"),
        _ => Err("ENVIRONMENT has to be production or sandbox"),
    }
}

/// Random bytes of the platform.
#[derive(Clone, Copy)]
pub struct PlatformEntropy;

impl Entropy for PlatformEntropy {
    fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // The platform's generator does not fail; if it ever did, an id would collide and the
        // schema would refuse it.
        if let Err(error) = getrandom::fill(&mut bytes) {
            crate::log::error(&format!("entropy.failed cause={error}"));
        }
        bytes
    }
}

/// The record.
pub struct Record {
    /// The product's database.
    pub db: D1,
    /// The sandbox provider's own.
    #[cfg(feature = "sandbox")]
    pub sandbox: D1,
}

impl Record {
    /// From the bindings `DB` and, in a sandbox, `SANDBOX`.
    pub fn bind(env: &Env) -> worker::Result<Record> {
        Ok(Record {
            db: D1::new(env.d1("DB")?),
            #[cfg(feature = "sandbox")]
            sandbox: D1::new(env.d1("SANDBOX")?),
        })
    }

    /// Opens the provider and reads the clock: in a sandbox its own, else the real one.
    #[cfg(feature = "sandbox")]
    pub async fn open(
        &self,
        real: Moment,
    ) -> Result<(Chosen<'_, D1>, Moment), crate::database::DatabaseError> {
        let sandbox =
            crate::provider::sandbox::Sandbox::open(&self.sandbox, &PlatformEntropy).await?;
        let now = sandbox.now(real);
        Ok((Chosen::Sandbox(sandbox), now))
    }

    /// Opens the provider: this build has none.
    #[cfg(not(feature = "sandbox"))]
    pub async fn open(
        &self,
        _: Moment,
    ) -> Result<(Chosen<'_, D1>, Moment), crate::database::DatabaseError> {
        let cause = "this build has no payment provider".to_owned();
        Err(crate::database::DatabaseError::Other(cause))
    }
}

/// A record with its provider, at a moment: what use cases take.
pub struct Site<'a> {
    record: &'a Record,
    /// The provider.
    pub provider: Chosen<'a, D1>,
    /// The moment of this request, by the deployment's clock.
    pub now: Moment,
}

impl<'a> Site<'a> {
    /// Opens a record.
    pub async fn open(record: &'a Record) -> Result<Site<'a>, crate::database::DatabaseError> {
        let (provider, now) = record.open(real_now()).await?;
        Ok(Site { record, provider, now })
    }

    /// The product's database.
    pub fn db(&self) -> &'a D1 {
        &self.record.db
    }

    /// The sandbox provider's own database.
    #[cfg(feature = "sandbox")]
    pub fn sandbox_db(&self) -> &'a D1 {
        &self.record.sandbox
    }

    /// What a use case takes.
    pub fn context(&self) -> Context<'_, D1, Chosen<'a, D1>> {
        Context {
            db: &self.record.db,
            provider: &self.provider,
            now: self.now,
            entropy: &PlatformEntropy,
        }
    }
}

/// The real time.
pub fn real_now() -> Moment {
    Moment::from_ms(i64::try_from(worker::Date::now().as_millis()).unwrap_or(0))
}
