//! Finds or installs a browser for the browser tests.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{process, tools};

/// Returns the path of a Chromium: `PRAISE_CHROMIUM`, or one in PATH. If there is none, installs it
/// with apt if possible.
pub fn find_or_install() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("PRAISE_CHROMIUM") {
        let path = PathBuf::from(path);
        if !path.is_file() {
            bail!("PRAISE_CHROMIUM={} is not a file", path.display());
        }
        return Ok(path);
    }
    if let Some(path) = in_path() {
        install_fonts();
        return Ok(path);
    }
    tools::apt_install(
        &["chromium", "fonts-noto-cjk"],
        "the browser tests need Chromium (or set PRAISE_CHROMIUM)",
    )?;
    in_path().context("chromium was installed and is still not in PATH")
}

fn in_path() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .iter()
        .flat_map(|name| std::env::split_paths(&folders).map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// Installs a Chinese font if there is none. Without it screenshots show boxes of another width in
/// place of Chinese text. The tests run all the same, so a failure is only a warning.
fn install_fonts() {
    let present = ["/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk"];
    let listed = process::output(process::command("fc-list").arg(":lang=zh-cn"));
    let known = listed.is_ok_and(|fonts| !fonts.trim().is_empty());
    if known || present.iter().any(|folder| Path::new(folder).exists()) {
        return;
    }
    if let Err(error) =
        tools::apt_install(&["fonts-noto-cjk"], "screenshots of Chinese pages need a Chinese font")
    {
        eprintln!("warning: {error:#}");
    }
}
