//! Front matter: `key: value` lines between two `---` lines at the start of a Markdown file.

/// What is wrong with the front matter, for a person: the message names the line or the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontMatterError(pub String);

impl std::fmt::Display for FrontMatterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FrontMatterError {}

/// The known keys of an article's front matter. Other keys are ignored.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// Required.
    pub title: String,
    /// Required; `zh-Hans` or `en`.
    pub lang: String,
    /// The author, if it is not the account itself.
    pub author: Option<String>,
    /// The handle of the official account.
    pub account: Option<String>,
    /// The last part of the article's URL, if the writer wants to choose it.
    pub slug: Option<String>,
}

const UNENDED: &str = "the front matter does not end: a line --- is missing";

fn wrong(text: &str) -> FrontMatterError {
    FrontMatterError(text.to_owned())
}

/// Splits a file into its front matter and its Markdown.
pub fn parse(text: &str) -> Result<(FrontMatter, &str), FrontMatterError> {
    let text = text.trim_start_matches('\u{feff}');
    let (first, rest) = split_line(text);
    if first != "---" {
        return Err(wrong("no front matter: the first line must be ---"));
    }
    let mut found = FrontMatter::default();
    let (mut title, mut lang) = (None, None);
    let mut rest = rest.ok_or_else(|| wrong(UNENDED))?;
    let mut number = 1;
    loop {
        let (line, after) = split_line(rest);
        number += 1;
        if line == "---" {
            rest = after.unwrap_or("");
            break;
        }
        rest = after.ok_or_else(|| wrong(UNENDED))?;
        // List items and nested keys belong to a key that is ignored.
        let nested = line.starts_with([' ', '\t', '-']);
        if line.trim().is_empty() || line.starts_with('#') || nested {
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            let text = format!("line {number} of the front matter is not `key: value`: {line}");
            return Err(FrontMatterError(text));
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
    found.title = title.ok_or_else(|| wrong("title: missing in the front matter"))?;
    found.lang = lang.ok_or_else(|| wrong("lang: missing in the front matter (zh-Hans or en)"))?;
    Ok((found, rest.trim_start_matches(['\r', '\n'])))
}

fn split_line(text: &str) -> (&str, Option<&str>) {
    let (line, rest) = match text.split_once('\n') {
        Some((line, rest)) => (line, Some(rest)),
        None => (text, None),
    };
    (line.trim_end(), rest)
}

/// Removes quotes. Returns `None` if nothing is left.
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
    fn reads_the_known_keys_and_ignores_others() {
        let text = "---\ntitle: \"A: B\"\nlang: en\ntags:\n  - x\n- y\nlicence: free: really\n---\n\nBody\n---\nmore";
        let (front, body) = parse(text).unwrap();
        assert_eq!(front.title, "A: B");
        assert_eq!(front.lang, "en");
        assert_eq!(front.author, None);
        assert_eq!(body, "Body\n---\nmore");
    }

    #[test]
    fn reads_author_account_and_address() {
        let text = "---\ntitle: 药\nlang: zh-Hans\nauthor: 鲁迅\naccount: lu-xun\nslug: yao\n---\n";
        let (front, body) = parse(text).unwrap();
        let expected = FrontMatter {
            title: "药".to_owned(),
            lang: "zh-Hans".to_owned(),
            author: Some("鲁迅".to_owned()),
            account: Some("lu-xun".to_owned()),
            slug: Some("yao".to_owned()),
        };
        assert_eq!((front, body), (expected, ""));
    }

    #[test]
    fn skips_empty_lines_and_comments() {
        let text =
            "---\n\n# a comment\ntitle: x\n  \n#lang: zh-Hans\nlang: en\n# title: y\n---\nBody";
        let (front, body) = parse(text).unwrap();
        assert_eq!((front.title.as_str(), front.lang.as_str(), body), ("x", "en", "Body"));
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
