//! Stages that need a running Worker: each gets a fresh one with fresh databases and the demo.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{
    command::{self, Show},
    report::Counts,
};
use crate::{
    chromium, databases, fingerprint, paths, process, screens, self_check,
    server::{self, Server},
    tools,
};

/// One integration test target of the package `tests`.
pub fn http(stage: &str, target: &str) -> Result<Counts> {
    with_server(stage, || {
        let mut cargo = process::command("cargo");
        cargo.args(["test", "--package", "tests", "--test", target]);
        Ok(cargo)
    })
}

/// The browser tests.
pub fn browser(stage: &str) -> Result<Counts> {
    let chromium = chromium::find_or_install()?;
    let node = tools::node_packages()?;
    let files: Vec<_> = fingerprint::files(&paths::path("tests/browser"))?
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    if files.is_empty() {
        bail!("there is no tests/browser/*.test.mjs");
    }
    with_server(stage, || {
        let mut command = process::command(&node);
        // One file at a time: they share a server and its clock.
        command.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(&files);
        command.env("PRAISE_CHROMIUM", &chromium);
        Ok(command)
    })
}

/// The gallery: one test per picture.
pub fn screens() -> Result<Counts> {
    let (pictures, wrong) = screens::photograph(&[], |line| eprintln!("{line}"))?;
    Ok(Counts { passed: pictures.saturating_sub(wrong), failed: wrong })
}

fn with_server(stage: &str, tests: impl FnOnce() -> Result<Command>) -> Result<Counts> {
    let node = tools::node_packages()?;
    let persist = paths::output("test-state").join(stage.replace(':', "-"));
    databases::fresh(&node, &persist)?;
    let log = command::log_path(&format!("{stage}.server"));
    let mut server = Server::start(&server::Options {
        node: &node,
        port: server::free_port()?,
        persist: &persist,
        log: &log,
        echo: false,
    })?;
    let demo = server.seed().inspect_err(|_| show_log(&server))?;
    let mut tests = tests()?;
    tests.env("PRAISE_BASE_URL", &server.url).env("PRAISE_TOKEN", &demo.publish_token);
    let counts = command::run_tests(stage, Show::Tests, &mut [tests]);
    if !matches!(counts, Ok(Counts { failed: 0, .. })) {
        show_log(&server);
    }
    if server.has_ended() {
        bail!("the server ended during the tests; its log is {}", log.display());
    }
    let counts = counts?;
    // Whatever the tests did, the books must balance afterwards.
    let violations = self_check::violations(&server.client()).context("after the tests")?;
    if !violations.is_empty() {
        bail!("self-check after the tests: {}", violations.join("; "));
    }
    Ok(counts)
}

fn show_log(server: &Server) {
    eprintln!("--- the end of the server's log:\n{}\n---", server.log_tail(40));
}
