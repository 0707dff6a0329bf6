//! The development commands. `cargo xtask help` lists them.

mod bench;
mod build;
mod bundle;
mod chromium;
mod databases;
mod dev;
mod failure;
mod fingerprint;
mod fuzz;
mod guards;
mod http;
mod icons;
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
    /// Install missing tools, build the client bundle and the Worker, print their sizes
    Build(build::Options),
    /// Build and run everything on http://localhost:8787 with demo articles and people
    Dev(dev::Options),
    /// Send Markdown files with front matter to a running Worker as a writer
    Publish(publish::Options),
    /// Run every test, from the fast to the slow, and print a summary
    Test(test::Options),
    /// Feed every reader of what comes from outside with a million inputs each
    Fuzz(fuzz::Options),
    /// Check the rules that no compiler checks: no floats near money, dependency arrows, …
    Tidy,
    /// Play histories full of faults in memory and judge every step by an independent model
    Sim(sim::Options),
    /// Photograph every page with sample data, in both languages and themes
    Screens(screens::Options),
    /// Draw the icons of public/ from their pictures, after one has changed
    Icons,
    /// Ask a running sandbox to recompute every balance and print what is wrong
    SelfCheck(self_check::Options),
    /// Measure how fast it is, beside what somebody would use instead
    Bench(bench::Options),
    /// Take each guard of the schemas away, one after another, and say which test fails without it
    Guards(guards::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    process::stop_children_on_signal();
    let outcome = match arguments.command {
        Command::Build(options) => build::run(&options),
        Command::Dev(options) => dev::run(&options),
        Command::Publish(options) => publish::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Tidy => tidy::run(),
        Command::Sim(options) => sim::run(&options),
        Command::Screens(options) => screens::run(&options),
        Command::Icons => icons::run(),
        Command::SelfCheck(options) => self_check::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Guards(options) => guards::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // A command that printed its own findings fails without another word.
        Err(error) if error.is::<AlreadyReported>() => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
