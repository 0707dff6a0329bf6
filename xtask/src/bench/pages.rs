//! `cargo xtask bench pages`: loads the article's page in a real browser, with our client and with
//! others. The pages take turns, so that anything else the machine does affects all of them.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use super::{
    budget, readme,
    samples::{Load, Samples},
    table,
    variants::{self, Variant},
};
use crate::{
    build,
    bundle::Effort,
    chromium, databases,
    failure::AlreadyReported,
    paths, process, progress, project,
    server::{self, Server},
    worker_build::Flavour,
};

const MARKERS: &str = "bench pages";

/// Flags of `bench pages`.
#[derive(clap::Args)]
pub struct Options {
    /// How often each page is loaded; a multiple of twice the number of pages is fairest
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    loads: u32,
    /// Write the tables into README.md
    #[arg(long)]
    write: bool,
}

/// The simulated device and network. Each request waits once for the latency.
#[derive(Clone, Copy, Serialize)]
struct Profile {
    megabits: u32,
    latency_ms: u32,
    slowdown: u32,
}

/// The device for which the budgets hold.
const PROFILE: Profile = Profile { megabits: 9, latency_ms: 100, slowdown: 4 };

/// The configuration of `pages.mjs`.
#[derive(Serialize)]
struct Config<'a> {
    variants: &'a [Variant],
    loads: u32,
    profile: Profile,
    /// The program that renders the hydrated app.
    render: PathBuf,
}

/// Runs the command. Fails if the limit of a budget is exceeded.
pub fn run(options: &Options) -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let built = build::build(Flavour::Sandbox { release: true }, Effort::Small, 0)?;
    let target_directory = project::metadata()?.target_directory;
    let variants = variants::build(&built.tools, &target_directory)?;
    let render = variants::renderer(&target_directory)?;
    let config = Config { variants: &variants, loads: options.loads, profile: PROFILE, render };
    let samples = measure(&built.tools.node, &chromium, &config)?;
    let columns: Vec<_> = variants.iter().map(|variant| (variant.title, variant.name)).collect();
    let ours = samples.of(variants::OURS).context("no load of our own page was measured")?;
    let rows = budget::check(&ours);
    let text = format!("{}\n{}", table::comparison(&samples, &columns)?, budget::table(&rows));
    println!("{text}");
    if options.write {
        let path = paths::path("README.md");
        let page = std::fs::read_to_string(&path)?;
        let page = readme::replace_between(&page, MARKERS, &text).context("README.md")?;
        std::fs::write(&path, page)?;
        eprintln!("✓ README.md");
    }
    if rows.iter().all(|row| row.met) {
        return Ok(());
    }
    println!("bench: the limit of a budget is exceeded");
    Err(AlreadyReported.into())
}

fn measure(node: &Path, chromium: &Path, config: &Config<'_>) -> Result<Samples> {
    let folder = paths::output("bench");
    let persist = folder.join("state");
    databases::fresh(node, &persist)?;
    let server = Server::start(&server::Options {
        node,
        port: server::free_port()?,
        persist: &persist,
        log: &folder.join("server.log"),
        echo: false,
    })?;
    server.seed()?;
    let config_path = folder.join("pages.json");
    std::fs::write(&config_path, serde_json::to_string(config)?)?;
    let mut browser = process::command(node);
    browser.arg(paths::path("tests/bench/pages.mjs")).arg(&config_path);
    browser.env("PRAISE_CHROMIUM", chromium).env("PRAISE_BASE_URL", &server.url);

    let what = format!("{} loads of {} pages", config.loads, config.variants.len());
    let loading = progress::Step::start("browser", &what);
    let log = folder.join("pages.log");
    let mut samples = Samples::default();
    let mut unreadable = None;
    let status = process::run_logged(
        &mut browser,
        &mut File::create(&log)?,
        |line| match line.strip_prefix("load ") {
            Some(json) => match serde_json::from_str::<Load>(json) {
                Ok(load) => samples.add(load),
                Err(error) => unreadable = Some(error),
            },
            None => eprintln!("{line}"),
        },
        || eprintln!("  … still running"),
    )?;
    ensure!(status.success(), "the browser stopped early; its output is in {}", log.display());
    if let Some(error) = unreadable {
        let what = format!("a result of pages.mjs is not as expected; see {}", log.display());
        return Err(error).context(what);
    }
    loading.done();
    Ok(samples)
}
