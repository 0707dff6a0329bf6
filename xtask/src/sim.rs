//! `cargo xtask sim`: the deterministic simulation, in a release build.

use std::process::Command;

use anyhow::Result;

use crate::process;

/// Flags of `sim`.
#[derive(clap::Args)]
pub struct Options {
    /// How many seeds to play
    #[arg(long, value_name = "N", default_value_t = 100, conflicts_with_all = ["seed", "praises"])]
    seeds: u64,
    /// The first of them
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    from: u64,
    /// Play this seed alone, and say what it came to
    #[arg(long)]
    seed: Option<u64>,
    /// Play seeds until so many praises were booked
    #[arg(long, value_name = "N", conflicts_with = "seed")]
    praises: Option<u64>,
    /// Seeds at once; as many as there are processors if not given
    #[arg(long, value_name = "N")]
    threads: Option<u64>,
    /// Break one thing after the other on purpose, and show by which seed each is noticed
    #[arg(long, conflicts_with_all = ["seed", "praises"])]
    sabotage: bool,
    /// Steps of each history
    #[arg(long, value_name = "N")]
    steps: Option<u64>,
}

/// The command that builds and runs the simulation, up to its own flags.
pub const CARGO: [&str; 10] = [
    "test",
    "--profile",
    "simulation",
    "-p",
    "edge",
    "--features",
    "sandbox",
    "--test",
    "simulation",
    "--",
];

/// Runs the command; fails when a seed fails.
pub fn run(options: &Options) -> Result<()> {
    process::run(&mut command(options))
}

fn command(options: &Options) -> Command {
    let mut cargo = process::command("cargo");
    cargo.args(CARGO);
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
    if options.sabotage {
        cargo.arg("--sabotage");
    }
    cargo
}
