//! `cargo xtask build`: builds the client bundle and the Worker, and prints their sizes.

use anyhow::Result;

use crate::{
    bundle::{self, Effort},
    progress, project, sizes,
    tools::{self, NodePackages, Tools},
    worker_build::{self, Flavour},
};

/// If this variable is set, `build` does not optimise the deployable Worker. The tests set it for
/// wrangler, which starts `build` itself.
pub const UNOPTIMISED: &str = "PRAISE_UNOPTIMISED";

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
        false => Flavour::Production { release: std::env::var_os(UNOPTIMISED).is_none() },
    };
    let built = build(flavour, Effort::Small, 0)?;
    print!("{}", built.sizes);
    Ok(())
}

/// The result of a build.
pub struct Built {
    /// The tools that it used.
    pub tools: Tools,
    /// The table of sizes; empty for a quick build.
    pub sizes: String,
}

/// Builds one Worker with its static files. `follow` is the number of steps that the caller adds
/// after the build.
pub fn build(flavour: Flavour, effort: Effort, follow: u32) -> Result<Built> {
    tools::wasm_target()?;
    // Two steps for each client (compile, pack), two for npm and the site, two for the Worker.
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
