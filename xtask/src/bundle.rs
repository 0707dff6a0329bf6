//! The static files: the client bundle, the scripts of `app/client/` and the files of `public/`.
//! The production and the sandbox Worker have a folder each.
//!
//! The names of scripts, wasm and style sheets contain a hash of the content, and their path starts
//! with `/assets/`, so that they can be cached for ever. The names are compiled into the Worker,
//! from one environment variable per file (see [`Site::variables`]).

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    bindgen::{self, Place},
    compile::Profile,
    fingerprint::{self, Fingerprint},
    paths, process, progress, project,
    tools::{Tools, WASM},
    worker_build::WORKER_ENV,
};

/// The client bundles: packages of the workspace with a `cdylib`.
pub const CLIENTS: [&str; 1] = ["reader"];

/// Not `--all-features`, because browsers do not support all of them.
const WASM_OPT_FLAGS: [&str; 9] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];

const ESBUILD_FLAGS: [&str; 4] = ["--bundle", "--minify", "--format=esm", "--target=es2020"];

const IMMUTABLE: &str = "\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n  X-Content-Type-Options: nosniff\n";

/// How much a client bundle is optimised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// For `cargo xtask dev`: fast to build. It shares compiled crates with the Worker of `dev`.
    Quick,
    /// For deployments, tests and measurements: as small as possible.
    Small,
}

impl Effort {
    fn profile(self) -> Profile {
        match self {
            Effort::Quick => Profile::Quick,
            Effort::Small => Profile::Client,
        }
    }
}

/// A client bundle that has been compiled.
pub struct Compiled {
    name: &'static str,
    effort: Effort,
    wasm: PathBuf,
}

/// A client bundle, ready to be served.
pub struct Client {
    /// The package's name: `reader`.
    pub name: &'static str,
    /// The minified JavaScript that loads the module by name.
    pub js: Vec<u8>,
    /// The optimised module.
    pub wasm: Vec<u8>,
}

/// All static files.
pub struct Site {
    /// Path without a leading slash → content.
    files: BTreeMap<String, Vec<u8>>,
    /// Variable → URL path.
    names: BTreeMap<String, String>,
}

impl Site {
    /// The environment variables for compiling the Worker:
    /// `ASSET_READER_JS=/assets/reader-0123456789ab.js`, `ASSET_BOOT_JS` for `app/client/boot.js`,
    /// `ASSET_STYLE_CSS` for `public/style.css`. The Worker reads them with `option_env!`, so cargo
    /// compiles it again when a name changes.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.names
    }

    /// The URL paths and contents, for the size table.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }
}

/// Fills the folder of a site from the compiled client bundles, `app/client/` and `public/`.
pub fn build(tools: &Tools, compiled: &[Compiled], folder: &Path) -> Result<Site> {
    let clients = compiled.iter().map(|client| pack(tools, client)).collect::<Result<Vec<_>>>()?;
    let site = assemble(tools, &clients)?;
    let changed = write(&site, folder)?;
    if changed == 0 {
        progress::unchanged("site");
    } else {
        progress::step("site", &format!("{changed} of {} files", site.files.len()), || Ok(()))?;
    }
    Ok(site)
}

/// Compiles one client bundle: the library of the package `name` with these features.
pub fn compile(
    target_directory: &Path,
    name: &'static str,
    features: &[&str],
    effort: Effort,
) -> Result<Compiled> {
    let profile = effort.profile();
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--package", name, "--lib", "--target", WASM]);
    cargo.args(profile.arguments()).args(["--features", &features.join(",")]);
    if effort == Effort::Quick {
        // The same as for the Worker, which shares the compiled crates.
        cargo.envs(WORKER_ENV);
    }
    progress::logged(&format!("client `{name}`, compiling"), &mut cargo)?;
    let wasm = target_directory.join(WASM).join(profile.folder()).join(format!("{name}.wasm"));
    Ok(Compiled { name, effort, wasm })
}

/// Makes the files to serve from a compiled bundle.
pub fn pack(tools: &Tools, compiled: &Compiled) -> Result<Client> {
    let name = compiled.name;
    let folder = paths::output("client").join(compiled.effort.profile().folder()).join(name);
    let (js, wasm) = (folder.join(format!("{name}.js")), folder.join(format!("{name}.wasm")));
    let mut inputs = Fingerprint::default();
    inputs.add_file(&compiled.wasm)?;
    inputs.add(project::locked_version("wasm-bindgen")?);
    inputs.add_file(&paths::path("package-lock.json"))?;
    inputs.add(WASM_OPT_FLAGS.concat());
    inputs.add(ESBUILD_FLAGS.concat());
    let inputs = inputs.finish();
    let stamp = folder.join("stamp");
    let title = format!("client `{name}`, packing");
    if fingerprint::is_stamped(&stamp, &inputs) && js.exists() && wasm.exists() {
        progress::unchanged(&title);
    } else {
        progress::watched(&title, "wasm-bindgen, wasm-opt, esbuild", || {
            make(tools, compiled, &folder)
        })?;
        fingerprint::stamp(&stamp, &inputs)?;
    }
    Ok(Client { name, js: std::fs::read(&js)?, wasm: std::fs::read(&wasm)? })
}

fn make(tools: &Tools, compiled: &Compiled, folder: &Path) -> Result<()> {
    let name = compiled.name;
    let bindgen = folder.join("bindgen");
    let _ = std::fs::remove_dir_all(&bindgen);
    std::fs::create_dir_all(&bindgen)?;
    bindgen::generate(Place::Webview, &compiled.wasm, name, &bindgen)?;
    let wasm = folder.join(format!("{name}.wasm"));
    let generated = bindgen.join(format!("{name}_bg.wasm"));
    match compiled.effort {
        Effort::Quick => std::fs::rename(&generated, &wasm)?,
        Effort::Small => {
            let mut wasm_opt = process::command(&tools.wasm_opt);
            wasm_opt.args(WASM_OPT_FLAGS).arg(&generated).arg("-o").arg(&wasm);
            process::output(&mut wasm_opt)?;
        }
    }
    // The JavaScript names the wasm file, whose name must contain the hash.
    let glue = bindgen.join(format!("{name}.js"));
    let text = std::fs::read_to_string(&glue)?;
    let (plain, hashed) = (format!("{name}_bg.wasm"), wasm_name(name, &std::fs::read(&wasm)?));
    ensure!(text.contains(&plain), "the JavaScript of wasm-bindgen does not contain {plain}");
    std::fs::write(&glue, text.replace(&plain, &hashed))?;
    process::output(
        process::command(&tools.esbuild)
            .args(ESBUILD_FLAGS)
            .arg(&glue)
            .arg(format!("--outfile={}", folder.join(format!("{name}.js")).display())),
    )?;
    Ok(())
}

fn wasm_name(name: &str, wasm: &[u8]) -> String {
    format!("{name}-{}.wasm", fingerprint::short(wasm))
}

fn assemble(tools: &Tools, clients: &[Client]) -> Result<Site> {
    let mut site = Site { files: BTreeMap::new(), names: BTreeMap::new() };
    for client in clients {
        let wasm = format!("assets/{}", wasm_name(client.name, &client.wasm));
        site.names.insert(variable(client.name, "wasm"), format!("/{wasm}"));
        site.files.insert(wasm, client.wasm.clone());
        add_hashed(&mut site, client.name, "js", client.js.clone());
    }
    for file in fingerprint::files(&paths::path("app/client"))? {
        add_minified(&mut site, tools, &file)?;
    }
    let public = paths::path("public");
    for file in fingerprint::files(&public)? {
        let relative = file.strip_prefix(&public)?.to_string_lossy().into_owned();
        // Only style sheets in the top folder are minified. Other files are served unchanged.
        if relative.ends_with(".css") && !relative.contains('/') {
            add_minified(&mut site, tools, &file)?;
        } else {
            site.files.insert(relative, std::fs::read(&file)?);
        }
    }
    let headers = site.files.entry("_headers".to_owned()).or_default();
    if !String::from_utf8_lossy(headers).contains("/assets/*") {
        headers.extend_from_slice(IMMUTABLE.as_bytes());
    }
    Ok(site)
}

/// Minifies a script or a style sheet and adds it under its hashed name.
fn add_minified(site: &mut Site, tools: &Tools, file: &Path) -> Result<()> {
    let (stem, extension) = stem_and_extension(file)?;
    let minified = minify(tools, &extension, std::fs::read(file)?)
        .with_context(|| format!("{} could not be minified", file.display()))?;
    add_hashed(site, &stem, &extension, minified);
    Ok(())
}

fn stem_and_extension(file: &Path) -> Result<(String, String)> {
    let part =
        |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_str().map(str::to_owned);
    part(file.file_stem())
        .zip(part(file.extension()))
        .with_context(|| format!("the name of {} is not UTF-8", file.display()))
}

fn minify(tools: &Tools, extension: &str, content: Vec<u8>) -> Result<Vec<u8>> {
    let mut esbuild = process::command(&tools.esbuild);
    esbuild.args(["--minify", &format!("--loader={extension}"), "--target=es2020"]);
    process::filter(&mut esbuild, content)
}

fn add_hashed(site: &mut Site, stem: &str, extension: &str, content: Vec<u8>) {
    let path = format!("assets/{stem}-{}.{extension}", fingerprint::short(&content));
    site.names.insert(variable(stem, extension), format!("/{path}"));
    site.files.insert(path, content);
}

fn variable(stem: &str, extension: &str) -> String {
    format!("asset_{stem}_{extension}")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect()
}

/// Makes a folder contain exactly the files of the site. Returns how many were written or removed.
/// Files that are up to date are not touched, because a running wrangler watches the folder.
fn write(site: &Site, folder: &Path) -> Result<usize> {
    let mut changed = 0;
    for (path, content) in &site.files {
        let path = folder.join(path);
        if std::fs::read(&path).is_ok_and(|there| there == *content) {
            continue;
        }
        std::fs::create_dir_all(path.parent().context("a file without a folder")?)?;
        std::fs::write(&path, content)?;
        changed += 1;
    }
    let stale: Vec<PathBuf> = fingerprint::files(folder)?
        .into_iter()
        .filter(|file| {
            let relative = file.strip_prefix(folder).unwrap_or(file).to_string_lossy();
            !site.files.contains_key(relative.as_ref())
        })
        .collect();
    for file in &stale {
        std::fs::remove_file(file)?;
    }
    Ok(changed + stale.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_variables_after_files() {
        assert_eq!(variable("reader", "js"), "ASSET_READER_JS");
        assert_eq!(variable("dark-mode", "css"), "ASSET_DARK_MODE_CSS");
    }

    #[test]
    fn a_changed_file_changes_its_name() {
        let mut site = Site { files: BTreeMap::new(), names: BTreeMap::new() };
        add_hashed(&mut site, "style", "css", b"a{}".to_vec());
        let first = site.names["ASSET_STYLE_CSS"].clone();
        add_hashed(&mut site, "style", "css", b"b{}".to_vec());
        assert_ne!(site.names["ASSET_STYLE_CSS"], first);
        assert!(first.starts_with("/assets/style-") && first.ends_with(".css"));
    }

    #[test]
    fn writing_removes_what_is_no_longer_served() {
        let folder = paths::output("xtask-test-site");
        let _ = std::fs::remove_dir_all(&folder);
        let mut site = Site { files: BTreeMap::new(), names: BTreeMap::new() };
        site.files.insert("assets/a.css".into(), b"a".to_vec());
        assert_eq!(write(&site, &folder).unwrap(), 1);
        assert_eq!(write(&site, &folder).unwrap(), 0);
        site.files.clear();
        site.files.insert("b.txt".into(), b"b".to_vec());
        assert_eq!(write(&site, &folder).unwrap(), 2);
        assert!(!folder.join("assets/a.css").exists());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
