//! `cargo xtask screens`: renders every page with sample data, photographs it in both languages, on
//! a phone and on a desk, light and dark, has axe look at each, and asserts that each is valid HTML.

use anyhow::{Context, Result, bail};

use crate::{chromium, failure::AlreadyReported, paths, process, tools};

/// Flags of `screens`.
#[derive(clap::Args)]
pub struct Options {
    /// Only these pages, by their names in the gallery: `receipt`, `me`, …
    #[arg(value_name = "PAGE")]
    pages: Vec<String>,
}

/// Runs the command; fails when a page is not as it has to be.
pub fn run(options: &Options) -> Result<()> {
    let (pictures, wrong) = photograph(&options.pages, |line| eprintln!("{line}"))?;
    println!("{pictures} pictures in {}", paths::output("screenshots").display());
    if wrong > 0 {
        println!("screens: {wrong} of them are not as they have to be");
        return Err(AlreadyReported.into());
    }
    Ok(())
}

/// Renders and photographs pages, all where none is named. Returns how many pictures were taken and
/// how many pages had something wrong; `line` is told of the progress and of what is wrong.
pub fn photograph(pages: &[String], mut line: impl FnMut(&str)) -> Result<(u64, u64)> {
    let chromium = chromium::find_or_install()?;
    let node = tools::node_packages()?;
    let folder = paths::output("gallery");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("the gallery of last time")?;
    }
    let mut gallery = process::command("cargo");
    gallery.args(["run", "--quiet", "-p", "app", "--features", "ssr,sandbox"]);
    gallery.args(["--example", "gallery", "--"]).arg(&folder);
    process::run(&mut gallery)?;
    let mut browser = process::command(node);
    browser.arg(paths::path("tests/browser/gallery.mjs")).arg(&folder).args(pages);
    browser.env("PRAISE_CHROMIUM", chromium);
    let log = paths::output("test-logs").join("screens.log");
    std::fs::create_dir_all(log.parent().context("a log without a folder")?)?;
    let mut done = None;
    process::run_logged(
        &mut browser,
        &mut std::fs::File::create(&log)?,
        |text| match text.strip_prefix("gallery-done ") {
            Some(counts) => done = counts_of(counts),
            None => line(text),
        },
        || eprintln!("  … still at it"),
    )?;
    match done {
        Some(counts) => Ok(counts),
        None => bail!("the browser did not come to an end; see {}", log.display()),
    }
}

/// `84 2` → 84 pictures, 2 wrong.
fn counts_of(text: &str) -> Option<(u64, u64)> {
    let (pictures, wrong) = text.split_once(' ')?;
    Some((pictures.parse().ok()?, wrong.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::counts_of;

    #[test]
    fn reads_the_last_line() {
        assert_eq!(counts_of("84 2"), Some((84, 2)));
        assert_eq!(counts_of("84"), None);
    }
}
