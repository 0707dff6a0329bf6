//! Paths of the project's files.

use std::path::{Path, PathBuf};

/// Returns the root of the workspace. The binary is always built from the checkout it serves.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Returns a path inside the project.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Returns a path in the project's own `target/`, even when cargo builds elsewhere:
/// `wrangler.toml` and the tests name these files.
pub fn output(relative: &str) -> PathBuf {
    root().join("target").join(relative)
}
