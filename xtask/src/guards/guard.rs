//! What is known about a guard: its violation, and the tests that fail without it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

/// A guard of the schema, as the tests describe it.
#[derive(Deserialize)]
pub struct Guard {
    /// Its kind, table and rule: `check payout gross_minor >= 0`.
    #[serde(rename = "guard")]
    pub name: String,
    /// The statements of its violation, of which it refuses the last. Empty for a trigger that
    /// writes something instead of refusing.
    pub sql: String,
    /// Its error message; for a trigger that writes something, what the self-check reports
    /// without it.
    #[serde(rename = "says")]
    pub message: String,
    /// What the violation leads to without the guard: `stored`, `reported`, or another error.
    pub without: String,
    /// The test that violates it.
    pub test: String,
}

/// The first test that fails without a guard, of each kind.
#[derive(Default)]
pub struct Failing {
    /// The test that violates the guard.
    pub violation: Option<String>,
    /// The first test of what the product does.
    pub behaviour: Option<String>,
}

impl Guard {
    /// Returns the first word of its name: `rule`, `keeper`, `check`, `unique`, `index`, `key` or
    /// `reference`.
    pub fn kind(&self) -> &str {
        self.name.split(' ').next().unwrap_or_default()
    }
}

/// Reads the guards from the files that the tests wrote.
pub fn read_all(folder: &Path) -> Result<Vec<Guard>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut guards = Vec::new();
    for file in files {
        let text = std::fs::read(&file)?;
        let list: Vec<Guard> = serde_json::from_slice(&text)
            .with_context(|| format!("{} is not a list of guards", file.display()))?;
        guards.extend(list);
    }
    Ok(guards)
}
