//! The workspace's packages, and the versions in `Cargo.lock`.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{paths, process};

/// The part of `cargo metadata` that the commands read.
#[derive(Deserialize)]
pub struct Metadata {
    /// The members of the workspace.
    pub packages: Vec<Package>,
    /// The target directory.
    pub target_directory: PathBuf,
}

/// A member of the workspace.
#[derive(Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The SPDX expression of its licence.
    pub license: Option<String>,
    /// The declared dependencies of every kind.
    pub dependencies: Vec<Dependency>,
    /// Libraries, binaries, tests.
    pub targets: Vec<Target>,
    /// Its features, each with the features that it enables.
    #[serde(default)]
    pub features: BTreeMap<String, Vec<String>>,
}

/// A declared dependency.
#[derive(Deserialize)]
pub struct Dependency {
    /// The name of the package, not its local alias.
    pub name: String,
    /// The path of a path dependency.
    pub path: Option<PathBuf>,
}

/// A target that cargo can build.
#[derive(Deserialize)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Its kinds: `lib`, `bin`, `test`, …
    pub kind: Vec<String>,
}

/// Reads the workspace with `cargo metadata`.
pub fn metadata() -> Result<Metadata> {
    let mut command = process::command("cargo");
    command.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    let mut text = process::output(&mut command);
    if text.is_err() {
        // A manifest was edited and no longer matches the lockfile: let cargo update it.
        let mut command = process::command("cargo");
        command.args(["metadata", "--format-version", "1", "--no-deps"]);
        text = process::output(&mut command);
    }
    serde_json::from_str(&text?).context("the output of `cargo metadata` is not as expected")
}

/// Returns the version of a package in `Cargo.lock`, which must contain it exactly once.
pub fn locked_version(package: &str) -> Result<String> {
    let lock =
        std::fs::read_to_string(paths::path("Cargo.lock")).context("Cargo.lock cannot be read")?;
    version_in_lock(&lock, package)
}

fn version_in_lock(lock: &str, package: &str) -> Result<String> {
    let name = format!("name = \"{package}\"");
    let versions: Vec<&str> = lock
        .split("[[package]]")
        .filter(|entry| entry.lines().any(|line| line == name))
        .filter_map(|entry| entry.lines().find_map(|line| line.strip_prefix("version = \"")))
        .map(|version| version.trim_end_matches('"'))
        .collect();
    ensure!(
        versions.len() == 1,
        "Cargo.lock contains {package} {} times ({}) and must contain it once: `cargo tree -i \
         {package}` shows what depends on it",
        versions.len(),
        versions.join(", ")
    );
    Ok(versions[0].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_version_from_the_lockfile() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"a-b\"\nversion = \"4.0.0\"\n";
        assert_eq!(version_in_lock(lock, "a").unwrap(), "1.2.3");
        assert_eq!(version_in_lock(lock, "a-b").unwrap(), "4.0.0");
        assert!(version_in_lock(lock, "c").unwrap_err().to_string().contains("0 times"));
    }

    #[test]
    fn refuses_a_package_that_is_locked_twice() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n[[package]]\nname = \"a\"\nversion = \"2.0.0\"\n";
        let message = version_in_lock(lock, "a").unwrap_err().to_string();
        assert!(message.contains("1.0.0, 2.0.0"), "{message}");
    }
}
