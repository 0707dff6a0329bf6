//! The pages that are compared: the article's page as it is, and the same page with other clients,
//! whose sources are in `tests/bench`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::{
    bundle::{self, Effort},
    paths, process, progress,
    tools::Tools,
};

/// The name of our own page.
pub const OURS: &str = "islands";

/// The flags of our own scripts, with a target that every compared library supports.
const ESBUILD_FLAGS: [&str; 5] =
    ["--bundle", "--minify", "--format=esm", "--target=es2022", "--external:/bench/*"];

/// The package of the app that is hydrated as a whole.
const HYDRATED: &str = "hydrated";
const RENDERER: &str = "render-hydrated";

/// A page that is compared, as `pages.mjs` reads it.
#[derive(Serialize)]
pub struct Variant {
    /// Its name in `pages.mjs`.
    pub name: &'static str,
    /// Its title in the table.
    #[serde(skip)]
    pub title: &'static str,
    /// Files served besides those of the Worker: URL path → file.
    files: BTreeMap<&'static str, PathBuf>,
    /// URL paths that its document names: part → URL path.
    parts: BTreeMap<&'static str, &'static str>,
}

/// Builds the other clients. Our own must have been built before.
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
    let app = bundle::compile(target_directory, HYDRATED, &["hydrate"], Effort::Small)?;
    let app = bundle::pack(tools, &app)?;
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

/// Builds the program that renders the page of the hydrated app.
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
