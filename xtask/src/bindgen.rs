//! Generates the JavaScript around a compiled module, with the library behind the command
//! `wasm-bindgen`.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

/// Where the module runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a browser, which fetches the module.
    Webview,
    /// In workerd, which compiles the module before it runs the script.
    Worker,
}

/// Writes `<name>.js` and `<name>_bg.wasm` into a folder.
pub fn generate(place: Place, compiled: &Path, name: &str, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(name).typescript(false);
    bindgen.omit_default_module_path(false);
    match place {
        Place::Webview => bindgen.web(true)?,
        Place::Worker => {
            // A panic aborts and leaves inconsistent memory behind. These two options add the
            // function with which `edge/entry.js` then starts a new instance.
            bindgen.module(true)?.reset_state_function(true).force_enable_abort_handler(true)
        }
    };
    bindgen
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not read {}", compiled.display()))
}
