//! The log: `what.happened key=value …`, one line each, readable alone. Never a secret, never a
//! person's words, never a token.

/// Something that went wrong and is being dealt with.
pub fn warn(line: &str) {
    #[cfg(target_arch = "wasm32")]
    worker::console_warn!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("warn {line}");
}

/// Something that somebody has to look at.
pub fn error(line: &str) {
    #[cfg(target_arch = "wasm32")]
    worker::console_error!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("error {line}");
}
