//! The deterministic simulation: one seed decides the population, what everybody does, and which
//! faults occur. A model that is independent of the production code checks every batch that is
//! written and every answer that is given. A failing history is shrunk and printed.
//!
//! `cargo xtask sim` runs it with its own flags; a plain `cargo test` plays a few seeds.

mod actions;
mod administration;
mod back_office;
mod ending;
mod fault_plan;
mod generate;
mod migrations;
mod model;
mod observed_columns;
mod observed_database;
mod population;
#[allow(dead_code, reason = "the use cases' tests need more of it")]
#[path = "../use_cases/support/rng.rs"]
mod rng;
mod runner;
mod sabotage;
mod shrink;
mod simulation;
mod step;
mod unexpected_payments;
mod unreliable_provider;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    match runner::Options::read(std::env::args().skip(1)) {
        Ok(Some(options)) => runner::run(&options),
        // The filter selects other tests.
        Ok(None) => ExitCode::SUCCESS,
        Err(flaw) => {
            eprintln!("error: {flaw}");
            ExitCode::FAILURE
        }
    }
}
