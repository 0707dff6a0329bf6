//! The deterministic simulation: one seed decides the population, what everybody does, and which
//! faults occur. A model that is independent of the production code checks every batch that is
//! written and every answer that is given. A failing history is shrunk and printed.
//!
//! `cargo xtask sim` runs it with its own flags; a plain `cargo test` plays a few seeds.

mod act;
mod desk;
mod draw;
mod fate;
mod flaky;
mod migrations;
mod model;
mod odd_money;
mod office;
mod play;
#[allow(dead_code, reason = "the use cases' tests need more of it")]
#[path = "../use_cases/support/rng.rs"]
mod rng;
mod run;
mod sabotage;
mod shrink;
mod step;
mod town;
mod watch;
mod watches;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    match run::Options::read(std::env::args().skip(1)) {
        Ok(Some(options)) => run::run(&options),
        // The filter selects other tests.
        Ok(None) => ExitCode::SUCCESS,
        Err(flaw) => {
            eprintln!("error: {flaw}");
            ExitCode::FAILURE
        }
    }
}
