//! Progress on the terminal: a line when a step starts and one when it ends, with the time it took.
//! Steps are numbered if the command knows their total. Progress goes to standard error, results go
//! to standard output.

use std::{
    cell::Cell,
    fs::File,
    io::{IsTerminal, Write as _},
    process::Command,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{paths, process};

thread_local! {
    /// The number of started steps, and the total.
    static PLAN: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

/// How many lines of the log are shown when a step fails.
const LAST_LINES: usize = 60;

/// Numbers the next steps of this thread: `[1/7]` to `[7/7]`. A step that has nothing to do counts
/// too, so call [`unchanged`] for it.
pub fn plan(steps: u32) {
    PLAN.set((0, steps));
}

fn label(name: &str) -> String {
    let (started, total) = PLAN.get();
    if started >= total {
        return format!("→ {name}");
    }
    PLAN.set((started + 1, total));
    format!("[{}/{total}] {name}", started + 1)
}

/// A step that has started.
pub struct Step {
    label: String,
    started: Instant,
}

impl Step {
    /// Prints that a step starts. `what` describes it for the user.
    pub fn start(name: &str, what: &str) -> Step {
        let label = label(name);
        eprintln!("{label}: {what}");
        Step { label, started: Instant::now() }
    }

    /// Prints that the step is done.
    pub fn done(self) {
        self.done_with("");
    }

    fn done_with(self, note: &str) {
        eprintln!("{}: done in {}{note}", self.label, seconds(self.started.elapsed()));
    }
}

/// Runs a step and prints how long it took. If it fails, the error names the step.
pub fn step<T>(name: &str, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let step = Step::start(name, what);
    let value = work().map_err(|error| error.context(format!("{name} failed")))?;
    step.done();
    Ok(value)
}

/// Runs a step that prints nothing itself, and keeps showing for how long it has run.
pub fn watched<T>(name: &str, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    step(name, what, || {
        let _clock = Clock::start(name);
        work()
    })
}

/// Runs a command as a step. Its output goes to a file in `target/dev-logs/`. If the command fails,
/// the end of that file is shown.
pub fn logged(name: &str, command: &mut Command) -> Result<()> {
    let path = paths::output("dev-logs").join(format!("{}.log", file_name(name)));
    std::fs::create_dir_all(path.parent().context("a log without a folder")?)?;
    let mut log =
        File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    let shown = path.strip_prefix(paths::root()).unwrap_or(&path).display();
    let step = Step::start(name, &format!("output in {shown}"));
    let clock = Clock::start(name);
    let mut warnings = 0;
    let read = |line: &str| {
        warnings += u32::from(line.starts_with("warning: ") && !line.contains("generated"));
        // `   Compiling serde v1.0.229`
        let mut words = line.split_whitespace();
        if words.next() == Some("Compiling") {
            clock.note(words.next().unwrap_or_default());
        }
    };
    let status = process::run_logged(command, &mut log, read, || {})?;
    drop(clock);
    if !status.success() {
        eprintln!("--- the end of {shown}:\n{}\n---", process::tail(&path, LAST_LINES));
        bail!("{name} failed; all its output is in {shown}");
    }
    let note = match warnings {
        0 => String::new(),
        count => format!(" with {count} warnings: see {shown}"),
    };
    step.done_with(&note);
    Ok(())
}

fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let words: String = name.chars().map(plain).collect();
    words.split_whitespace().collect::<Vec<_>>().join("-")
}

/// Prints that a step had nothing to do.
pub fn unchanged(name: &str) {
    eprintln!("{}: unchanged", label(name));
}

/// Shows that a step is still running: on a terminal every second in the same line, otherwise a new
/// line every 15 seconds. Stops when it is dropped.
struct Clock {
    note: Arc<Mutex<String>>,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Clock {
    fn start(name: &str) -> Clock {
        let note = Arc::new(Mutex::new(String::new()));
        let (stop, stopped) = mpsc::channel();
        let (name, noted) = (name.to_owned(), Arc::clone(&note));
        let thread = thread::spawn(move || tick(&name, &noted, &stopped));
        Clock { note, stop: Some(stop), thread: Some(thread) }
    }

    fn note(&self, text: &str) {
        text.clone_into(&mut self.note.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn tick(name: &str, note: &Mutex<String>, stopped: &mpsc::Receiver<()>) {
    let started = Instant::now();
    let terminal = std::io::stderr().is_terminal();
    let pause = Duration::from_secs(if terminal { 1 } else { 15 });
    while stopped.recv_timeout(pause) == Err(mpsc::RecvTimeoutError::Timeout) {
        let note = note.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let line = format!("  … {name} {} {note}", clock(started.elapsed()));
        if terminal {
            eprint!("\r\x1b[2K{line}");
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }
    if terminal {
        eprint!("\r\x1b[2K");
    }
}

/// Formats a duration for people: `1.2 s`, `1 min 05 s`.
pub fn seconds(duration: Duration) -> String {
    if duration.as_secs() >= 60 {
        format!("{} min {:02} s", duration.as_secs() / 60, duration.as_secs() % 60)
    } else {
        format!("{}.{} s", duration.as_secs(), duration.subsec_millis() / 100)
    }
}

/// Formats a duration as `1:05`.
fn clock(duration: Duration) -> String {
    format!("{}:{:02}", duration.as_secs() / 60, duration.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_durations_for_people() {
        assert_eq!(seconds(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(seconds(Duration::from_millis(59_999)), "59.9 s");
        assert_eq!(seconds(Duration::from_secs(65)), "1 min 05 s");
        assert_eq!(clock(Duration::from_secs(65)), "1:05");
    }

    #[test]
    fn numbers_the_steps_that_were_planned() {
        plan(2);
        assert_eq!([label("a"), label("b"), label("c")], ["[1/2] a", "[2/2] b", "→ c"]);
    }

    #[test]
    fn a_failing_command_names_its_log() {
        let name = "Xtask (test) log";
        let mut shell = process::command("sh");
        let error = logged(name, shell.args(["-c", "echo because >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("target/dev-logs/xtask-test-log.log"), "{error}");
        let log = paths::output("dev-logs").join("xtask-test-log.log");
        assert_eq!(std::fs::read_to_string(log).unwrap(), "because\n");
    }
}
