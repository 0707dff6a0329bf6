//! `cargo xtask build`: tools, client bundle, Worker, sizes.

use anyhow::Result;

use crate::{
    bundle::{self, Effort},
    progress, project, sizes,
    tools::{self, NodePackages, Tools},
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
    let built = build(flavour, Effort::Small, 0)?;
    print!("{}", built.sizes);
    Ok(())
}

/// What a build leaves for the next command.
pub struct Built {
    /// The tools it used.
    pub tools: Tools,
    /// The size table; empty where nothing was made small.
    pub sizes: String,
}

/// Builds one Worker and what it serves. So many steps `follow`, which the caller announces.
pub fn build(flavour: Flavour, effort: Effort, follow: u32) -> Result<Built> {
    tools::wasm_target()?;
    // Compiling and packing each client; npm, the site; compiling and packing the Worker.
    progress::plan(2 * bundle::CLIENTS.len() as u32 + 2 + 2 + follow);
    let packages = NodePackages::start()?;
    let target_directory = project::metadata()?.target_directory;
    let compile = |name: &&'static str| bundle::compile(&target_directory, name, &[], effort);
    let clients = bundle::CLIENTS.iter().map(compile).collect::<Result<Vec<_>>>()?;
    let tools = packages.wait()?;
    let site = bundle::build(&tools, &clients, &flavour.site())?;
    worker_build::build(&tools, &target_directory, flavour, site.variables())?;
    let sizes = match effort {
        Effort::Small => sizes::table(&site, flavour)?,
        Effort::Quick => String::new(),
    };
    Ok(Built { tools, sizes })
}
