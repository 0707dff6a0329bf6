//! `cargo xtask tidy`: checks the project's own rules, which no compiler or lint checks.

mod code;
mod documents;
mod files;
mod floors;
mod imports;
mod layers;
mod migrations;
mod modules;
mod violation;
mod workspace;

use anyhow::{Context, Result};

use crate::{failure::AlreadyReported, paths, process, project};

/// Runs the command. Prints each violation, and fails if there is one.
pub fn run() -> Result<()> {
    let mut violations = workspace::check(&project::metadata()?);
    let mut sources: Vec<(String, String)> = Vec::new();
    let tracked = tracked_files()?;
    for path in &tracked {
        // git lists a deleted file until its deletion is staged.
        let Ok(bytes) = std::fs::read(paths::path(path)) else {
            continue;
        };
        violations.extend(files::check(path, &bytes));
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        if path.ends_with(".md") && !path.starts_with("edge/demo/") {
            violations.extend(documents::check(path, &text, &tracked));
        }
        if path.ends_with(".rs") {
            sources.push((path.clone(), text));
        }
    }
    for floors in &floors::CRATES {
        let is_of_crate = |(path, _): &&(String, String)| layers::belongs(floors, path);
        let of_crate: Vec<_> = sources.iter().filter(is_of_crate).cloned().collect();
        violations.extend(layers::check(floors, &of_crate));
    }
    violations.extend(migrations::check(|path| std::fs::read(paths::path(path)).ok()));
    for violation in &violations {
        println!("{violation}");
    }
    if violations.is_empty() {
        println!("tidy: {} files checked, no violations", tracked.len());
        return Ok(());
    }
    println!("tidy: {} violations", violations.len());
    Err(AlreadyReported.into())
}

/// Lists the files that git tracks or would add.
fn tracked_files() -> Result<Vec<String>> {
    let mut git = process::command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let list = process::output(&mut git).context(
        "tidy checks the files that git knows: run it in a git checkout with git in PATH",
    )?;
    Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}
