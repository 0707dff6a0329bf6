//! The tests of the use cases as one program, run without a guard.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::mpsc::RecvTimeoutError,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    paths,
    process::{self, Group},
};

/// After this, tests that do not end without a guard have noticed.
const PATIENCE: Duration = Duration::from_secs(180);

/// The program.
pub struct Binary(PathBuf);

impl Binary {
    /// Builds it once.
    pub fn build() -> Result<Binary> {
        let arguments =
            "test -p edge --features sandbox --test use_cases --no-run --message-format=json";
        let text = process::output(process::command("cargo").args(arguments.split(' ')))?;
        let executable = |line: &str| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            let is_ours = message["target"]["name"] == "use_cases";
            is_ours.then(|| message["executable"].as_str().map(PathBuf::from))?
        };
        let path = text.lines().find_map(executable);
        path.map(Binary).context("cargo names no executable of the use_cases")
    }

    /// The names of all tests.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut command = process::command(&self.0);
        let text = process::output(command.args(["--list", "--format", "terse"]))?;
        let name = |line: &str| line.strip_suffix(": test").map(str::to_owned);
        Ok(text.lines().filter_map(name).collect())
    }

    /// Runs the chosen tests without a guard, one after another, until one fails; names that one.
    pub fn first_to_fail(
        &self,
        arguments: &[&str],
        guard: &str,
        variables: &[(&str, &Path)],
    ) -> Result<Option<String>> {
        let mut command = process::command(&self.0);
        command.args(arguments).arg("--test-threads=1").current_dir(paths::path("edge"));
        command.env("PRAISE_WITHOUT", guard).env("RUST_BACKTRACE", "0");
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut group = Group::spawn(&mut command)?;
        let lines = group.lines();
        let deadline = Instant::now() + PATIENCE;
        let mut last = String::new();
        let mut is_whole = false;
        loop {
            let line = match lines.recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => {
                    return Ok(Some(format!("a test after {last} does not end")));
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if let Some(test) = failed(&line) {
                return Ok(Some(test.to_owned()));
            }
            if let Some(test) = line.strip_prefix("test ") {
                last = test.trim_end_matches(" ... ok").to_owned();
            }
            is_whole |= line.starts_with("test result: ok. ") && !line.contains(" ok. 0 passed");
        }
        if !group.wait()?.success() || !is_whole {
            bail!("`{}` ran no test to its end without {guard}", process::shown(&command));
        }
        Ok(None)
    }
}

/// The test that failed by this line.
fn failed(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_which_test_failed() {
        assert_eq!(failed("test a::b ... FAILED"), Some("a::b"));
        assert_eq!(failed("test a::b ... ok"), None);
        assert_eq!(failed("test result: FAILED. 1 passed; 1 failed"), None);
    }
}
