//! Child processes. Each runs in its own process group, so that it can be ended together with
//! everything it has started. Nothing keeps running when the user stops a command.

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

/// How long a process may take to end after SIGTERM before it is killed.
const GRACE: Duration = Duration::from_secs(3);

/// On Ctrl-C, SIGTERM or SIGHUP: ends all child processes with everything they have started, then
/// this process.
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

/// Whether a signal to stop has been received.
pub fn is_stopping() -> bool {
    STOPPING.load(Ordering::SeqCst)
}

/// Blocks while the signal handler ends everything, so that no error is printed about a child that
/// the handler has ended. The handler then ends this process.
fn hold_while_stopping() {
    while is_stopping() {
        thread::sleep(Duration::from_secs(1));
    }
}

/// Returns a command that runs in the project's root with the project's own tools first in PATH.
/// Variables that `cargo run` has set are removed: because of them a nested cargo would run build
/// scripts again.
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

/// Runs a command that prints directly to the terminal. Fails if the command fails.
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
        .with_context(|| format!("the output of `{}` is not UTF-8", shown(command)))
}

/// Runs a command with `input` as its standard input and returns its standard output.
pub fn filter(command: &mut Command, input: Vec<u8>) -> Result<Vec<u8>> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut group = Group::spawn(command)?;
    let mut stdin = group.child.stdin.take().context("no standard input")?;
    // Each pipe has its own thread, so that a full one does not block the others. A program may
    // close its input early: ignore that and check its exit status.
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

/// Runs a command, writes its output to `log`, and calls `on_line` for each line. Calls `on_quiet`
/// after every 15 seconds without output.
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
                // A grandchild may keep the pipe open after the child has ended.
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

/// Formats a command as a user would type it.
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

/// A child process and everything it starts. Dropping it ends all of them.
pub struct Group {
    child: Child,
    pid: Pid,
    ended: bool,
}

impl Group {
    /// Starts a command in its own process group.
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

    /// Returns the lines of standard output and standard error in the order of their arrival.
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

    /// Starts a small process that ends the group when this process ends for any reason, even by
    /// SIGKILL. It detects that because its standard input is closed.
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

    /// Ends the child and everything it has started: SIGTERM first, SIGKILL after [`GRACE`].
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

/// See [`Group::guard`]. It is dropped after the group has been stopped, and then does nothing.
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
        // It is gone, or it is a zombie.
        assert!(status.is_empty() || status.contains(") Z "), "{status}");
    }
}
