//! What one request or one run of jobs works with: databases, provider, time and randomness.

use shared::calendar::Moment;
use worker::Env;

use crate::context::Context;
use crate::database::DatabaseError;
use crate::database::d1::D1;
use crate::entropy::Entropy;
use crate::failure::Failure;
use crate::job_runner;
use crate::provider::any_provider::AnyProvider;

/// Checks whether this deployment may run. Each of the three entry points calls it. A sandbox needs
/// the cargo feature `sandbox` *and* `ENVIRONMENT=sandbox`; any other deployment is refused.
///
/// # Errors
///
/// The cause, for the log and the problem `NotConfigured`.
pub fn check_environment(env: &Env) -> Result<(), &'static str> {
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

/// The platform's random generator.
#[derive(Clone, Copy)]
pub struct PlatformEntropy;

impl Entropy for PlatformEntropy {
    fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // The platform's generator does not fail. If it did, an id would collide with another and
        // the schema would refuse it.
        if let Err(error) = getrandom::fill(&mut bytes) {
            crate::log::error(&format!("entropy.failed cause={error}"));
        }
        bytes
    }
}

/// The databases of this deployment.
#[derive(Clone)]
pub struct Databases {
    /// The product's database.
    pub product: D1,
    /// The sandbox provider's own database.
    #[cfg(feature = "sandbox")]
    pub sandbox: D1,
}

impl Databases {
    /// Opens the bindings `DB` and, in a sandbox, `SANDBOX`.
    pub fn bind(env: &Env) -> worker::Result<Databases> {
        Ok(Databases {
            product: D1::new(env.d1("DB")?),
            #[cfg(feature = "sandbox")]
            sandbox: D1::new(env.d1("SANDBOX")?),
        })
    }

    /// Opens the sandbox provider. Returns it with the milliseconds that its clock is ahead.
    #[cfg(feature = "sandbox")]
    async fn provider(&self) -> Result<(AnyProvider<D1>, i64), Failure> {
        use crate::provider::sandbox::Sandbox;
        let sandbox = Sandbox::open(self.sandbox.clone(), &PlatformEntropy).await?;
        let real = real_now();
        let ahead_ms = sandbox.now(real).ms() - real.ms();
        Ok((AnyProvider::Sandbox(sandbox), ahead_ms))
    }

    /// Fails: this build has no payment provider.
    #[cfg(not(feature = "sandbox"))]
    async fn provider(&self) -> Result<(AnyProvider<D1>, i64), Failure> {
        Err(Failure::Internal("this build has no payment provider".to_owned()))
    }
}

/// What a request or a run of jobs works with: the databases, the provider and one moment. Opened
/// once per request or run.
pub struct Services {
    databases: Databases,
    /// The payment provider.
    pub provider: AnyProvider<D1>,
    /// The moment of this request, by the deployment's clock; a sandbox's clock can be moved.
    pub now: Moment,
    /// Milliseconds that the deployment's clock is ahead of real time: 0 outside a sandbox.
    ahead_ms: i64,
}

impl Services {
    /// Creates the services of a request or run: opens the provider and reads the clock.
    pub async fn open(databases: Databases) -> Result<Services, Failure> {
        let (provider, ahead_ms) = databases.provider().await?;
        Ok(Services { databases, provider, now: deployment_now(ahead_ms), ahead_ms })
    }

    /// The current time by the deployment's clock. A run of jobs reads it for each job; a request
    /// uses [`Services::now`] throughout.
    pub fn clock(&self) -> Moment {
        deployment_now(self.ahead_ms)
    }

    /// The product's database.
    pub fn db(&self) -> &D1 {
        &self.databases.product
    }

    /// The sandbox provider's own database.
    #[cfg(feature = "sandbox")]
    pub fn sandbox_db(&self) -> &D1 {
        &self.databases.sandbox
    }

    /// Runs due jobs, each at its own moment, and returns how many it tried.
    pub async fn run_due_jobs(&self) -> Result<usize, DatabaseError> {
        job_runner::run_due(self.db(), &self.provider, &PlatformEntropy, &|| self.clock()).await
    }

    /// The context that a use case takes.
    pub fn context(&self) -> Context<'_, D1, AnyProvider<D1>> {
        Context {
            db: &self.databases.product,
            provider: &self.provider,
            now: self.now,
            entropy: &PlatformEntropy,
        }
    }
}

fn deployment_now(ahead_ms: i64) -> Moment {
    Moment::from_ms(real_now().ms() + ahead_ms)
}

/// The real time, which a sandbox's clock does not move.
pub fn real_now() -> Moment {
    Moment::from_ms(i64::try_from(worker::Date::now().as_millis()).unwrap_or(0))
}
