//! `cargo xtask icons`: draws the icons of an installed site from `public/favicon.svg` and
//! `public/icon-maskable.svg`. They are kept as files, and a test compares them with the pictures.

use anyhow::Result;

use crate::{chromium, paths, process, tools};

/// Runs the command.
pub fn run() -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let mut browser = process::command(tools::node_packages()?);
    browser.arg(paths::path("tests/browser/icons.mjs")).env("PRAISE_CHROMIUM", chromium);
    process::run(&mut browser)
}
