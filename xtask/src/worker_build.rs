//! Builds the Worker with cargo, wasm-bindgen and esbuild. The production and the sandbox build
//! never share a folder.

use std::{collections::BTreeMap, path::Path, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{
    bindgen::{self, Place},
    compile::{self, Profile},
    fingerprint::{self, Fingerprint},
    paths, process, progress, project,
    tools::{Tools, WASM},
};

/// Which Worker to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// The deployable build, without the sandbox.
    Production {
        /// Whether it is optimised. Deployments always are.
        release: bool,
    },
    /// The build for `dev` and the tests, with the cargo feature `sandbox`.
    Sandbox {
        /// Whether it is optimised as if it were deployed.
        release: bool,
    },
}

impl Flavour {
    /// The name of its folder in `target/worker/`, as in `wrangler.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Flavour::Production { .. } => "production",
            Flavour::Sandbox { .. } => "sandbox",
        }
    }

    /// The folder of `index.js` and `index_bg.wasm`.
    pub fn folder(self) -> PathBuf {
        paths::output("worker").join(self.name())
    }

    /// The folder of the static files, as in `wrangler.toml`.
    pub fn site(self) -> PathBuf {
        match self {
            Flavour::Production { .. } => paths::output("site"),
            Flavour::Sandbox { .. } => paths::output("site-sandbox"),
        }
    }

    fn is_optimised(self) -> bool {
        let (Flavour::Production { release } | Flavour::Sandbox { release }) = self;
        release
    }

    fn profile(self) -> Profile {
        if self.is_optimised() { Profile::Worker } else { Profile::Quick }
    }

    fn features(self) -> &'static [&'static str] {
        match self {
            Flavour::Production { .. } => &[],
            Flavour::Sandbox { .. } => &["--features", "sandbox"],
        }
    }
}

/// Makes wasm-bindgen's macros use the promises of `js-sys`, as the crate `worker` expects. The
/// macros read it themselves, so cargo does not compile anything again when it changes.
pub const WORKER_ENV: [(&str, &str); 1] = [("WASM_BINDGEN_USE_JS_SYS", "1")];

/// `--debuginfo` keeps the names in stack traces.
const WASM_OPT_FLAGS: [&str; 9] = [
    "-O",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
    "--enable-exception-handling",
    "--debuginfo",
];

/// The wasm module is not bundled, because workerd loads and compiles it.
const ESBUILD_FLAGS: [&str; 4] =
    ["--bundle", "--minify", "--format=esm", "--external:./index_bg.wasm"];

/// The entry point that workerd loads.
const ENTRY: &str = "edge/entry.js";

/// Builds one Worker with the names of its assets compiled in.
pub fn build(
    tools: &Tools,
    target_directory: &Path,
    flavour: Flavour,
    assets: &BTreeMap<String, String>,
) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--package", "edge", "--lib", "--target", WASM]);
    cargo.args(flavour.profile().arguments()).args(flavour.features());
    cargo.envs(WORKER_ENV).envs(assets);
    if flavour == (Flavour::Production { release: false }) {
        // Only tests use this build, so it also lints the code without the feature `sandbox`.
        compile::lint(&mut cargo);
    }
    progress::logged(&format!("Worker ({}), compiling", flavour.name()), &mut cargo)?;

    let compiled = target_directory.join(WASM).join(flavour.profile().folder()).join("edge.wasm");
    let mut inputs = Fingerprint::default();
    inputs.add_file(&compiled)?;
    inputs.add_file(&paths::path(ENTRY))?;
    inputs.add(flavour.profile().folder());
    inputs.add(project::locked_version("wasm-bindgen")?);
    inputs.add_file(&paths::path("package-lock.json"))?;
    inputs.add(WASM_OPT_FLAGS.concat());
    inputs.add(ESBUILD_FLAGS.concat());
    let inputs = inputs.finish();
    let stamp = paths::output("worker").join(format!("{}.stamp", flavour.name()));
    let title = format!("Worker ({}), packing", flavour.name());
    if fingerprint::is_stamped(&stamp, &inputs) && flavour.folder().join("index.js").exists() {
        progress::unchanged(&title);
        return Ok(());
    }
    progress::watched(&title, "wasm-bindgen, wasm-opt, esbuild", || {
        pack(tools, flavour, &compiled)
    })?;
    fingerprint::stamp(&stamp, &inputs)
}

fn pack(tools: &Tools, flavour: Flavour, compiled: &Path) -> Result<()> {
    let work = paths::output("worker").join(format!("{}-parts", flavour.name()));
    let _ = std::fs::remove_dir_all(&work);
    std::fs::create_dir_all(&work)?;
    bindgen::generate(Place::Worker, compiled, "index", &work)?;
    // wasm-bindgen writes a source phase import. In workerd an ordinary import does the same.
    let glue = work.join("index.js");
    let text = std::fs::read_to_string(&glue)?;
    ensure!(
        text.contains(SOURCE_IMPORT),
        "the JavaScript of wasm-bindgen does not contain `{SOURCE_IMPORT}`"
    );
    std::fs::write(&glue, text.replace(SOURCE_IMPORT, "import wasmModule"))?;
    std::fs::copy(paths::path(ENTRY), work.join("entry.js"))?;

    let module = work.join("index_bg.wasm");
    if flavour.is_optimised() {
        let optimised = work.join("optimised.wasm");
        let mut wasm_opt = process::command(&tools.wasm_opt);
        wasm_opt.args(WASM_OPT_FLAGS).arg(&module).arg("-o").arg(&optimised);
        process::output(&mut wasm_opt)?;
        std::fs::rename(&optimised, &module)?;
    }
    let script = work.join("bundle.js");
    let mut esbuild = process::command(&tools.esbuild);
    esbuild.arg(work.join("entry.js")).args(ESBUILD_FLAGS);
    process::output(esbuild.arg(format!("--outfile={}", script.display())))?;
    replace(&flavour.folder(), &[(&module, "index_bg.wasm"), (&script, "index.js")])?;
    Ok(std::fs::remove_dir_all(&work)?)
}

const SOURCE_IMPORT: &str = "import source wasmModule";

/// Makes a folder contain exactly these files. The script must be the last one, because a running
/// wrangler loads the folder when the script changes.
fn replace(folder: &Path, files: &[(&Path, &str)]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for file in fingerprint::files(folder)? {
        let relative = file.strip_prefix(folder)?;
        if !files.iter().any(|(_, name)| Path::new(name) == relative) {
            std::fs::remove_file(&file)?;
        }
    }
    for (file, name) in files {
        let to = folder.join(name);
        std::fs::rename(file, &to).with_context(|| format!("writing {}", to.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module whose `fetch` traps on its first call, as after a Rust panic.
    const MODULE: &str = r#"
        const state = { criticalError: false };
        let calls = 0;
        export let resets = 0;
        export const __worker_init_state = () => state;
        export const __wbg_reset_state = () => { resets += 1; };
        export async function fetch(request, env, context) {
          calls += 1;
          if (request === "plain error") throw new Error("plain");
          if (calls === 1) throw new WebAssembly.RuntimeError("unreachable");
          return [request, env, context].join();
        }
        export async function queue(batch) { return `queue ${batch}`; }
        export async function scheduled(event) { return `scheduled ${event}`; }
    "#;

    const SCRIPT: &str = r#"
        globalThis.addEventListener = () => {};
        console.error = () => {};
        const worker = await import("./index.js");
        const { default: entry } = await import("./entry.js");
        const said = [];
        const ask = async (request) => {
          said.push(await entry.fetch(request, "env", "ctx").catch((error) => error.message));
          said.push(worker.resets);
        };
        for (const request of ["first", "second", "plain error", "third"]) await ask(request);
        said.push(await entry.queue("batch"), await entry.scheduled("event"));
        process.stdout.write(`\n${said.join("|")}`);
    "#;

    #[test]
    fn after_a_trap_the_next_event_starts_a_new_instance() {
        let folder = paths::output("xtask-test-entry");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("package.json"), r#"{"type":"module"}"#).unwrap();
        std::fs::write(folder.join("index.js"), MODULE).unwrap();
        std::fs::write(folder.join("script.js"), SCRIPT).unwrap();
        std::fs::copy(paths::path(ENTRY), folder.join("entry.js")).unwrap();
        let said = process::output(process::command("node").arg(folder.join("script.js"))).unwrap();
        assert_eq!(
            said.lines().last().unwrap(),
            "unreachable|0|second,env,ctx|1|plain|1|third,env,ctx|1|queue batch|scheduled event"
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn replacing_removes_the_files_of_the_previous_build() {
        let folder = paths::output("xtask-test-replace");
        let _ = std::fs::remove_dir_all(&folder);
        let (new, out) = (folder.join("new"), folder.join("out"));
        std::fs::create_dir_all(out.join("worker")).unwrap();
        std::fs::create_dir_all(&new).unwrap();
        std::fs::write(out.join("worker/shim.mjs"), "old").unwrap();
        std::fs::write(out.join("index.js"), "old").unwrap();
        std::fs::write(new.join("a.js"), "new").unwrap();
        replace(&out, &[(&new.join("a.js"), "index.js")]).unwrap();
        assert_eq!(fingerprint::files(&out).unwrap(), [out.join("index.js")]);
        assert_eq!(std::fs::read_to_string(out.join("index.js")).unwrap(), "new");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
