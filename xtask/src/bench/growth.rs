//! `cargo xtask bench growth`: times the database work of the main requests, with a thousand praises
//! and with a million.

use anyhow::{Context, Result};

use crate::process;

/// Flags of `bench growth`.
#[derive(clap::Args)]
pub struct Options {
    /// Praises in the small database
    #[arg(long, value_name = "N", default_value_t = 1_000,
        value_parser = clap::value_parser!(u64).range(1_000..))]
    small: u64,
    /// Praises in the large database; a million take about 4 GB on disk
    #[arg(long, value_name = "N", default_value_t = 1_000_000,
        value_parser = clap::value_parser!(u64).range(1_000..))]
    large: u64,
    /// How often each request is sent: less than 250, because a reader may start 300 praises a day
    #[arg(long, value_name = "N", default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..250))]
    rounds: u64,
}

/// Runs the command. Fails if a request takes more than 1.5 times as long in the large database.
pub fn run(options: &Options) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["bench", "--profile", "simulation", "-p", "edge", "--features", "sandbox"]);
    cargo.args(["--bench", "growth", "--"]);
    let flags =
        [("--small", options.small), ("--large", options.large), ("--rounds", options.rounds)];
    for (name, value) in flags {
        cargo.args([name, &value.to_string()]);
    }
    process::run(&mut cargo).context("a request is too slow in the large database, or did not run")
}
