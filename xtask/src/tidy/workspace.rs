//! Rules about packages: which may depend on which, and their licence.

use super::violation::Violation;
use crate::project::{Metadata, Package};

const LICENCE: &str = "MIT OR Apache-2.0";

/// Each package with the packages of the workspace that it may depend on. None may depend on `edge`.
const DEPENDENCIES: [(&str, &[&str]); 7] = [
    ("shared", &[]),
    ("app", &["shared"]),
    ("reader", &["app", "shared"]),
    ("edge", &["app", "shared"]),
    ("tests", &["shared"]),
    ("hydrated", &["shared"]),
    ("xtask", &["shared"]),
];

/// Frameworks, clocks and randomness that `shared` must not depend on.
const NOT_IN_SHARED: [&str; 7] =
    ["leptos", "worker", "rand", "getrandom", "js-sys", "web-sys", "wasm-bindgen"];

/// Checks every package of the workspace.
pub fn check(metadata: &Metadata) -> Vec<Violation> {
    let names: Vec<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    metadata.packages.iter().flat_map(|package| check_package(package, &names)).collect()
}

fn check_package(package: &Package, members: &[&str]) -> Vec<Violation> {
    let mut rules = Vec::new();
    match DEPENDENCIES.iter().find(|(name, _)| *name == package.name) {
        None => rules.push(
            "unknown package: add what it may depend on to xtask/src/tidy/workspace.rs".to_owned(),
        ),
        Some((_, allowed)) => {
            let inside = |name: &&str| members.contains(name);
            let names = package.dependencies.iter().map(|dependency| dependency.name.as_str());
            for name in names.filter(inside).filter(|name| !allowed.contains(name)) {
                rules.push(format!("must not depend on {name}"));
            }
        }
    }
    for dependency in &package.dependencies {
        if package.name == "shared" && NOT_IN_SHARED.contains(&dependency.name.as_str()) {
            rules.push(format!("must not depend on {}", dependency.name));
        }
        if dependency.path.is_some() && !members.contains(&dependency.name.as_str()) {
            rules.push(format!(
                "depends on {}, whose path is outside the workspace",
                dependency.name
            ));
        }
    }
    if package.license.as_deref() != Some(LICENCE) {
        rules.push(format!("its licence must be {LICENCE}"));
    }
    let place = format!("package {}", package.name);
    rules.into_iter().map(|rule| Violation { place: place.clone(), line: 0, rule }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Dependency;

    fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependency = |name: &&str| Dependency { name: (*name).to_owned(), path: None };
        Package {
            name: name.to_owned(),
            license: Some(LICENCE.to_owned()),
            dependencies: dependencies.iter().map(dependency).collect(),
            targets: Vec::new(),
            features: Default::default(),
        }
    }

    fn rules(packages: Vec<Package>) -> Vec<String> {
        let metadata = Metadata { packages, target_directory: "target".into() };
        check(&metadata).into_iter().map(|violation| violation.to_string()).collect()
    }

    #[test]
    fn accepts_the_allowed_dependencies() {
        let packages = vec![
            package("shared", &["serde"]),
            package("app", &["shared", "leptos"]),
            package("edge", &["app", "shared", "worker"]),
        ];
        assert_eq!(rules(packages), Vec::<String>::new());
    }

    #[test]
    fn finds_dependencies_that_are_not_allowed() {
        let packages = vec![package("shared", &["app"]), package("app", &[])];
        assert_eq!(rules(packages), ["package shared: must not depend on app"]);
        let packages = vec![package("edge", &[]), package("tests", &["edge"])];
        assert_eq!(rules(packages), ["package tests: must not depend on edge"]);
    }

    #[test]
    fn finds_frameworks_in_shared() {
        for name in NOT_IN_SHARED {
            let found = rules(vec![package("shared", &[name])]);
            assert_eq!(found, [format!("package shared: must not depend on {name}")]);
        }
        assert!(rules(vec![package("edge", &["worker"])]).is_empty());
    }

    #[test]
    fn finds_unknown_packages_outsiders_and_licences() {
        assert!(rules(vec![package("studio", &[])])[0].contains("unknown package"));
        let mut outsider = package("xtask", &["elsewhere"]);
        outsider.dependencies[0].path = Some("/somewhere".into());
        assert!(rules(vec![outsider])[0].contains("outside the workspace"));
        let mut unlicensed = package("xtask", &[]);
        unlicensed.license = None;
        assert!(rules(vec![unlicensed])[0].contains("licence must be"));
    }
}
