//! The development commands. `cargo xtask help` lists them.

mod bench;
mod bindgen;
mod build;
mod bundle;
mod chromium;
mod compile;
mod databases;
mod deny;
mod dev;
mod failure;
mod fingerprint;
mod fuzz;
mod guards;
mod http;
mod icons;
mod mutants;
mod native;
mod paths;
mod process;
mod progress;
mod project;
mod publish;
mod sandbox_check;
mod screens;
mod self_check;
mod server;
mod sim;
mod sizes;
mod test;
mod tidy;
mod tools;
mod worker_build;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::AlreadyReported;

/// The development commands of Praise.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build and run everything on http://localhost:8787, with demo articles and people
    Dev(dev::Options),
    /// Run every test, from fast to slow, and print a summary
    Test(test::Options),
    /// Build the client bundle and the Worker, and print their sizes
    Build(build::Options),
    /// Publish Markdown files to a running Worker, as a writer
    Publish(publish::Options),
    /// Ask a running sandbox to recompute every balance, and print what is wrong
    SelfCheck(self_check::Options),
    /// Check the rules that no compiler checks: which module imports which, no floats near money, …
    Tidy,
    /// Simulate random histories full of failures; an independent model checks every write
    Sim(sim::Options),
    /// Fuzz every parser of untrusted input with a million inputs each
    Fuzz(fuzz::Options),
    /// Remove each guard of the schema in turn, and print which test fails without it
    Guards(guards::Options),
    /// Make one small change to the code at a time, and print each change that no test notices
    Mutants(mutants::Options),
    /// Render and photograph every page, and check its HTML and accessibility
    Screens(screens::Options),
    /// Benchmark the pages, the requests on a large database, and the nightly self-check
    Bench(bench::Options),
    /// Draw the PNG icons in public/ again, after their SVG files have changed
    Icons,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    process::stop_children_on_signal();
    let outcome = match arguments.command {
        Command::Dev(options) => dev::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Build(options) => build::run(&options),
        Command::Publish(options) => publish::run(&options),
        Command::SelfCheck(options) => self_check::run(&options),
        Command::Tidy => tidy::run(),
        Command::Sim(options) => sim::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Guards(options) => guards::run(&options),
        Command::Mutants(options) => mutants::run(&options),
        Command::Screens(options) => screens::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Icons => icons::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // The command has already printed the error.
        Err(error) if error.is::<AlreadyReported>() => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
