//! The stages of a test run, in order.

use std::process::Command;

use anyhow::{Result, bail, ensure};

use super::{
    command::{self, Show},
    live,
    report::Counts,
};
use crate::{
    build,
    bundle::Effort,
    compile,
    deny::{self, Checked},
    native, paths, process, project, sandbox_check, sim, tidy,
    tools::{self, WASM},
    worker_build::Flavour,
};

const SANDBOX: Flavour = Flavour::Sandbox { release: false };

/// The number of praises that the simulation books, and the description of the stage.
const PRAISES: (&str, &str) = ("20000", "20,000 praises under every fault (--long: 100,000)");
/// The same for `--long`.
const LONG_PRAISES: (&str, &str) = ("100000", "100,000 praises under every fault");

/// The integration test of `edge` that has its own stage.
const SIMULATION: &str = "simulation";

/// A part of the test run.
pub struct Stage {
    /// The name, for `--only`.
    pub name: String,
    /// A description, for people.
    pub what: &'static str,
    /// Stages that must have passed before.
    pub needs: &'static [&'static str],
    long: bool,
    work: Work,
}

enum Work {
    Format,
    /// Compiles and lints what the native test stages run.
    Clippy,
    ClippyRest,
    Tidy,
    Deny,
    Doc,
    /// The tests of this crate, which is built separately.
    Xtask,
    /// The unit tests of all other native crates.
    Unit,
    /// The integration tests of a package, except the simulation, which has its own stage.
    Integration(&'static str),
    Simulation,
    Build(Flavour),
    DryRun,
    NoSandbox,
    /// An integration test target of the package `tests`; `None` if the package has none.
    Http(Option<String>),
    Screens,
    Browser,
}

/// All stages of this checkout. With `long` some of them run longer.
pub fn all(long: bool) -> Result<Vec<Stage>> {
    let targets = test_targets(&project::metadata()?, "tests");
    Ok(known(&targets, long))
}

/// The integration tests of a package, sorted.
pub fn test_targets(metadata: &project::Metadata, package: &str) -> Vec<String> {
    let mut targets: Vec<String> = metadata
        .packages
        .iter()
        .filter(|one| one.name == package)
        .flat_map(|package| &package.targets)
        .filter(|target| target.kind.iter().any(|kind| kind == "test"))
        .map(|target| target.name.clone())
        .collect();
    targets.sort();
    targets
}

fn praises(long: bool) -> (&'static str, &'static str) {
    if long { LONG_PRAISES } else { PRAISES }
}

/// All stages, given the integration tests of the package `tests`.
pub fn known(targets: &[String], long: bool) -> Vec<Stage> {
    let stage =
        |name: &str, what, needs, work| Stage { name: name.to_owned(), what, needs, long, work };
    let (_, simulation) = praises(long);
    // Linking an optimised build keeps a single processor busy for minutes.
    let production = Flavour::Production { release: long };
    let mut stages = vec![
        stage("format", "cargo fmt --check", &[][..], Work::Format),
        stage("tidy", "the rules that no compiler checks", &[], Work::Tidy),
        stage("deny", "licences, bans and sources of deny.toml", &[], Work::Deny),
        stage("xtask", "tests of the development commands", &[], Work::Xtask),
        stage("clippy", "compiles and lints every native crate", &[], Work::Clippy),
        stage("unit", "unit and property tests of shared, app and edge", &[], Work::Unit),
        stage("app", "tests of pages and islands", &[], Work::Integration("app")),
        stage("edge", "use cases on SQLite", &[], Work::Integration("edge")),
        stage("simulation", simulation, &[], Work::Simulation),
        stage("doc", "the documentation, without a warning", &[], Work::Doc),
        stage("worker-sandbox", "client bundle and sandbox Worker", &[], Work::Build(SANDBOX)),
        stage("clippy:rest", "lints client, Worker, commands and benchmark", &[], Work::ClippyRest),
        stage(
            "worker-production",
            "deployable Worker (--long: optimised)",
            &[],
            Work::Build(production),
        ),
        stage("dry-run", "wrangler deploy --dry-run", &["worker-production"], Work::DryRun),
        stage(
            "no-sandbox",
            "the deployable build contains no sandbox",
            &["worker-sandbox", "dry-run"],
            Work::NoSandbox,
        ),
    ];
    let live = "HTTP against a live Worker";
    for target in targets {
        let name = format!("http:{target}");
        stages.push(stage(&name, live, &["worker-sandbox"], Work::Http(Some(target.clone()))));
    }
    if targets.is_empty() {
        stages.push(stage("http", live, &["worker-sandbox"], Work::Http(None)));
    }
    stages.push(stage(
        "screens",
        "every page: valid HTML, accessible, photographed",
        &[],
        Work::Screens,
    ));
    stages.push(stage("browser", "a real browser", &["worker-sandbox"], Work::Browser));
    stages
}

impl Stage {
    /// Runs the stage. Returns the number of its tests, if it has any.
    pub fn run(&self) -> Result<Counts> {
        match &self.work {
            Work::Format => {
                let mut cargo = process::command("cargo");
                cargo.args(["fmt", "--all", "--check"]);
                self.commands(Show::Essence, vec![cargo])
            }
            Work::Clippy => {
                let mut cargo = native::test(&project::metadata()?);
                cargo.args(["--no-run", "--all-targets"]);
                self.commands(Show::Essence, vec![cargo])
            }
            Work::ClippyRest => {
                tools::wasm_target()?;
                self.commands(Show::Essence, clippy_rest(self.long))
            }
            Work::Tidy => tidy::run().map(|()| Counts::default()),
            Work::Deny => {
                match deny::check()? {
                    Checked::CargoDeny => eprintln!("  checked by cargo deny"),
                    Checked::Here(count) => eprintln!("  {count} packages checked"),
                }
                Ok(Counts::default())
            }
            Work::Doc => self.commands(Show::Essence, doc(&project::metadata()?)),
            Work::Xtask => {
                let mut cargo = process::command("cargo");
                compile::lint(cargo.args(["test", "-p", "xtask"]));
                self.commands(Show::Essence, vec![cargo])
            }
            Work::Unit => {
                // The specification of Markdown, whose examples are tested, is an npm package.
                tools::node_packages()?;
                let mut cargo = native::test(&project::metadata()?);
                cargo.arg("--lib");
                self.commands(Show::Essence, vec![cargo])
            }
            Work::Integration(package) => {
                let metadata = project::metadata()?;
                let mut cargo = native::test(&metadata);
                for target in test_targets(&metadata, package) {
                    if target != SIMULATION {
                        cargo.args(["--test", &target]);
                    }
                }
                self.commands(Show::Essence, vec![cargo])
            }
            Work::Simulation => {
                let mut cargo = if self.long {
                    sim::optimised()
                } else {
                    // In the build of the other tests it plays more slowly, but compiling
                    // everything once more would take longer.
                    let mut cargo = native::test(&project::metadata()?);
                    cargo.args(["--test", SIMULATION]);
                    cargo
                };
                cargo.args(["--", "--praises", praises(self.long).0]);
                self.commands(Show::Essence, vec![cargo])
            }
            Work::Build(flavour) => {
                let built = build::build(*flavour, Effort::Small, 0)?;
                eprint!("{}", built.sizes);
                Ok(Counts::default())
            }
            Work::DryRun => dry_run(self.long),
            Work::NoSandbox => {
                sandbox_check::contains_all(&SANDBOX.folder())?;
                let production = Flavour::Production { release: self.long };
                sandbox_check::contains_none(&[
                    &production.folder(),
                    &paths::output("dry-run"),
                    &production.site(),
                ])?;
                Ok(Counts::default())
            }
            Work::Http(Some(target)) => live::http(&self.name, target, self.long),
            Work::Http(None) => bail!("the package `tests` has no integration tests"),
            Work::Screens => live::screens(self.long),
            Work::Browser => live::browser(&self.name, self.long),
        }
    }

    fn commands(&self, show: Show, mut commands: Vec<Command>) -> Result<Counts> {
        command::run_tests(&self.name, show, &mut commands)
    }
}

fn doc(metadata: &project::Metadata) -> Vec<Command> {
    let command = |packages: Vec<String>| {
        let mut cargo = process::command("cargo");
        cargo.args(["doc", "--no-deps"]).args(packages).env("RUSTDOCFLAGS", "-D warnings");
        cargo
    };
    vec![command(native::packages(metadata)), command(vec!["-p".to_owned(), "xtask".to_owned()])]
}

/// Lints what the native stages leave out. The deployable Worker is linted while it is compiled,
/// unless `long` optimises it.
fn clippy_rest(long: bool) -> Vec<Command> {
    let always: [&[&str]; 5] = [
        &["-p", "xtask"],
        &["-p", "hydrated", "--features", "ssr"],
        &["-p", "hydrated", "--target", WASM, "--features", "hydrate"],
        &["-p", "edge", "--target", WASM, "--features", "sandbox"],
        &["-p", "reader", "--target", WASM],
    ];
    let deployable: &[&str] = &["-p", "edge", "--target", WASM];
    let command = |arguments: &&[&str]| {
        let mut cargo = process::command("cargo");
        cargo.arg("clippy").args(*arguments).args(["--", "-D", "warnings"]);
        cargo
    };
    always.iter().chain(long.then_some(&deployable)).map(command).collect()
}

fn dry_run(long: bool) -> Result<Counts> {
    let node = tools::node_packages()?;
    let folder = paths::output("dry-run");
    let _ = std::fs::remove_dir_all(&folder);
    let mut wrangler = tools::wrangler(&node);
    wrangler.args(["deploy", "--dry-run", "--env", "", "--outdir"]).arg(&folder);
    if !long {
        wrangler.env(build::UNOPTIMISED, "1");
    }
    let text = process::output(&mut wrangler)?;
    ensure!(text.contains("--dry-run: exiting now"), "unexpected output of wrangler:\n{text}");
    for line in text.lines().filter(|line| line.contains("Total Upload")) {
        eprintln!("  {line}");
    }
    Ok(Counts::default())
}
