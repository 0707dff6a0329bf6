//! `cargo xtask self-check`: makes a running sandbox recompute every balance and invariant.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    failure::AlreadyReported,
    http::{self, Client},
};

const PATH: &str = "/sandbox/api/self-check";

/// Flags of `self-check`.
#[derive(clap::Args)]
pub struct Options {
    /// The address of the sandbox
    #[arg(long, default_value = http::LOCAL_URL, value_parser = http::parse_url)]
    url: String,
}

#[derive(Deserialize)]
struct Report {
    violations: Vec<Value>,
}

/// Runs the command. Fails if there is a violation.
pub fn run(options: &Options) -> Result<()> {
    let client = Client::new(&options.url);
    client.check()?;
    let violations = violations(&client)?;
    if violations.is_empty() {
        println!("self-check: no violations");
        return Ok(());
    }
    for violation in &violations {
        println!("violation: {violation}");
    }
    println!("self-check: {} violations", violations.len());
    Err(AlreadyReported.into())
}

/// Returns the violations that the sandbox finds, one line each.
pub fn violations(client: &Client) -> Result<Vec<String>> {
    let answer = client.get(PATH)?;
    if answer.status == 404 {
        bail!("{} is not a sandbox: it does not have {PATH}", client.base());
    }
    let report: Report = answer.json().with_context(|| format!("GET {PATH}"))?;
    Ok(report.violations.iter().map(shown).collect())
}

fn shown(violation: &Value) -> String {
    match violation.as_str() {
        Some(text) => text.to_owned(),
        None => violation.to_string(),
    }
}
