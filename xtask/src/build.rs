//! `cargo xtask build`: tools, client bundle, Worker, sizes.

use anyhow::Result;

use crate::{
    bundle, project, sizes,
    tools::{self, Tools},
    worker_build::{self, Flavour},
};

/// Flags of `build`.
#[derive(clap::Args)]
pub struct Options {
    /// Build the Worker with the sandbox (embedded payment provider, movable clock) for `dev`
    #[arg(long)]
    sandbox: bool,
    /// Optimise the sandbox build like the production build, which always is
    #[arg(long)]
    release: bool,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<()> {
    let flavour = match options.sandbox {
        true => Flavour::Sandbox { release: options.release },
        false => Flavour::Production,
    };
    let built = build(flavour)?;
    print!("{}", built.sizes);
    Ok(())
}

/// What a build leaves for the next command.
pub struct Built {
    /// The tools it used.
    pub tools: Tools,
    /// The size table.
    pub sizes: String,
}

/// Builds one Worker and what it serves.
pub fn build(flavour: Flavour) -> Result<Built> {
    let tools = tools::install()?;
    let target_directory = project::metadata()?.target_directory;
    let site = bundle::build(&tools, &target_directory)?;
    worker_build::build(&tools, &target_directory, flavour, site.variables())?;
    let sizes = sizes::table(&site, flavour)?;
    Ok(Built { tools, sizes })
}
