//! What the person at the terminal sees while a command works: one line when a step starts, one
//! when it ends, with the seconds it took. Progress goes to standard error, results to standard
//! output.

use std::time::{Duration, Instant};

use anyhow::Result;

/// A step that has started.
pub struct Step {
    name: String,
    started: Instant,
}

impl Step {
    /// Announces a step; `what` says what is being done, for a person.
    pub fn start(name: &str, what: &str) -> Step {
        eprintln!("→ {name}: {what}");
        Step { name: name.to_owned(), started: Instant::now() }
    }

    /// Says that the step is done.
    pub fn done(self) {
        eprintln!("✓ {} ({})", self.name, seconds(self.started.elapsed()));
    }
}

/// Runs a step and says how long it took; a failing step's error carries its name.
pub fn step<T>(name: &str, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let step = Step::start(name, what);
    let value = work().map_err(|error| error.context(format!("{name} failed")))?;
    step.done();
    Ok(value)
}

/// Says that a step had nothing to do.
pub fn unchanged(name: &str) {
    eprintln!("· {name}: unchanged");
}

/// A duration as a person reads it.
pub fn seconds(duration: Duration) -> String {
    if duration.as_secs() >= 60 {
        format!("{} min {:02} s", duration.as_secs() / 60, duration.as_secs() % 60)
    } else {
        format!("{}.{} s", duration.as_secs(), duration.subsec_millis() / 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_durations_for_people() {
        assert_eq!(seconds(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(seconds(Duration::from_millis(59_999)), "59.9 s");
        assert_eq!(seconds(Duration::from_secs(65)), "1 min 05 s");
    }
}
