//! What is compared: the article's page as it is, and the same page with other clients. Their
//! sources are in `tests/bench`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::{bundle, paths, process, progress, tools::Tools};

/// The name of ours.
pub const OURS: &str = "islands";

/// As our own scripts are, for browsers that every library is written for.
const ESBUILD_FLAGS: [&str; 5] =
    ["--bundle", "--minify", "--format=esm", "--target=es2022", "--external:/bench/*"];

/// The package of the hydrated app.
const HYDRATED: &str = "hydrated";
const RENDERER: &str = "render-hydrated";

/// A page, as `pages.mjs` reads it.
#[derive(Serialize)]
pub struct Variant {
    /// Its name there.
    pub name: &'static str,
    /// Its name in the table.
    #[serde(skip)]
    pub title: &'static str,
    /// What it is served beside what the Worker serves: URL path → file.
    files: BTreeMap<&'static str, PathBuf>,
    /// What its document names.
    parts: BTreeMap<&'static str, &'static str>,
}

/// Builds the clients; ours is built already.
pub fn build(tools: &Tools, target_directory: &Path) -> Result<Vec<Variant>> {
    let folder = paths::output("bench").join("clients");
    std::fs::create_dir_all(&folder)?;
    let scripted = |name, title, source: &str, path| -> Result<Variant> {
        let file = folder.join(format!("{name}.js"));
        bundled(tools, source, &file)?;
        let (files, parts) = ([(path, file)].into(), [("script", path)].into());
        Ok(Variant { name, title, files, parts })
    };
    let mut hydrated =
        scripted(HYDRATED, "Leptos, all hydrated", "hydrated.js", "/bench/start.js")?;
    let app = bundle::client(tools, target_directory, HYDRATED, &["hydrate"])?;
    for (part, path, content) in
        [("glue", "/bench/app.js", app.js), ("wasm", "/bench/app.wasm", app.wasm)]
    {
        let file = folder.join(path.rsplit('/').next().unwrap_or(part));
        std::fs::write(&file, content)?;
        hydrated.files.insert(path, file);
        hydrated.parts.insert(part, path);
    }
    let (files, parts) = Default::default();
    Ok(vec![
        Variant { name: OURS, title: "**Praise**", files, parts },
        scripted("preact", "Preact", "preact.jsx", "/bench/preact.js")?,
        scripted("htmx", "htmx", "htmx.js", "/bench/htmx.js")?,
        scripted("plain", "plain JS", "plain.js", "/bench/plain.js")?,
        hydrated,
    ])
}

fn bundled(tools: &Tools, source: &str, file: &Path) -> Result<()> {
    let mut esbuild = process::command(&tools.esbuild);
    esbuild.arg(paths::path("tests/bench/variants").join(source)).args(ESBUILD_FLAGS);
    process::output(esbuild.arg(format!("--outfile={}", file.display())))?;
    Ok(())
}

/// Builds the program that renders the hydrated app's page.
pub fn renderer(target_directory: &Path) -> Result<PathBuf> {
    progress::step("hydrated app", "cargo build", || {
        let mut cargo = process::command("cargo");
        cargo.args(["build", "--quiet", "--package", HYDRATED, "--features", "ssr"]);
        process::run(cargo.args(["--bin", RENDERER]))
    })?;
    let program = target_directory.join("debug").join(RENDERER);
    ensure!(program.exists(), "cargo did not build {}", program.display());
    Ok(program)
}
