//! The deterministic simulation: one seed decides a town, what everybody in it does, and what goes
//! wrong on the way. A model that knows only the law judges every batch that is written and every
//! answer that is given; a history that fails is made short and printed.
//!
//! `cargo xtask sim` runs it with its own flags; a plain `cargo test` plays a few seeds.

mod act;
#[allow(dead_code, reason = "the use cases' tests need more of it")]
#[path = "../use_cases/world/chance.rs"]
mod chance;
mod desk;
mod draw;
mod fate;
mod flaky;
mod migrations;
mod model;
mod odd_money;
mod office;
mod play;
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
        // Somebody asked for other tests.
        Ok(None) => ExitCode::SUCCESS,
        Err(flaw) => {
            eprintln!("error: {flaw}");
            ExitCode::FAILURE
        }
    }
}
