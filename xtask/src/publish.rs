//! `cargo xtask publish`: sends Markdown files to a running Worker as a writer would.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use shared::front_matter;

use crate::{dev, failure::AlreadyReported, http::Client};

/// Flags of `publish`.
#[derive(clap::Args)]
pub struct Options {
    /// The handle of the official account; otherwise each file names its own, or the writer has
    /// just one
    #[arg(long, value_name = "HANDLE")]
    account: Option<String>,
    /// The Worker to send to
    #[arg(long, default_value = "http://localhost:8787")]
    url: String,
    /// A token that may publish; otherwise PRAISE_TOKEN, otherwise the demo's on localhost
    #[arg(long)]
    token: Option<String>,
    /// Markdown files with front matter: title, lang, and where wanted author, account, slug
    #[arg(required = true, value_name = "FILE.md")]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    title: &'a str,
    lang: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<&'a str>,
    markdown: &'a str,
}

#[derive(Deserialize)]
struct Published {
    /// Of the article's page.
    path: String,
    created: bool,
}

/// Runs the command: one line per file; a failing file does not stop the others.
pub fn run(options: &Options) -> Result<()> {
    let token = options
        .token
        .clone()
        .or_else(|| std::env::var("PRAISE_TOKEN").ok())
        .or_else(|| dev::noted_token(&options.url))
        .context(
            "no token: give --token or PRAISE_TOKEN (for a local Worker, `cargo xtask dev` \
             leaves one here)",
        )?;
    let client = Client::new(&options.url);
    let mut failed = 0;
    for file in &options.files {
        match publish(&client, &token, options.account.as_deref(), file) {
            Ok(line) => println!("{line}"),
            Err(error) => {
                failed += 1;
                eprintln!("failed   {}: {error:#}", file.display());
            }
        }
    }
    if failed > 0 {
        eprintln!("{failed} of {} files were not published", options.files.len());
        return Err(AlreadyReported.into());
    }
    Ok(())
}

fn publish(client: &Client, token: &str, account: Option<&str>, file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).context("the file cannot be read as UTF-8 text")?;
    let (front, markdown) = front_matter::parse(&text)?;
    // A writer with one account may leave it out; the Worker knows.
    let account = account.or(front.account.as_deref());
    let request = Request {
        account: account.map(|handle| handle.trim_start_matches('@')),
        title: &front.title,
        lang: &front.lang,
        author: front.author.as_deref(),
        slug: front.slug.as_deref(),
        markdown,
    };
    let answer = client.post("/api/v1/studio/articles", Some(token), &request)?;
    let published: Published = answer.json()?;
    let verb = if published.created { "created" } else { "updated" };
    Ok(format!("{verb}  {}  {}  ({})", published.path, front.title, file.display()))
}
