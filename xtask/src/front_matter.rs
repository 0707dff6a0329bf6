//! The lines between `---` at the start of a Markdown file: `key: value`, one a line.

use anyhow::{Context, Result, bail};

/// What is read of an article's front matter. Other keys are somebody else's business.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// Required.
    pub title: String,
    /// Required; `zh-Hans` or `en`.
    pub lang: String,
    /// Who wrote it, where that is not the account.
    pub author: Option<String>,
    /// The handle of the official account.
    pub account: Option<String>,
    /// The last part of the article's URL, where the writer wants to choose it.
    pub slug: Option<String>,
}

/// Splits a file into its front matter and its Markdown.
pub fn parse(text: &str) -> Result<(FrontMatter, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    let (first, rest) = split_line(text);
    if first != "---" {
        bail!("no front matter: the first line must be ---");
    }
    let mut found = FrontMatter::default();
    let (mut title, mut lang) = (None, None);
    let mut rest = rest.context("the front matter does not end: a line --- is missing")?;
    let mut number = 1;
    loop {
        let (line, after) = split_line(rest);
        number += 1;
        if line == "---" {
            rest = after.unwrap_or("");
            break;
        }
        rest = after.context("the front matter does not end: a line --- is missing")?;
        // Items of lists and nested keys belong to a key that we do not read.
        let nested = line.starts_with([' ', '\t', '-']);
        if line.trim().is_empty() || line.starts_with('#') || nested {
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            bail!("line {number} of the front matter is not `key: value`: {line}");
        };
        let value = unquoted(value.trim());
        match key.trim() {
            "title" => title = value,
            "lang" => lang = value,
            "author" => found.author = value,
            "account" => found.account = value,
            "slug" => found.slug = value,
            _ => {}
        }
    }
    found.title = title.context("title: missing in the front matter")?;
    found.lang = lang.context("lang: missing in the front matter (zh-Hans or en)")?;
    Ok((found, rest.trim_start_matches(['\r', '\n'])))
}

fn split_line(text: &str) -> (&str, Option<&str>) {
    let (line, rest) = match text.split_once('\n') {
        Some((line, rest)) => (line, Some(rest)),
        None => (text, None),
    };
    (line.trim_end(), rest)
}

/// The value without its quotes; none when nothing is left.
fn unquoted(value: &str) -> Option<String> {
    let inner = ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(value)
        .trim();
    (!inner.is_empty()).then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_known_keys_and_leaves_the_rest() {
        let text = "---\ntitle: \"A: B\"\nlang: en\ntags:\n  - x\n- y\nlicence: free: really\n---\n\nBody\n---\nmore";
        let (front, body) = parse(text).unwrap();
        assert_eq!(front.title, "A: B");
        assert_eq!(front.lang, "en");
        assert_eq!(front.author, None);
        assert_eq!(body, "Body\n---\nmore");
    }

    #[test]
    fn reads_windows_lines_and_a_byte_order_mark() {
        let (front, body) =
            parse("\u{feff}---\r\ntitle: 药\r\nlang: zh-Hans\r\n---\r\n\r\n秋天").unwrap();
        assert_eq!((front.title.as_str(), front.lang.as_str(), body), ("药", "zh-Hans", "秋天"));
    }

    #[test]
    fn names_what_is_missing() {
        let message = |text| parse(text).unwrap_err().to_string();
        assert!(message("# Title").contains("first line must be ---"));
        assert!(message("---\ntitle: x\n").contains("does not end"));
        assert!(message("---\nlang: en\n---\n").starts_with("title:"));
        assert!(message("---\ntitle: ''\nlang: en\n---\n").starts_with("title:"));
        assert!(message("---\ntitle: x\n---\n").starts_with("lang:"));
        assert!(message("---\ntitle x\n---\n").contains("line 2"));
        assert!(message("").contains("first line must be ---"));
    }
}
