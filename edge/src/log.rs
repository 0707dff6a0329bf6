//! The log: `what.happened key=value …`, one line each, readable alone. Never a secret, never a
//! person's words, never a token.

#[cfg(not(target_arch = "wasm32"))]
type Listener = Box<dyn Fn(&str)>;

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    static LISTENER: std::cell::RefCell<Option<Listener>> = const { std::cell::RefCell::new(None) };
}

/// Something that went wrong and is being dealt with.
pub fn warn(line: &str) {
    #[cfg(target_arch = "wasm32")]
    worker::console_warn!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    native("warn", line);
}

/// Something that somebody has to look at.
pub fn error(line: &str) {
    #[cfg(target_arch = "wasm32")]
    worker::console_error!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    native("error", line);
}

/// Hands the lines of this thread to a listener instead of standard error: a test reads them.
#[cfg(not(target_arch = "wasm32"))]
pub fn listen(listener: impl Fn(&str) + 'static) {
    LISTENER.with(|slot| slot.replace(Some(Box::new(listener))));
}

#[cfg(not(target_arch = "wasm32"))]
fn native(level: &str, line: &str) {
    LISTENER.with(|slot| match &*slot.borrow() {
        Some(listener) => listener(line),
        None => eprintln!("{level} {line}"),
    });
}
