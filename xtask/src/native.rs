//! The crates that are built for this machine, as one selection of packages and features.
//!
//! Cargo unites the features of the packages that a command names. If every command names the same
//! ones, it builds each dependency once; with a package at a time it builds many of them again.

use std::process::Command;

use crate::{process, project::Metadata};

/// Packages of another selection. `reader` would give `app` its client feature as well; `hydrated`
/// is a benchmark with features of its own; and this crate is built before it can run, alone.
const APART: [&str; 3] = ["reader", "hydrated", "xtask"];

/// The arguments of cargo that select the packages with all their features, but for the client's.
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

/// `cargo test` over the selection, without the targets to test. All of them run, also when one
/// fails: a missing browser or a slow test must not hide the result of another.
pub fn test(metadata: &Metadata) -> Command {
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--no-fail-fast"]).args(packages(metadata));
    cargo
}
