//! `cargo xtask screens`: renders every page with sample data, photographs it in both languages, on
//! a phone and on a desktop, light and dark, and checks each with axe and for valid HTML.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{chromium, failure::AlreadyReported, native, paths, process, project, tools};

/// Flags of `screens`.
#[derive(clap::Args)]
pub struct Options {
    /// Only these pages, by their names in the gallery: receipt, me, …
    #[arg(value_name = "PAGE")]
    pages: Vec<String>,
}

/// Runs the command. Fails if a check of a page fails.
pub fn run(options: &Options) -> Result<()> {
    let (pictures, wrong) = photograph(&options.pages, Looks::All, |line| eprintln!("{line}"))?;
    println!("{pictures} pictures in {}", paths::output("screenshots").display());
    if wrong > 0 {
        println!("screens: {wrong} checks failed; the lines that start with ✗ say which");
        return Err(AlreadyReported.into());
    }
    Ok(())
}

/// The combinations of language, screen size and colour scheme in which a page is photographed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// All of them.
    All,
    /// Half of them, chosen so that every pair of values still occurs.
    Pairs,
}

/// Renders and photographs the named pages, or all if none is named. Returns how many pictures were
/// taken and how many checks failed. Calls `line` with the progress and each failure.
pub fn photograph(
    pages: &[String],
    looks: Looks,
    mut line: impl FnMut(&str),
) -> Result<(u64, u64)> {
    let chromium = chromium::find_or_install()?;
    let node = tools::node_packages()?;
    let folder = paths::output("gallery");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    let metadata = project::metadata()?;
    let mut build = process::command("cargo");
    build.args(["build", "--quiet"]).args(native::packages(&metadata));
    process::run(build.args(["--example", "gallery"]))?;
    let gallery = metadata.target_directory.join("debug/examples/gallery");
    process::run(process::command(gallery).arg(&folder))?;
    check_names(pages, &rendered(&folder)?)?;
    let mut browser = process::command(node);
    browser.arg(paths::path("tests/browser/gallery.mjs")).arg(&folder).args(pages);
    browser.env("PRAISE_CHROMIUM", chromium);
    if looks == Looks::All {
        browser.env("PRAISE_LONG", "1");
    }
    let logs = paths::output("test-logs");
    std::fs::create_dir_all(&logs)?;
    let log = logs.join("screens.log");
    let mut done = None;
    process::run_logged(
        &mut browser,
        &mut std::fs::File::create(&log)?,
        |text| match text.strip_prefix("gallery-done ") {
            Some(counts) => done = counts_of(counts),
            None => line(text),
        },
        || eprintln!("  … still running"),
    )?;
    match done {
        Some(counts) => Ok(counts),
        None => bail!("the browser stopped early; its output is in {}", log.display()),
    }
}

/// Lists the pages that the gallery consists of: `receipt` for `receipt.en.html`.
fn rendered(gallery: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(gallery)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".en.html").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn check_names(wanted: &[String], rendered: &[String]) -> Result<()> {
    match wanted.iter().find(|name| !rendered.contains(name)) {
        Some(unknown) => bail!("there is no page {unknown}; there are: {}", rendered.join(", ")),
        None => Ok(()),
    }
}

/// Parses `84 2`: 84 pictures, 2 of them with failed checks.
fn counts_of(text: &str) -> Option<(u64, u64)> {
    let (pictures, wrong) = text.split_once(' ')?;
    Some((pictures.parse().ok()?, wrong.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_last_line() {
        assert_eq!(counts_of("84 2"), Some((84, 2)));
        assert_eq!(counts_of("84"), None);
    }

    #[test]
    fn an_unknown_page_is_answered_with_the_known_ones() {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let rendered = names(&["me", "receipt"]);
        assert!(check_names(&names(&["receipt"]), &rendered).is_ok());
        let error = check_names(&names(&["me", "recipe"]), &rendered).unwrap_err().to_string();
        assert_eq!(error, "there is no page recipe; there are: me, receipt");
    }
}
