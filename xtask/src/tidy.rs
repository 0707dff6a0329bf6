//! `cargo xtask tidy`: rules of the house that no compiler and no lint checks.

mod code;
mod files;
mod workspace;

use std::fmt;

use anyhow::{Context, Result};

use crate::{AlreadyReported, paths, process, project};

/// Something that is against a rule.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    /// File, or package.
    place: String,
    /// Counted from one; zero where there is no line.
    line: usize,
    /// What is wrong and what to do.
    rule: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.place, self.rule),
            line => write!(f, "{}:{line}: {}", self.place, self.rule),
        }
    }
}

/// Runs the command; prints each violation and fails when there is one.
pub fn run() -> Result<()> {
    let mut violations = workspace::check(&project::metadata()?);
    let paths = tracked_files()?;
    for path in &paths {
        // A file may be deleted and not yet committed so.
        let Ok(bytes) = std::fs::read(paths::path(path)) else {
            continue;
        };
        violations.extend(files::check(path, &bytes));
    }
    for violation in &violations {
        println!("{violation}");
    }
    if violations.is_empty() {
        println!("tidy: {} files, nothing to say", paths.len());
        return Ok(());
    }
    println!("tidy: {} violations", violations.len());
    Err(AlreadyReported.into())
}

/// What git has or would add.
fn tracked_files() -> Result<Vec<String>> {
    let mut git = process::command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let list = process::output(&mut git).context("tidy asks git which files are ours")?;
    Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}
