//! `cargo xtask self-check`: a running sandbox recomputes every balance and invariant.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::{failure::AlreadyReported, http::Client};

/// Flags of `self-check`.
#[derive(clap::Args)]
pub struct Options {
    /// The sandbox to ask
    #[arg(long, default_value = "http://localhost:8787")]
    url: String,
}

#[derive(Deserialize)]
struct Report {
    violations: Vec<Value>,
}

/// Runs the command; fails when anything is wrong.
pub fn run(options: &Options) -> Result<()> {
    let violations = violations(&Client::new(&options.url))?;
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

/// What the sandbox finds wrong, one line each.
pub fn violations(client: &Client) -> Result<Vec<String>> {
    let report: Report = client
        .get("/sandbox/api/self-check")
        .and_then(|answer| answer.json())
        .context("GET /sandbox/api/self-check")?;
    Ok(report.violations.iter().map(shown).collect())
}

fn shown(violation: &Value) -> String {
    match violation.as_str() {
        Some(text) => text.to_owned(),
        None => violation.to_string(),
    }
}
