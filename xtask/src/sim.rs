//! `cargo xtask sim`: runs the deterministic simulation in an optimised build.

use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Flags of `sim`.
#[derive(clap::Args)]
pub struct Options {
    /// How many seeds to run
    #[arg(long, value_name = "N", default_value_t = 100, conflicts_with_all = ["seed", "praises"],
        value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The first seed
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    from: u64,
    /// Run this seed alone and print its result
    #[arg(long)]
    seed: Option<u64>,
    /// Run seeds until this many praises are booked
    #[arg(long, value_name = "N", conflicts_with = "seed",
        value_parser = clap::value_parser!(u64).range(1..))]
    praises: Option<u64>,
    /// How many seeds run in parallel [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    threads: Option<u64>,
    /// Break this thing on purpose, or one after another, and print which seed notices it
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "",
        conflicts_with_all = ["seed", "praises"])]
    sabotage: Option<String>,
    /// Steps of each history
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    steps: Option<u64>,
}

/// Runs the command. Fails if a seed fails.
pub fn run(options: &Options) -> Result<()> {
    process::run(&mut command(options)).context(
        "the simulation failed; `cargo xtask sim --seed SEED` runs a seed that is named above again",
    )
}

fn command(options: &Options) -> Command {
    let mut cargo = optimised();
    cargo.arg("--");
    let mut flag = |name: &str, value: u64| {
        cargo.args([name, &value.to_string()]);
    };
    match (options.seed, options.praises) {
        (Some(seed), _) => flag("--seed", seed),
        (None, Some(praises)) => flag("--praises", praises),
        (None, None) => flag("--seeds", options.seeds),
    }
    flag("--from", options.from);
    if let Some(threads) = options.threads {
        flag("--threads", threads);
    }
    if let Some(steps) = options.steps {
        flag("--steps", steps);
    }
    if let Some(name) = &options.sabotage {
        cargo.arg("--sabotage").args(Some(name).filter(|name| !name.is_empty()));
    }
    cargo
}

/// The command that builds an optimised simulation and runs it, up to `--` and its own flags.
pub fn optimised() -> Command {
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--profile", "simulation", "-p", "edge", "--features", "sandbox"]);
    cargo.args(["--test", "simulation"]);
    cargo
}
