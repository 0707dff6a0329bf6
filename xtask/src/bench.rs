//! `cargo xtask bench`: measures how fast our pages are, compared with other clients; whether
//! requests get slower as the database grows; and how long the nightly self-check takes on a large
//! database.

mod budget;
mod growth;
mod pages;
mod readme;
mod samples;
mod self_check;
mod table;
mod variants;

use anyhow::Result;

/// Flags of `bench`.
#[derive(clap::Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Load an article's page on a simulated slow phone: ours, and the same page with other clients
    Pages(pages::Options),
    /// Run the nightly self-check on a large database, and print how long each check takes
    SelfCheck(self_check::Options),
    /// Time the database work of the main requests, in a small and in a large database
    Growth(growth::Options),
}

/// Runs the command.
pub fn run(options: &Options) -> Result<()> {
    match &options.what {
        What::Pages(options) => pages::run(options),
        What::SelfCheck(options) => self_check::run(options),
        What::Growth(options) => growth::run(options),
    }
}
