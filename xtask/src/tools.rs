//! The tools that a build needs. Each is installed only once: the wasm target with rustup, the npm
//! packages into `node_modules/`.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
    thread::{self, JoinHandle},
};

use anyhow::{Context, Result, anyhow, bail};

use crate::{paths, process, progress};

/// The minimum version for wrangler.
const NODE_FOR_WRANGLER: Version = Version(22, 12);
/// The minimum version for npm and our own scripts.
const NODE_AT_LEAST: Version = Version(20, 0);

/// The compilation target of the client bundle and the Worker.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Paths of the tools that npm installs.
pub struct Tools {
    /// A Node that is new enough for wrangler.
    pub node: PathBuf,
    /// `wasm-opt`, from the npm package `binaryen`.
    pub wasm_opt: PathBuf,
    /// `esbuild`, from npm.
    pub esbuild: PathBuf,
}

/// Installs the npm packages if necessary. Returns a Node that is new enough for wrangler.
pub fn node_packages() -> Result<PathBuf> {
    let packages = NodePackages::start()?;
    match packages.is_installing() {
        true => progress::watched(NPM, "npm ci (about half a minute, once)", || packages.node()),
        false => packages.node(),
    }
}

/// The name of the step that waits for [`NodePackages`].
pub const NPM: &str = "npm packages";

/// An installation of the npm packages in the background: npm mostly waits for the network, so
/// crates can be compiled in the meantime.
pub struct NodePackages {
    system: Option<Version>,
    installing: Option<JoinHandle<Result<()>>>,
}

impl NodePackages {
    /// Starts `npm ci` if `node_modules` does not match `package-lock.json`.
    pub fn start() -> Result<NodePackages> {
        let system = node_version("node");
        match system {
            Some(version) if version >= NODE_AT_LEAST => {}
            Some(version) => bail!(
                "Node.js {version} is too old: install Node.js 20 or newer from https://nodejs.org"
            ),
            None => {
                bail!("Node.js is missing: install Node.js 20 or newer from https://nodejs.org")
            }
        }
        let installing = match packages_match()? {
            true => None,
            false if process::output(process::command("npm").arg("--version")).is_err() => {
                bail!("npm is missing: install Node.js 20 or newer from https://nodejs.org")
            }
            false => Some(thread::spawn(npm_ci)),
        };
        Ok(NodePackages { system, installing })
    }

    /// Whether an installation was started.
    pub fn is_installing(&self) -> bool {
        self.installing.is_some()
    }

    /// Waits for the installation as a visible step. Returns the paths of the tools.
    pub fn wait(self) -> Result<Tools> {
        let node = if self.is_installing() {
            progress::watched(NPM, "npm ci, since the first step", || self.node())?
        } else {
            progress::unchanged(NPM);
            self.node()?
        };
        Ok(Tools { node, wasm_opt: npm_binary("wasm-opt")?, esbuild: npm_binary("esbuild")? })
    }

    /// Waits for the installation. Returns a Node that is new enough for wrangler.
    fn node(mut self) -> Result<PathBuf> {
        if let Some(installing) = self.installing.take() {
            installing.join().map_err(|_| anyhow!("npm ci panicked"))??;
        }
        if self.system.is_some_and(|version| version >= NODE_FOR_WRANGLER) {
            return Ok("node".into());
        }
        let local = paths::path("node_modules/.bin/node");
        match node_version(&local) {
            Some(version) if version >= NODE_FOR_WRANGLER => Ok(local),
            _ => bail!(
                "wrangler needs Node.js {NODE_FOR_WRANGLER} or newer and npm could not install \
                 one: install it from https://nodejs.org"
            ),
        }
    }
}

/// Waits for the installation even if compiling has failed in the meantime, because an incomplete
/// `node_modules` would break the next build.
impl Drop for NodePackages {
    fn drop(&mut self) {
        if let Some(installing) = self.installing.take() {
            let _ = installing.join();
        }
    }
}

fn npm_ci() -> Result<()> {
    let path = paths::output("dev-logs").join("npm-packages.log");
    std::fs::create_dir_all(path.parent().context("a log without a folder")?)?;
    let mut npm = process::command("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    // Use the system's Node: `npm ci` deletes the one in `node_modules` while it runs.
    npm.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let status = process::run_logged(&mut npm, &mut File::create(&path)?, |_| {}, || {})?;
    if !status.success() {
        bail!("`npm ci` failed; the end of {}:\n{}", path.display(), process::tail(&path, 30));
    }
    Ok(())
}

/// Returns a wrangler command without arguments: quiet, offline and without prompts.
pub fn wrangler(node: &Path) -> Command {
    let mut command = process::command(node);
    command
        .arg(paths::path("node_modules/wrangler/bin/wrangler.js"))
        .env("CI", "1")
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_HIDE_BANNER", "true")
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        // The default folder is shared by all projects of a user.
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
    // Not `process::command`: its PATH starts with the npm package `node`, and this must find the
    // system's Node.
    let output = Command::new(node).arg("--version").output().ok()?;
    parse_node_version(&String::from_utf8(output.stdout).ok()?)
}

fn parse_node_version(text: &str) -> Option<Version> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    Some(Version(numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Whether `node_modules` contains the versions of `package-lock.json`. Checking the packages that
/// `package.json` names is enough, because npm installs them together with their dependencies.
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
    // Some optional packages cannot be installed on this system, so a missing one is no mismatch.
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

/// Adds the wasm target to the toolchain if it is missing.
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

/// Installs Debian packages if apt exists and this process is root. Otherwise fails and names the
/// command to run.
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
        // If the update fails, the old list of packages usually still works.
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
