//! Child processes. Each runs in a process group of its own, so that whatever it started goes
//! when it goes, and nothing outlives the command that a person stopped.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

use crate::paths;

static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static STOPPING: AtomicBool = AtomicBool::new(false);

/// How long a process may take to end by itself once it was asked to.
const GRACE: Duration = Duration::from_secs(3);

/// On Ctrl-C, SIGTERM or SIGHUP: ends every child with everything it started, then this process.
pub fn stop_children_on_signal() {
    let handler = ctrlc::set_handler(|| {
        STOPPING.store(true, Ordering::SeqCst);
        let groups = groups().clone();
        for group in &groups {
            let _ = kill_process_group(*group, Signal::TERM);
        }
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline
            && groups.iter().any(|group| test_kill_process_group(*group).is_ok())
        {
            thread::sleep(Duration::from_millis(50));
        }
        for group in &groups {
            let _ = kill_process_group(*group, Signal::KILL);
        }
        eprintln!("stopped");
        std::process::exit(130);
    });
    if let Err(error) = handler {
        eprintln!("warning: Ctrl-C may leave processes behind: {error}");
    }
}

fn groups() -> std::sync::MutexGuard<'static, Vec<Pid>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether everything is being ended.
pub fn is_stopping() -> bool {
    STOPPING.load(Ordering::SeqCst)
}

/// Does not return while the signal handler is ending everything: a child that ended because of
/// it is not worth an error message. The handler ends this process.
fn hold_while_stopping() {
    while is_stopping() {
        thread::sleep(Duration::from_secs(1));
    }
}

/// A command that runs in the project's root, with the project's own tools first in PATH and
/// without the variables that cargo sets for the program it runs: they would make a nested cargo
/// believe that the environment of its build scripts has changed.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let of_package = name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        if of_package || ["CARGO", "OUT_DIR", "LD_LIBRARY_PATH"].contains(&name.as_ref()) {
            command.env_remove(name.as_ref());
        }
    }
    let mut path = vec![paths::path("node_modules/.bin")];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    if let Ok(path) = std::env::join_paths(path) {
        command.env("PATH", path);
    }
    command
}

/// Runs a command whose output goes straight to the terminal; fails when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    command.stdin(Stdio::null());
    let status = Group::spawn(command)?.wait()?;
    if !status.success() {
        bail!("`{}` failed ({})", shown(command), ending(status));
    }
    Ok(())
}

/// Runs a command and returns what it wrote to standard output.
pub fn output(command: &mut Command) -> Result<String> {
    String::from_utf8(filter(command, Vec::new())?)
        .with_context(|| format!("`{}` did not answer UTF-8", shown(command)))
}

/// Runs a filter: `input` to standard input, the answer from standard output.
pub fn filter(command: &mut Command, input: Vec<u8>) -> Result<Vec<u8>> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut group = Group::spawn(command)?;
    let mut stdin = group.child.stdin.take().context("no standard input")?;
    // Threads, so that a full pipe on one side never blocks the other. A program that does not
    // care for its input closes it early; what counts is how it ends.
    thread::spawn(move || stdin.write_all(&input));
    let stdout = collect(group.child.stdout.take());
    let stderr = collect(group.child.stderr.take());
    let status = group.wait()?;
    let stdout = stdout.join().unwrap_or_default();
    if !status.success() {
        let stderr = stderr.join().unwrap_or_default();
        let text = String::from_utf8_lossy(if stderr.is_empty() { &stdout } else { &stderr });
        bail!("`{}` failed ({}): {}", shown(command), ending(status), text.trim());
    }
    Ok(stdout)
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// Runs a command, writes all its output to `log` and shows each line to `on_line`. `on_quiet` is
/// called every fifteen seconds without output.
pub fn run_logged(
    command: &mut Command,
    log: &mut File,
    mut on_line: impl FnMut(&str),
    mut on_quiet: impl FnMut(),
) -> Result<ExitStatus> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut group = Group::spawn(command)?;
    let lines = group.lines();
    let mut last_line = Instant::now();
    loop {
        match lines.recv_timeout(Duration::from_millis(500)) {
            Ok(line) => {
                writeln!(log, "{line}")?;
                on_line(&line);
                last_line = Instant::now();
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                // A grandchild may hold the pipe open after the child has ended.
                if group.has_ended() {
                    return group.wait();
                }
                if last_line.elapsed() >= Duration::from_secs(15) {
                    on_quiet();
                    last_line = Instant::now();
                }
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => return group.wait(),
        }
    }
}

/// Returns the last lines of a file, such as the log of a command.
pub fn tail(path: &Path, lines: usize) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// A command as a person would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

fn ending(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => "ended by a signal".to_owned(),
    }
}

/// A child with everything it starts. Dropping it ends them all.
pub struct Group {
    child: Child,
    pid: Pid,
    ended: bool,
}

impl Group {
    /// Starts a command in a process group of its own.
    pub fn spawn(command: &mut Command) -> Result<Group> {
        command.process_group(0);
        let child =
            command.spawn().with_context(|| format!("`{}` did not start", shown(command)))?;
        let pid = Pid::from_child(&child);
        groups().push(pid);
        Ok(Group { child, pid, ended: false })
    }

    /// Waits until the child ends.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait()?;
        self.ended = true;
        hold_while_stopping();
        Ok(status)
    }

    /// Whether the child has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        let ended = matches!(self.child.try_wait(), Ok(Some(_)));
        if ended {
            hold_while_stopping();
        }
        ended
    }

    /// The lines of both outputs, in the order of their arrival.
    pub fn lines(&mut self) -> mpsc::Receiver<String> {
        let (sender, receiver) = mpsc::channel();
        let outputs: [Option<Box<dyn Read + Send>>; 2] = [
            self.child.stdout.take().map(|pipe| Box::new(pipe) as _),
            self.child.stderr.take().map(|pipe| Box::new(pipe) as _),
        ];
        for pipe in outputs.into_iter().flatten() {
            let sender = sender.clone();
            thread::spawn(move || {
                let mut reader = BufReader::new(pipe);
                let mut line = Vec::new();
                while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
                    let text = String::from_utf8_lossy(&line);
                    if sender.send(text.trim_end_matches(['\n', '\r']).to_owned()).is_err() {
                        break;
                    }
                    line.clear();
                }
            });
        }
        receiver
    }

    /// Starts a small process that ends the group when this process is gone for whatever reason,
    /// also by a signal that cannot be caught. It notices by the end of its standard input.
    pub fn guard(&self) -> Result<Guard> {
        let group = self.pid.as_raw_nonzero();
        let script = format!(
            "cat >/dev/null; kill -TERM -{group} 2>/dev/null; sleep 2; \
             kill -KILL -{group} 2>/dev/null"
        );
        let child = Command::new("sh")
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("sh did not start")?;
        Ok(Guard { child })
    }

    /// Ends the child and everything it started: politely first.
    pub fn stop(&mut self) {
        if !self.ended {
            let _ = kill_process_group(self.pid, Signal::TERM);
            let deadline = Instant::now() + GRACE;
            while Instant::now() < deadline && !self.has_ended() {
                thread::sleep(Duration::from_millis(20));
            }
            self.ended = true;
        }
        let _ = kill_process_group(self.pid, Signal::KILL);
        let _ = self.child.wait();
        groups().retain(|pid| *pid != self.pid);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.stop();
    }
}

/// See [`Group::guard`]. Dropped after an orderly stop: then it must not fire any more.
pub struct Guard {
    child: Child,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_more_than_a_pipe_holds() {
        let input = vec![b'x'; 1 << 20];
        assert_eq!(filter(&mut command("cat"), input.clone()).unwrap(), input);
        assert_eq!(output(command("echo").arg("a")).unwrap(), "a\n");
    }

    #[test]
    fn says_what_failed_and_why() {
        let error = output(command("sh").args(["-c", "echo because >&2; exit 3"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`sh -c echo because >&2; exit 3` failed (exit code 3): because"
        );
        let error = output(&mut command("no-such-program")).unwrap_err();
        assert_eq!(error.to_string(), "`no-such-program` did not start");
    }

    #[test]
    fn ends_a_child_with_what_it_started() {
        let mut shell = command("sh");
        shell.args(["-c", "sleep 60 & echo $!; wait"]).stdout(Stdio::piped());
        let mut group = Group::spawn(&mut shell).unwrap();
        let sleeper = group.lines().recv().unwrap();
        drop(group);
        thread::sleep(Duration::from_millis(100));
        let status = std::fs::read_to_string(format!("/proc/{sleeper}/stat")).unwrap_or_default();
        // Gone, or dead and not yet collected by its new parent.
        assert!(status.is_empty() || status.contains(") Z "), "{status}");
    }
}
