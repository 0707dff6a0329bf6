//! Checks the rules of `deny.toml` about licences, bans and sources: with `cargo deny` if it is
//! installed, otherwise with the code here, because compiling cargo-deny takes longer than most
//! stages of the tests. A setting that the code here does not support is an error. Security
//! advisories need the network, so only `cargo deny check advisories` checks them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use spdx::{Expression, LicenseReq, Licensee, ParseMode};

use crate::{paths, process};

/// The URL of crates.io as a source in `cargo metadata`.
const CRATES_IO: &str = "https://github.com/rust-lang/crates.io-index";

/// What has done the check.
pub enum Checked {
    /// `cargo deny`.
    CargoDeny,
    /// This module, with the number of packages.
    Here(usize),
}

/// Fails with a list of all packages that break a rule.
pub fn check() -> Result<Checked> {
    if process::output(process::command("cargo").args(["deny", "--version"])).is_ok() {
        let mut cargo = process::command("cargo");
        process::run(cargo.args(["deny", "check", "licenses", "bans", "sources"]))?;
        return Ok(Checked::CargoDeny);
    }
    let text =
        std::fs::read_to_string(paths::path("deny.toml")).context("deny.toml cannot be read")?;
    let rules: Rules = toml::from_str(&text).context("deny.toml (is cargo-deny needed for it?)")?;
    let mut cargo = process::command("cargo");
    cargo.args(["metadata", "--format-version", "1", "--locked"]);
    if rules.graph.all_features {
        cargo.arg("--all-features");
    }
    let graph: Graph = serde_json::from_str(&process::output(&mut cargo)?)?;
    let (warnings, errors) = findings(&rules, &graph.packages)?;
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    if !errors.is_empty() {
        bail!("deny.toml forbids:\n  {}", errors.join("\n  "));
    }
    Ok(Checked::Here(graph.packages.len()))
}

/// The supported part of `deny.toml`.
#[derive(Deserialize)]
struct Rules {
    #[serde(default)]
    graph: GraphRules,
    licenses: Licenses,
    #[serde(default)]
    bans: Bans,
    #[serde(default)]
    sources: Sources,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct GraphRules {
    #[serde(default)]
    all_features: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// Licences that are allowed for one package only.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    #[serde(rename = "crate", alias = "name")]
    package: String,
    allow: Vec<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Level {
    Allow,
    #[default]
    Warn,
    Deny,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Bans {
    #[serde(default)]
    multiple_versions: Level,
    wildcards: Option<Level>,
    #[serde(default)]
    allow_wildcard_paths: bool,
    #[serde(default)]
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Banned {
    Name(String),
    Table(BannedTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BannedTable {
    #[serde(rename = "crate", alias = "name")]
    package: String,
    reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Sources {
    #[serde(default)]
    unknown_registry: Level,
    #[serde(default)]
    unknown_git: Level,
    allow_registry: Option<Vec<String>>,
    #[serde(default)]
    allow_git: Vec<String>,
}

/// The required part of `cargo metadata`.
#[derive(Deserialize)]
struct Graph {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Absent for packages of this workspace.
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    path: Option<PathBuf>,
}

/// Returns warnings and errors, one line each.
fn findings(rules: &Rules, packages: &[Package]) -> Result<(Vec<String>, Vec<String>)> {
    let mut found: Vec<(Level, String)> = Vec::new();
    licenses(&rules.licenses, packages, &mut found)?;
    bans(&rules.bans, packages, &mut found)?;
    sources(&rules.sources, packages, &mut found);
    let of =
        |level| found.iter().filter(move |(its, _)| *its == level).map(|(_, text)| text.clone());
    Ok((of(Level::Warn).collect(), of(Level::Deny).collect()))
}

fn licensees(names: &[String]) -> Result<Vec<Licensee>> {
    let parse = |name: &String| {
        Licensee::parse(name).with_context(|| format!("deny.toml: {name} is not an SPDX licence"))
    };
    names.iter().map(parse).collect()
}

fn licenses(
    rules: &Licenses,
    packages: &[Package],
    found: &mut Vec<(Level, String)>,
) -> Result<()> {
    let allowed = licensees(&rules.allow)?;
    let mut exceptions = BTreeMap::new();
    for exception in &rules.exceptions {
        exceptions.insert(exception.package.as_str(), licensees(&exception.allow)?);
    }
    for package in packages {
        let also = exceptions.get(package.name.as_str()).into_iter().flatten();
        let allowed: Vec<&Licensee> = allowed.iter().chain(also).collect();
        let allows = |wanted: &LicenseReq| allowed.iter().any(|one| one.satisfies(wanted));
        let text = package.license.as_deref().unwrap_or_default();
        let shown = format!("{} {}", package.name, package.version);
        match Expression::parse_mode(text, ParseMode::LAX) {
            Ok(expression) if expression.evaluate(allows) => {}
            Ok(_) => found.push((Level::Deny, format!("{shown}: the licence {text}"))),
            Err(_) => found.push((Level::Deny, format!("{shown}: no SPDX licence, but {text:?}"))),
        }
    }
    Ok(())
}

fn bans(rules: &Bans, packages: &[Package], found: &mut Vec<(Level, String)>) -> Result<()> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().insert(&package.version);
        for dependency in package.dependencies.iter().filter(|one| one.req == "*") {
            if !(rules.allow_wildcard_paths && dependency.path.is_some()) {
                let text = format!("{}: {} in any version", package.name, dependency.name);
                found.push((rules.wildcards.unwrap_or(Level::Allow), text));
            }
        }
    }
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let versions: Vec<_> = versions.iter().copied().collect();
        found.push((rules.multiple_versions, format!("{name} twice: {}", versions.join(", "))));
    }
    for banned in &rules.deny {
        let (name, reason) = match banned {
            Banned::Name(name) => (name, None),
            Banned::Table(table) => (&table.package, table.reason.as_deref()),
        };
        if name.contains(['@', ':']) {
            bail!("deny.toml bans {name}: bans of single versions need cargo-deny");
        }
        if versions.contains_key(name.as_str()) {
            found.push((Level::Deny, format!("{name}: {}", reason.unwrap_or("banned"))));
        }
    }
    Ok(())
}

fn sources(rules: &Sources, packages: &[Package], found: &mut Vec<(Level, String)>) {
    let crates_io = [CRATES_IO.to_owned()];
    let registries = rules.allow_registry.as_deref().unwrap_or(&crates_io);
    for package in packages {
        let Some(source) = &package.source else { continue };
        let known = |list: &[String], url: &str| list.iter().any(|one| url == one);
        let level = match source.split_once('+') {
            Some(("registry" | "sparse", url)) if known(registries, url) => continue,
            // `git+https://host/repository?branch=main#commit`
            Some(("git", url))
                if known(&rules.allow_git, url.split(['?', '#']).next().unwrap_or(url)) =>
            {
                continue;
            }
            Some(("git", _)) => rules.unknown_git,
            _ => rules.unknown_registry,
        };
        found.push((level, format!("{} {}: from {source}", package.name, package.version)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn package(name: &str, version: &str, license: Option<&str>, source: Option<&str>) -> Package {
        let [name, version] = [name, version].map(str::to_owned);
        let [license, source] = [license, source].map(|text| text.map(str::to_owned));
        Package { name, version, license, source, dependencies: Vec::new() }
    }

    fn errors(rules: &str, packages: &[Package]) -> Vec<String> {
        findings(&toml::from_str(rules).unwrap(), packages).unwrap().1
    }

    #[test]
    fn one_allowed_licence_of_several_is_enough() {
        let of = |license| package("a", "1.0.0", license, Some(REGISTRY));
        let rules = "[licenses]\nallow = ['MIT', 'Apache-2.0']";
        assert!(errors(rules, &[of(Some("MIT OR GPL-3.0-only"))]).is_empty());
        assert!(errors(rules, &[of(Some("MIT/Apache-2.0"))]).is_empty());
        let text = "a 1.0.0: the licence MIT AND GPL-3.0-only";
        assert_eq!(errors(rules, &[of(Some("MIT AND GPL-3.0-only"))]), [text]);
        assert_eq!(errors(rules, &[of(None)]).len(), 1);
        let excepted =
            format!("{rules}\nexceptions = [{{ crate = 'a', allow = ['GPL-3.0-only'] }}]");
        assert!(errors(&excepted, &[of(Some("MIT AND GPL-3.0-only"))]).is_empty());
    }

    #[test]
    fn bans_names_wildcards_and_second_versions() {
        let mut packages = [
            package("a", "1.0.0", Some("MIT"), Some(REGISTRY)),
            package("a", "2.0.0", Some("MIT"), Some(REGISTRY)),
            package("own", "0.1.0", Some("MIT"), None),
        ];
        let dependency = |path: Option<&str>| Dependency {
            name: "b".into(),
            req: "*".into(),
            path: path.map(PathBuf::from),
        };
        packages[2].dependencies = vec![dependency(None), dependency(Some("../b"))];
        let rules = |bans| format!("[licenses]\nallow = ['MIT']\n[bans]\n{bans}");
        assert!(errors(&rules(""), &packages).is_empty());
        assert_eq!(
            errors(&rules("multiple-versions = 'deny'"), &packages),
            ["a twice: 1.0.0, 2.0.0"]
        );
        assert_eq!(errors(&rules("wildcards = 'deny'"), &packages).len(), 2);
        let paths = rules("wildcards = 'deny'\nallow-wildcard-paths = true");
        assert_eq!(errors(&paths, &packages), ["own: b in any version"]);
        let banned = rules("deny = [{ crate = 'a', reason = 'old' }, 'c']");
        assert_eq!(errors(&banned, &packages), ["a: old"]);
    }

    #[test]
    fn refuses_other_sources_and_settings_that_it_does_not_know() {
        let from = |source| [package("a", "1.0.0", Some("MIT"), Some(source))];
        let rules = "[licenses]\nallow = ['MIT']\n[sources]\nunknown-registry = 'deny'\n\
                     unknown-git = 'deny'\nallow-git = ['https://host/kept']";
        assert!(errors(rules, &from(REGISTRY)).is_empty());
        assert_eq!(errors(rules, &from("registry+https://other/index")).len(), 1);
        assert!(errors(rules, &from("git+https://host/kept?branch=main#0a1b")).is_empty());
        assert_eq!(errors(rules, &from("git+https://host/other#0a1b")).len(), 1);
        assert!(toml::from_str::<Rules>("[licenses]\nallow = []\nsurprise = 1").is_err());
    }
}
