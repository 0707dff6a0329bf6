//! Stages that need a running Worker. Each gets a new one with new databases and the demo data.

use std::{
    process::Command,
    sync::{Mutex, PoisonError},
    thread,
};

use anyhow::{Context, Result, anyhow, bail};

use super::{
    command::{self, Show},
    report::Counts,
};
use crate::{
    chromium, databases, fingerprint, native, paths, process, project,
    screens::{self, Looks},
    self_check,
    server::{self, Server},
    tools,
};

/// One integration test target of the package `tests`.
pub fn http(stage: &str, target: &str, long: bool) -> Result<Counts> {
    with_server(stage, |place| {
        let mut cargo = native::test(&project::metadata()?);
        cargo.args(["--test", target]);
        place.tell(&mut cargo);
        if long {
            cargo.env("PRAISE_LONG", "1");
        }
        command::run_tests(stage, Show::Tests, &mut [cargo])
    })
}

/// How many files of browser tests run at the same time; they mostly wait. Each lane has its own
/// server, because a test may move the server's clock.
const BROWSER_LANES: usize = 2;

/// The browser tests.
pub fn browser(stage: &str, long: bool) -> Result<Counts> {
    let chromium = chromium::find_or_install()?;
    let node = tools::node_packages()?;
    let mut files = Vec::new();
    for file in fingerprint::files(&paths::path("tests/browser"))? {
        if file.to_string_lossy().ends_with(".test.mjs") {
            files.push((std::fs::metadata(&file)?.len(), file));
        }
    }
    if files.is_empty() {
        bail!("there is no tests/browser/*.test.mjs");
    }
    // Take the longest file first (`pop` takes from the end), so that the lanes end together.
    files.sort();
    let files = Mutex::new(files);
    let next = || files.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let lane = |number: usize| {
        with_server(&format!("{stage}-{number}"), |place| {
            let mut counts = Counts::default();
            while let Some((_, file)) = next() {
                let mut command = process::command(&node);
                command.args(["--test", "--test-reporter=spec"]).arg(&file);
                command.env("PRAISE_CHROMIUM", &chromium);
                if long {
                    command.env("PRAISE_LONG", "1");
                }
                place.tell(&mut command);
                let name = file.file_stem().unwrap_or_default().to_string_lossy();
                let name = format!("{stage}-{}", name.trim_end_matches(".test"));
                counts += command::run_tests(&name, Show::Tests, &mut [command])?;
            }
            Ok(counts)
        })
    };
    let lane = &lane;
    let all: Vec<Result<Counts>> = thread::scope(|scope| {
        let lanes: Vec<_> =
            (1..=BROWSER_LANES).map(|number| scope.spawn(move || lane(number))).collect();
        let joined = lanes.into_iter().map(|lane| lane.join());
        joined.map(|lane| lane.unwrap_or_else(|_| Err(anyhow!("a lane panicked")))).collect()
    });
    let mut counts = Counts::default();
    for lane in all {
        counts += lane?;
    }
    Ok(counts)
}

/// The gallery. Each picture counts as one test.
pub fn screens(long: bool) -> Result<Counts> {
    let looks = if long { Looks::All } else { Looks::Pairs };
    let (pictures, wrong) = screens::photograph(&[], looks, |line| eprintln!("{line}"))?;
    Ok(Counts { passed: pictures.saturating_sub(wrong), failed: wrong })
}

/// The server that tests use.
struct Place {
    url: String,
    token: String,
}

impl Place {
    fn tell(&self, tests: &mut Command) {
        tests.env("PRAISE_BASE_URL", &self.url).env("PRAISE_TOKEN", &self.token);
    }
}

/// Held while a server starts, because another one could take the same free port.
static STARTING: Mutex<()> = Mutex::new(());

fn with_server(stage: &str, tests: impl FnOnce(&Place) -> Result<Counts>) -> Result<Counts> {
    let node = tools::node_packages()?;
    let persist = paths::output("test-state").join(stage.replace(':', "-"));
    let log = command::log_path(&format!("{stage}.server"));
    let starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    databases::fresh(&node, &persist)?;
    let mut server = Server::start(&server::Options {
        node: &node,
        port: server::free_port()?,
        persist: &persist,
        log: &log,
        echo: false,
    })?;
    drop(starting);
    let demo = server.seed().inspect_err(|_| show_log(&server))?;
    let counts = tests(&Place { url: server.url.clone(), token: demo.publish_token });
    if !matches!(counts, Ok(Counts { failed: 0, .. })) {
        show_log(&server);
    }
    if server.has_ended() {
        bail!("the server ended during the tests; its log is {}", log.display());
    }
    let counts = counts?;
    // The books must balance after any test.
    let violations = self_check::violations(&server.client()).context("after the tests")?;
    if !violations.is_empty() {
        bail!("self-check after the tests: {}", violations.join("; "));
    }
    Ok(counts)
}

fn show_log(server: &Server) {
    eprintln!("--- the end of the server's log:\n{}\n---", server.log_tail(40));
}
