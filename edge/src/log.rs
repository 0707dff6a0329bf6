//! The log: one line per event, `what.happened key=value …`, readable on its own. It never holds a
//! secret, a token, or text that a person typed.

#[cfg(not(target_arch = "wasm32"))]
type Listener = Box<dyn Fn(&str)>;

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    static LISTENER: std::cell::RefCell<Option<Listener>> = const { std::cell::RefCell::new(None) };
}

/// Logs a failure that the code handles by itself.
pub fn warn(line: &str) {
    #[cfg(target_arch = "wasm32")]
    worker::console_warn!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    native("warn", line);
}

/// Logs a failure that a person has to look at.
pub fn error(line: &str) {
    #[cfg(target_arch = "wasm32")]
    worker::console_error!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    native("error", line);
}

/// Sends the lines of this thread to a listener instead of standard error, for tests.
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
