//! `cargo xtask icons`: draws the PNG icons of the installed site from `public/favicon.svg` and
//! `public/icon-maskable.svg`. The PNG files are committed; a test compares them with the SVG files.

use anyhow::Result;

use crate::{chromium, paths, process, tools};

/// Runs the command.
pub fn run() -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let mut browser = process::command(tools::node_packages()?);
    browser.arg(paths::path("tests/browser/icons.mjs")).env("PRAISE_CHROMIUM", chromium);
    process::run(&mut browser)
}
