//! `cargo xtask publish`: publishes Markdown files to a running Worker, as a writer.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use shared::front_matter;

use crate::{
    dev,
    failure::AlreadyReported,
    http::{self, Client},
};

/// Flags of `publish`.
#[derive(clap::Args)]
pub struct Options {
    /// The handle of the official account. Without it, each file has to name its account, unless
    /// the writer has only one
    #[arg(long, value_name = "HANDLE")]
    account: Option<String>,
    /// The address of the Worker
    #[arg(long, default_value = http::LOCAL_URL, value_parser = http::parse_url)]
    url: String,
    /// A token that may publish [default: PRAISE_TOKEN, or the demo's token on localhost]
    #[arg(long)]
    token: Option<String>,
    /// Markdown files with front matter: title, lang, and optionally author, account, slug
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
    /// The path of the article's page.
    path: String,
    created: bool,
}

/// Runs the command and prints one line per file. A file that fails does not stop the others.
pub fn run(options: &Options) -> Result<()> {
    let client = Client::new(&options.url);
    client.check()?;
    let token = options
        .token
        .clone()
        .or_else(|| std::env::var("PRAISE_TOKEN").ok())
        .or_else(|| dev::noted_token(&options.url))
        .with_context(|| {
            format!(
                "no token for {url}: create one at {url}/studio/tokens, and pass it with --token or \
                 as PRAISE_TOKEN",
                url = client.base()
            )
        })?;
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
        eprintln!("publish: {failed} of {} files failed", options.files.len());
        return Err(AlreadyReported.into());
    }
    Ok(())
}

fn publish(client: &Client, token: &str, account: Option<&str>, file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).context("cannot be read as UTF-8 text")?;
    let (front, markdown) = front_matter::parse(&text)?;
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
    if answer.field().as_deref() == Some("account") {
        bail!(
            "{}; choose the account with --account HANDLE, or with a line `account: HANDLE` in the \
             front matter",
            answer.problem()
        );
    }
    let published: Published = answer.json()?;
    let verb = if published.created { "created" } else { "updated" };
    let ignored = match front.ignored.is_empty() {
        true => String::new(),
        false => format!("; ignored: {}", front.ignored.join(", ")),
    };
    Ok(format!("{verb}  {}  {}  ({}{ignored})", published.path, front.title, file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    const ARTICLE: &str = "---\ntitle: A\nlang: en\n---\n\nText\n";

    /// Publishes a file with this text to a server that gives this response.
    fn published(
        name: &str,
        text: &str,
        status: &'static str,
        body: &'static str,
    ) -> Result<String> {
        let file = paths::output(&format!("xtask-test-publish-{name}.md"));
        std::fs::create_dir_all(paths::output(""))?;
        std::fs::write(&file, text)?;
        let client = Client::new(&http::answering(status, body));
        let result = publish(&client, "token", None, &file);
        std::fs::remove_file(&file)?;
        result
    }

    #[test]
    fn prints_where_the_article_is() {
        let body = r#"{"path":"/a/a","created":true}"#;
        let line = published("created", ARTICLE, "201 Created", body).unwrap();
        assert!(line.starts_with("created  /a/a  A  ("), "{line}");
    }

    #[test]
    fn names_the_keys_that_it_ignores() {
        let text = ARTICLE.replacen("lang: en\n", "lang: en\ntags: [a]\ndate: 2024-05-01\n", 1);
        let body = r#"{"path":"/a/a","created":true}"#;
        let line = published("ignored", &text, "201 Created", body).unwrap();
        assert!(line.ends_with("; ignored: tags, date)"), "{line}");
    }

    #[test]
    fn publishes_no_draft() {
        let text = ARTICLE.replacen("lang: en\n", "lang: en\ndraft: true\n", 1);
        let error = published("draft", &text, "500 Unused", "").unwrap_err();
        assert!(error.to_string().starts_with("draft: true"), "{error}");
    }

    #[test]
    fn says_how_to_choose_an_account() {
        let body = r#"{"title":"A field is not valid","code":"field.invalid","field":"account"}"#;
        let error = published("account", ARTICLE, "422 Unprocessable Entity", body).unwrap_err();
        let error = error.to_string();
        assert!(error.starts_with("422 A field is not valid [field.invalid]; "), "{error}");
        assert!(error.contains("--account HANDLE"), "{error}");
    }

    #[test]
    fn says_what_the_file_lacks_without_asking_the_worker() {
        let error = published("front", "# A\n", "500 Unused", "").unwrap_err();
        assert!(error.to_string().contains("no front matter"), "{error}");
    }
}
