//! `cargo xtask icons`: draws the icons of an installed site from `public/favicon.svg` and
//! `public/icon-maskable.svg`. They are kept as files, and a test compares them with the pictures.

use anyhow::Result;

use crate::{chromium, process, project, tools};

/// Runs the command.
pub fn run() -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let mut browser = process::command(tools::node_packages()?);
    browser.arg(project::path("tests/browser/icons.mjs")).env("PRAISE_CHROMIUM", chromium);
    process::run(&mut browser)
}
