//! `cargo xtask bench self-check`: fills a database with praises, in the system's folder for
//! temporary files, and runs the nightly self-check on it.

use anyhow::{Context, Result};

use crate::process;

/// Flags of `bench self-check`.
#[derive(clap::Args)]
pub struct Options {
    /// How many praises the database contains; a million take about 4 GB
    #[arg(long, value_name = "N", default_value_t = 1_000_000,
        value_parser = clap::value_parser!(u64).range(1000..))]
    praises: u64,
}

/// Runs the command. Fails if the check finds anything wrong.
pub fn run(options: &Options) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--profile", "simulation", "-p", "edge", "--features", "sandbox"]);
    cargo.args(["--test", "nightly_check", "--", &options.praises.to_string()]);
    process::run(&mut cargo).context("the self-check failed")
}
