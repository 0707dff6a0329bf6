//! The tools that a build needs, installed once: the wasm target by rustup, wasm-bindgen and
//! worker-build by cargo into `.tools/`, everything of npm into `node_modules/`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{paths, process, progress, project};

/// What wrangler asks for.
const NODE_FOR_WRANGLER: Version = Version(22, 12);
/// What npm and our scripts ask for.
const NODE_AT_LEAST: Version = Version(20, 0);

/// The compilation target of everything that runs in the webview and at the edge.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Paths of installed tools.
pub struct Tools {
    /// A Node that is new enough for wrangler.
    pub node: PathBuf,
    /// The CLI with exactly the version of the lockfile.
    pub wasm_bindgen: PathBuf,
    /// The CLI with exactly the version of the `worker` crate.
    pub worker_build: PathBuf,
    /// From npm's binaryen.
    pub wasm_opt: PathBuf,
    /// From npm.
    pub esbuild: PathBuf,
}

/// Finds or installs everything.
pub fn install() -> Result<Tools> {
    wasm_target()?;
    let node = node_packages()?;
    Ok(Tools {
        node,
        wasm_bindgen: WASM_BINDGEN.find_or_install()?,
        worker_build: {
            if WORKER_BUILD.find().is_err() {
                openssl_headers()?;
            }
            WORKER_BUILD.find_or_install()?
        },
        wasm_opt: npm_binary("wasm-opt")?,
        esbuild: npm_binary("esbuild")?,
    })
}

/// Finds or installs what wrangler alone needs: Node and the npm packages.
pub fn node_packages() -> Result<PathBuf> {
    let system = node_version("node");
    match system {
        Some(version) if version >= NODE_AT_LEAST => {}
        Some(version) => bail!(
            "Node.js {version} is too old: install Node.js 20 or newer from https://nodejs.org"
        ),
        None => bail!("Node.js is missing: install Node.js 20 or newer from https://nodejs.org"),
    }
    if !packages_match()? {
        if process::output(process::command("npm").arg("--version")).is_err() {
            bail!("npm is missing: install Node.js 20 or newer from https://nodejs.org");
        }
        progress::step("npm packages", "npm ci (about half a minute, once)", || {
            let mut npm = process::command("npm");
            npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
            // With the system's Node: `npm ci` would delete ours under its own feet.
            npm.env("PATH", std::env::var_os("PATH").unwrap_or_default());
            process::run(&mut npm)
        })?;
    }
    if system.is_some_and(|version| version >= NODE_FOR_WRANGLER) {
        return Ok("node".into());
    }
    let local = paths::path("node_modules/.bin/node");
    match node_version(&local) {
        Some(version) if version >= NODE_FOR_WRANGLER => Ok(local),
        _ => bail!(
            "wrangler needs Node.js {NODE_FOR_WRANGLER} or newer and npm could not install one: \
             install it from https://nodejs.org"
        ),
    }
}

/// wrangler, still without arguments: quiet, offline and without questions.
pub fn wrangler(node: &Path) -> Command {
    let mut command = process::command(node);
    command
        .arg(paths::path("node_modules/wrangler/bin/wrangler.js"))
        .env("CI", "1")
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_HIDE_BANNER", "true")
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        // The default is one folder for all projects of a person; ours should not meet others.
        .env("WRANGLER_REGISTRY_PATH", paths::path(".wrangler/registry"));
    command
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

fn node_version(node: impl AsRef<std::ffi::OsStr>) -> Option<Version> {
    // Not `process::command`: its PATH begins with the npm package `node`, and here the question
    // is what the system has.
    let output = Command::new(node).arg("--version").output().ok()?;
    parse_node_version(&String::from_utf8(output.stdout).ok()?)
}

fn parse_node_version(text: &str) -> Option<Version> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    Some(Version(numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Whether `node_modules` holds the versions of `package-lock.json`. Only the packages that
/// `package.json` names are looked at: npm installs them together with what they depend on.
fn packages_match() -> Result<bool> {
    let lock = std::fs::read_to_string(paths::path("package-lock.json"))
        .context("package-lock.json cannot be read")?;
    let lock: serde_json::Value = serde_json::from_str(&lock).context("package-lock.json")?;
    let names = |kind: &str| -> Vec<String> {
        let names = lock["packages"][""][kind].as_object();
        names.map(|names| names.keys().cloned().collect()).unwrap_or_default()
    };
    let installed = |name: &String| -> Option<bool> {
        let text =
            std::fs::read_to_string(paths::path(&format!("node_modules/{name}/package.json")));
        let package: serde_json::Value = serde_json::from_str(&text.ok()?).ok()?;
        let wanted = &lock["packages"][format!("node_modules/{name}")]["version"];
        Some(&package["version"] == wanted)
    };
    let required = names("devDependencies").iter().all(|name| installed(name) == Some(true));
    // An optional package that could not be installed here is not a reason to try again.
    let optional = names("optionalDependencies").iter().all(|name| installed(name) != Some(false));
    Ok(required && optional)
}

fn npm_binary(name: &str) -> Result<PathBuf> {
    let path = paths::path(&format!("node_modules/.bin/{name}"));
    if !path.exists() {
        bail!("node_modules/.bin/{name} is missing: run `npm ci`");
    }
    Ok(path)
}

/// Adds the wasm target to the toolchain where it is missing.
pub fn wasm_target() -> Result<()> {
    let folder = process::output(process::command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        WASM,
    ]));
    if folder.is_ok_and(|folder| Path::new(folder.trim()).exists()) {
        return Ok(());
    }
    progress::step("wasm target", "rustup target add (a few seconds, once)", || {
        process::run(process::command("rustup").args(["target", "add", WASM])).with_context(|| {
            format!("the Rust target {WASM} is missing: install it with `rustup target add {WASM}`")
        })
    })
}

/// A tool that cargo installs.
struct CargoTool {
    package: &'static str,
    binary: &'static str,
    /// The package of `Cargo.lock` whose version it must have exactly.
    twin: &'static str,
    flags: &'static [&'static str],
    /// It is compiled once and runs for seconds: what counts is how long compiling takes.
    opt_level: &'static str,
}

const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    binary: "wasm-bindgen",
    twin: "wasm-bindgen",
    // Without its test runner and the TLS that it brings. With --locked it does not compile.
    flags: &["--no-default-features", "--bin", "wasm-bindgen"],
    opt_level: "1",
};

const WORKER_BUILD: CargoTool = CargoTool {
    package: "worker-build",
    binary: "worker-build",
    twin: "worker",
    flags: &["--locked", "--bin", "worker-build"],
    // It only calls other programs.
    opt_level: "0",
};

impl CargoTool {
    /// Its path, where it is there in the right version. One that the person has anyway is as
    /// good as ours.
    fn find(&self) -> Result<PathBuf> {
        let version = project::locked_version(self.twin)?;
        let ours = paths::path(".tools/bin").join(self.binary);
        for path in [ours, PathBuf::from(self.binary)] {
            let answer = process::output(process::command(&path).arg("--version"));
            // `wasm-bindgen 0.2.130` or `0.8.7`
            if answer.is_ok_and(|answer| answer.split_whitespace().last() == Some(&version)) {
                return which(path);
            }
        }
        bail!("{} {version} is not installed", self.binary)
    }

    fn find_or_install(&self) -> Result<PathBuf> {
        if let Ok(path) = self.find() {
            return Ok(path);
        }
        let version = project::locked_version(self.twin)?;
        let what = format!(
            "cargo install {} {version} into .tools/ (a minute or two, once)",
            self.package
        );
        progress::step(self.package, &what, || {
            let mut cargo = process::command("cargo");
            cargo.args(["install", self.package, "--version", &format!("={version}"), "--force"]);
            cargo.args(self.flags).arg("--root").arg(paths::path(".tools"));
            cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level);
            // Its objects are of no use later: let cargo use a folder that it removes.
            cargo.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET_DIR");
            process::run(&mut cargo)
        })?;
        self.find()
    }
}

/// worker-build wants an absolute path in `WASM_BINDGEN_BIN`.
fn which(path: PathBuf) -> Result<PathBuf> {
    if path.is_absolute() {
        return Ok(path);
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .map(|folder| folder.join(&path))
        .find(|path| path.is_file())
        .with_context(|| format!("{} is not in PATH", path.display()))
}

/// worker-build downloads with OpenSSL, so building it needs OpenSSL's headers.
fn openssl_headers() -> Result<()> {
    if process::output(process::command("pkg-config").args(["--exists", "openssl"])).is_ok() {
        return Ok(());
    }
    apt_install(&["pkg-config", "libssl-dev"], "worker-build needs the headers of OpenSSL")
}

/// Installs Debian packages where that is possible and allowed; otherwise says what to install.
pub fn apt_install(packages: &[&str], why: &str) -> Result<()> {
    let advice = format!("{why}: sudo apt install {}", packages.join(" "));
    let has_apt = process::output(process::command("apt-get").arg("--version")).is_ok();
    if !has_apt || !rustix::process::geteuid().is_root() {
        bail!(advice);
    }
    progress::step("apt", &format!("installing {}", packages.join(", ")), || {
        let apt = |arguments: &[&str]| {
            let mut apt = process::command("apt-get");
            apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
            process::output(&mut apt)
        };
        // An outdated list of packages still works more often than not.
        let _ = apt(&["update"]);
        apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())
    })
    .context(advice)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_versions_of_node() {
        let version = |text| parse_node_version(text);
        assert!(version("v20.20.2\n") < Some(NODE_FOR_WRANGLER));
        assert!(version("v22.11.0\n") < Some(NODE_FOR_WRANGLER));
        assert!(version("v22.12.0\n") >= Some(NODE_FOR_WRANGLER));
        assert!(version("v24.1.0") >= Some(NODE_FOR_WRANGLER));
        assert!(version("v18.19.0") < Some(NODE_AT_LEAST));
        assert!(version("nonsense").is_none());
    }
}
