//! The packages that are built for this machine, with their features.
//!
//! Cargo unifies the features of all packages that a command selects. If every command selects the
//! same packages, each dependency is built once. If each command selected one package, many
//! dependencies would be built several times, with different features.

use std::process::Command;

use crate::{compile, process, project::Metadata};

/// Packages that are not selected: `reader` would also enable the client feature of `app`,
/// `hydrated` is a benchmark with its own features, and this crate has to be built alone first.
const APART: [&str; 3] = ["reader", "hydrated", "xtask"];

/// The arguments of cargo that select the packages, with all features except the client's.
pub fn packages(metadata: &Metadata) -> Vec<String> {
    let mut arguments = vec!["--workspace".to_owned()];
    arguments.extend(APART.iter().flat_map(|name| ["--exclude".to_owned(), (*name).to_owned()]));
    let features: Vec<String> = metadata
        .packages
        .iter()
        .filter(|package| !APART.contains(&package.name.as_str()))
        .flat_map(|package| package.features.keys().map(|name| format!("{}/{name}", package.name)))
        .filter(|feature| feature != "app/hydrate" && !feature.ends_with("/default"))
        .collect();
    arguments.extend(["--features".to_owned(), features.join(",")]);
    arguments
}

/// Returns `cargo test` for these packages, with clippy as the compiler; the caller adds the
/// targets. All tests run even if one fails, because a failing test must not hide the results of
/// the others. A lint stops the build of its crate, so no test of that crate runs.
pub fn test(metadata: &Metadata) -> Command {
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--no-fail-fast"]).args(packages(metadata));
    compile::lint(&mut cargo);
    cargo
}
