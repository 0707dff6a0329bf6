//! How cargo compiles: the options for client and Worker, and clippy as the compiler.

use std::process::Command;

/// A set of compiler options for client and Worker.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For `dev`, and for the Worker of the tests: compiled in a fraction of the time.
    Quick,
    /// The deployed client: as small as possible.
    Client,
    /// The deployed Worker.
    Worker,
}

impl Profile {
    /// The arguments of cargo.
    pub fn arguments(self) -> [&'static str; 2] {
        match self {
            Profile::Quick => ["--config", ".cargo/wasm-quick.toml"],
            Profile::Client => ["--profile", "client"],
            Profile::Worker => ["--profile", "release"],
        }
    }

    /// The folder in which cargo puts the module, below that of the target.
    pub fn folder(self) -> &'static str {
        match self {
            Profile::Quick => "debug",
            Profile::Client => "client",
            Profile::Worker => "release",
        }
    }
}

/// Lints the workspace's crates while cargo compiles them, and makes each warning an error.
///
/// `cargo clippy` would check all dependencies once more, because cargo shares nothing between
/// checking and compiling.
pub fn lint(cargo: &mut Command) -> &mut Command {
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    // The arguments of `cargo clippy -- -D warnings`, in the form in which it passes them on.
    cargo.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__")
}
