//! Runs `wrangler dev` with the sandbox build, on its own port and with its own databases.

use std::{
    fs::File,
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{
    http::Client,
    process::{self, Group, Guard},
    tools::wrangler,
};

/// How to start a server.
pub struct Options<'a> {
    /// See [`crate::tools::Tools::node`].
    pub node: &'a Path,
    /// The port on localhost.
    pub port: u16,
    /// The folder of the local databases.
    pub persist: &'a Path,
    /// The file that gets the output of wrangler and the Worker.
    pub log: &'a Path,
    /// Whether the output is shown on the terminal too.
    pub echo: bool,
}

/// A running server. Dropping it ends it and everything that it has started.
pub struct Server {
    /// `http://localhost:8787`
    pub url: String,
    log: PathBuf,
    // Fields are dropped in order: the guard must be dropped after the group has been stopped.
    group: Group,
    _guard: Guard,
}

/// The demo data.
#[derive(Deserialize)]
pub struct Demo {
    /// The people whom one can sign in as.
    pub people: Vec<Person>,
    /// The published articles.
    pub articles: Vec<Article>,
    /// A token that can publish for the demo's writers.
    pub publish_token: String,
}

/// A person of the demo.
#[derive(Deserialize)]
pub struct Person {
    /// The displayed name.
    pub name: String,
    /// `reader`, `writer` or `operator`, possibly with a remark.
    pub role: String,
}

/// An article of the demo.
#[derive(Deserialize)]
pub struct Article {
    /// A path or a whole URL.
    pub url: String,
    /// Its title.
    pub title: String,
}

impl Server {
    /// Starts wrangler and waits until the Worker answers.
    pub fn start(options: &Options<'_>) -> Result<Server> {
        ensure_port_is_free(options.port)?;
        if let Some(folder) = options.log.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut log = File::create(options.log)
            .with_context(|| format!("{} cannot be written", options.log.display()))?;
        let mut command = wrangler(options.node);
        command
            // The build has already bundled the Worker. Wrangler's own bundler would watch the
            // parent folders too and restart the Worker during a request when a file appears there.
            .args(["dev", "--env", "sandbox", "--local", "--no-bundle"])
            .args(["--show-interactive-dev-session=false", "--inspector-port", "0"])
            .args(["--port", &options.port.to_string(), "--persist-to"])
            .arg(options.persist)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut group = Group::spawn(&mut command)?;
        let guard = group.guard()?;
        let lines = group.lines();
        // While wrangler starts, its output goes to the log only.
        let echo = Arc::new(AtomicBool::new(false));
        let echoed = Arc::clone(&echo);
        thread::spawn(move || {
            for line in lines {
                let _ = writeln!(log, "{line}");
                // Hide the periodic requests that run the jobs.
                if echoed.load(Ordering::Relaxed)
                    && !line.contains("/cdn-cgi/handler/scheduled")
                    && !line.contains("/healthz")
                {
                    println!("{line}");
                }
            }
        });
        let url = format!("http://localhost:{}", options.port);
        let mut server = Server { url, log: options.log.to_owned(), group, _guard: guard };
        server.wait_until_healthy()?;
        echo.store(options.echo, Ordering::Relaxed);
        Ok(server)
    }

    fn wait_until_healthy(&mut self) -> Result<()> {
        let client = self.client();
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut last = String::new();
        while Instant::now() < deadline {
            if self.group.has_ended() {
                bail!("wrangler ended while starting:\n{}", process::tail(&self.log, 30));
            }
            match client.get("/healthz") {
                Ok(answer) if answer.is_success() => return Ok(()),
                Ok(answer) => last = answer.problem(),
                Err(error) => last = format!("{error:#}"),
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!(
            "GET /healthz was not answered within a minute ({last}):\n{}",
            process::tail(&self.log, 30)
        )
    }

    /// Returns a client for this server.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Whether wrangler has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.group.has_ended()
    }

    /// The last lines of its log.
    pub fn log_tail(&self, lines: usize) -> String {
        process::tail(&self.log, lines)
    }

    /// Inserts the demo data if it is not there yet, and returns it.
    pub fn seed(&self) -> Result<Demo> {
        self.client()
            .post("/sandbox/api/seed", None, &serde_json::json!({}))
            .and_then(|answer| answer.json())
            .context("the demo could not be seeded (POST /sandbox/api/seed)")
    }
}

/// Runs the jobs once and deletes expired rows, as the two cron triggers would.
pub fn tick(client: &Client) -> Result<()> {
    client.get("/cdn-cgi/handler/scheduled?cron=*+*+*+*+*")?;
    client.get("/cdn-cgi/handler/scheduled?cron=*/10+*+*+*+*")?;
    Ok(())
}

fn ensure_port_is_free(port: u16) -> Result<()> {
    // Check IPv4 and IPv6: `localhost` can be either, and wrangler would silently share the port.
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && std::net::TcpStream::connect(("localhost", port)).is_err();
    if !free {
        bail!("port {port} is in use: stop what runs there or choose another with --port");
    }
    Ok(())
}

/// Returns a port that is free at the moment.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
