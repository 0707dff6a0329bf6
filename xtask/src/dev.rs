//! `cargo xtask dev`: everything running on this machine, with demo articles and people.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::{
    build,
    bundle::Effort,
    databases, paths, process, progress,
    server::{self, Demo, Server},
    worker_build::Flavour,
};

/// Flags of `dev`.
#[derive(clap::Args)]
pub struct Options {
    /// The port on localhost
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The folder of the local databases
    #[arg(long, default_value = ".wrangler/state")]
    persist_to: PathBuf,
    /// Throw the local databases away first
    #[arg(long)]
    fresh: bool,
    /// Optimise client bundle and Worker as for production: slower to build
    #[arg(long)]
    release: bool,
    /// Seconds between two runs of the jobs; 0 runs none
    #[arg(long, default_value_t = 3)]
    tick: u64,
}

/// What `publish` needs to know about the server that `dev` started on this machine.
#[derive(Serialize, Deserialize)]
struct Note {
    url: String,
    token: String,
}

/// Runs the command until it is stopped.
pub fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    let effort = if options.release { Effort::Small } else { Effort::Quick };
    // Three steps follow the build: the databases, the server, the demo.
    let built = build::build(Flavour::Sandbox { release: options.release }, effort, 3)?;
    eprint!("{}", built.sizes);
    let persist = paths::root().join(&options.persist_to);
    if options.fresh {
        wipe(&persist)?;
    }
    databases::migrate(&built.tools.node, &persist)?;
    let server = progress::step("server", "wrangler dev", || {
        Server::start(&server::Options {
            node: &built.tools.node,
            port: options.port,
            persist: &persist,
            log: &paths::path(".wrangler/dev.log"),
            echo: true,
        })
    })?;
    let demo = progress::step("demo", "seeding", || server.seed())?;
    write_note(&Note { url: server.url.clone(), token: demo.publish_token.clone() })?;
    println!("\n{}", welcome(&server.url, &demo));
    println!("Ready in {}. Ctrl-C stops everything.\n", progress::seconds(started.elapsed()));
    serve(server, options.tick)
}

fn serve(mut server: Server, tick: u64) -> Result<()> {
    let client = server.client();
    if tick > 0 {
        // This thread is not joined: it ends with the process.
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(tick));
                if let Err(error) = server::tick(&client)
                    && !process::is_stopping()
                {
                    eprintln!("the jobs did not run: {error:#}");
                }
            }
        });
    }
    while !server.has_ended() {
        thread::sleep(Duration::from_millis(200));
    }
    bail!("wrangler ended; the end of its log:\n{}", server.log_tail(20))
}

/// Removes a folder of databases. The path comes from the command line, so a folder that does not
/// look like one of wrangler's is refused.
fn wipe(persist: &std::path::Path) -> Result<()> {
    if !persist.exists() {
        return Ok(());
    }
    if !persist.join("v3").is_dir() && std::fs::read_dir(persist)?.next().is_some() {
        bail!("{} does not look like wrangler's state: not removed", persist.display());
    }
    std::fs::remove_dir_all(persist).with_context(|| format!("removing {}", persist.display()))
}

fn welcome(url: &str, demo: &Demo) -> String {
    let mut lines = vec![format!("Praise is running: {url}/")];
    for article in &demo.articles {
        let address = match article.url.strip_prefix('/') {
            Some(_) => format!("{url}{}", article.url),
            None => article.url.clone(),
        };
        lines.push(format!("  {address}  {}", article.title));
    }
    lines.push(format!("Sign in at {url}/sign-in as"));
    let mut by_role: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for person in &demo.people {
        by_role.entry(&person.role).or_default().push(&person.name);
    }
    for (role, names) in by_role {
        lines.push(format!("  {role}: {}", names.join(", ")));
    }
    lines.push("Publish with `cargo xtask publish --account HANDLE FILE.md`".to_owned());
    lines.join("\n")
}

fn note_path() -> PathBuf {
    paths::path(".wrangler/praise-dev.json")
}

fn write_note(note: &Note) -> Result<()> {
    std::fs::write(note_path(), serde_json::to_string(note)?).context("the token was not stored")
}

/// Returns the demo's token if the last `dev` on this machine served this URL.
pub fn noted_token(url: &str) -> Option<String> {
    let note: Note = serde_json::from_str(&std::fs::read_to_string(note_path()).ok()?).ok()?;
    let local = url.starts_with("http://localhost:") || url.starts_with("http://127.0.0.1:");
    (local && note.url == url.trim_end_matches('/').replace("127.0.0.1", "localhost"))
        .then_some(note.token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn welcomes_with_urls_and_people() {
        let demo: Demo = serde_json::from_str(
            r#"{"people":[{"id":"per_1","name":"Ann","role":"reader"},
                {"id":"per_2","name":"Bo","role":"writer"},
                {"id":"per_3","name":"Cy","role":"reader"}],
                "articles":[{"url":"/a/x","title":"X"}],"publish_token":"t"}"#,
        )
        .unwrap();
        let text = welcome("http://localhost:8787", &demo);
        assert!(text.contains("http://localhost:8787/a/x  X"), "{text}");
        assert!(text.contains("  reader: Ann, Cy\n  writer: Bo"), "{text}");
    }

    #[test]
    fn wipes_only_what_wrangler_made() {
        let folder = paths::output("xtask-test-wipe");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("photos")).unwrap();
        assert!(wipe(&folder).is_err());
        std::fs::create_dir_all(folder.join("v3")).unwrap();
        wipe(&folder).unwrap();
        assert!(!folder.exists());
    }
}
