//! Front matter: YAML between two `---` lines at the start of a Markdown file.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

/// What is wrong with the front matter, for a person: the message names the line or the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontMatterError(pub String);

impl fmt::Display for FrontMatterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FrontMatterError {}

/// The front matter of an article.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// Required.
    pub title: String,
    /// Required; the tag of a language: `zh-Hans` or `en`.
    pub lang: String,
    /// The author, if it is not the account itself.
    pub author: Option<String>,
    /// The handle of the official account.
    pub account: Option<String>,
    /// The last part of the article's URL, if the writer wants to choose it.
    pub slug: Option<String>,
    /// The keys that mean nothing here, in the order written: `date`, `tags` and many others.
    pub ignored: Vec<String>,
}

fn wrong(text: impl Into<String>) -> FrontMatterError {
    FrontMatterError(text.into())
}

/// Splits a file into its front matter and its Markdown.
///
/// # Errors
///
/// Front matter that is missing, does not end, is not valid YAML (with the line), lacks title or language,
/// or says that the article is not to be published yet.
pub fn parse(text: &str) -> Result<(FrontMatter, &str), FrontMatterError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Err(wrong("no front matter: the first line must be ---"));
    }
    let mut yaml_bytes = 0;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            let yaml = text.get(first.len()..first.len() + yaml_bytes).unwrap_or_default();
            let rest = text.get(first.len() + yaml_bytes + line.len()..).unwrap_or_default();
            return Ok((read(yaml)?, rest.trim_start_matches(['\r', '\n'])));
        }
        yaml_bytes += line.len();
    }
    Err(wrong("the front matter does not end: a line --- is missing"))
}

fn read(yaml: &str) -> Result<FrontMatter, FrontMatterError> {
    let options = serde_saphyr::options! { with_snippet: false };
    let keys: Keys = serde_saphyr::from_str_with_options(yaml, options).map_err(|error| {
        // The first line of the file is the line above the YAML.
        let line = error.location().map_or(1, |location| location.line()) + 1;
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        // What follows is advice for programmers.
        let reason = reason.split(", set ").next().unwrap_or_default();
        let advice = if reason.starts_with("mapping values") || reason.starts_with("unexpected") {
            "; a value with a colon or a special character has to stand in quotation marks"
        } else {
            ""
        };
        wrong(format!("line {line} of the front matter: {reason}{advice}"))
    })?;
    if let Some(key) = keys.not_yet {
        return Err(wrong(format!(
            "{key}: this file says that it is not to be published yet; remove the line to publish it"
        )));
    }
    let given = |value: Option<String>| {
        value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    Ok(FrontMatter {
        title: given(keys.title).ok_or_else(|| wrong("title: missing in the front matter"))?,
        lang: given(keys.lang)
            .ok_or_else(|| wrong("lang: missing in the front matter (zh-Hans or en)"))?,
        author: given(keys.author),
        account: given(keys.account),
        slug: given(keys.slug),
        ignored: keys.ignored,
    })
}

/// The keys as they are written.
#[derive(Default)]
struct Keys {
    title: Option<String>,
    lang: Option<String>,
    author: Option<String>,
    account: Option<String>,
    slug: Option<String>,
    /// The key and value that say "not yet".
    not_yet: Option<String>,
    ignored: Vec<String>,
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Keys, D::Error> {
        deserializer.deserialize_map(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lines of the form `key: value`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
        let mut keys = Keys::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "title" => keys.title = map.next_value()?,
                "lang" => keys.lang = map.next_value()?,
                "author" => keys.author = map.next_value()?,
                "account" => keys.account = map.next_value()?,
                "slug" => keys.slug = map.next_value()?,
                // How static site generators mark an article that is not public, or not yet.
                "draft" | "private" | "hidden" | "unlisted" => {
                    if map.next_value::<Option<bool>>()? == Some(true) {
                        keys.not_yet = Some(format!("{key}: true"));
                    }
                }
                "published" | "publish" | "public" => {
                    if map.next_value::<Option<bool>>()? == Some(false) {
                        keys.not_yet = Some(format!("{key}: false"));
                    }
                }
                "status" | "visibility" => {
                    let value: Option<String> = map.next_value()?;
                    let value = value.unwrap_or_default();
                    let public = ["", "publish", "published", "public"];
                    if !public.contains(&value.to_lowercase().as_str()) {
                        keys.not_yet = Some(format!("{key}: {value}"));
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    keys.ignored.push(key);
                }
            }
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The front matter of a file with these lines and a language.
    fn front(lines: &str) -> Result<FrontMatter, String> {
        let text = format!("---\n{lines}\nlang: en\n---\nBody\n");
        parse(&text).map(|(front, _)| front).map_err(|error| error.0)
    }

    fn title(line: &str) -> String {
        front(line).unwrap_or_else(|error| panic!("{line}: {error}")).title
    }

    #[test]
    fn reads_the_known_keys_and_names_the_others() {
        let text = "---\ntitle: \"A: B\"\nlang: en\ntags:\n  - x\n  - y\nlicence: free\n---\n\nBody\n---\nmore";
        let (front, body) = parse(text).unwrap();
        assert_eq!(front.title, "A: B");
        assert_eq!(front.lang, "en");
        assert_eq!(front.author, None);
        assert_eq!(front.ignored, ["tags", "licence"]);
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
            ignored: Vec::new(),
        };
        assert_eq!((front, body), (expected, ""));
    }

    #[test]
    fn titles_are_yaml() {
        for (line, expected) in [
            (r#"title: "She said \"not yet\" \u2014 and left""#, "She said \"not yet\" — and left"),
            ("title: 'It''s the writer''s turn'", "It's the writer's turn"),
            ("title: Plain title # a remark for myself", "Plain title"),
            ("title: A title over\n  two plain lines", "A title over two plain lines"),
            ("title: >-\n  A title\n  folded", "A title folded"),
            ("title: |\n  One line", "One line"),
            ("title: C# and F#", "C# and F#"),
            ("title: 2024", "2024"),
            ("title: 1.10", "1.10"),
            ("title: yes", "yes"),
            ("title: 'null'", "null"),
            ("title: \"tab\\tand \\x41\"", "tab\tand A"),
            ("\"title\": quoted key", "quoted key"),
            ("title : a space before the colon", "a space before the colon"),
            ("# a remark\n\ntitle: x", "x"),
            ("title: 时间：十点", "时间：十点"),
            ("title: https://example.org/", "https://example.org/"),
        ] {
            assert_eq!(title(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_line() {
        for (lines, line, reason) in [
            ("title: a: b", 2, "quotation marks"),
            ("title: x\nauthor: @me", 3, "quotation marks"),
            ("title: [1, 2]", 2, "expected string"),
            ("title: {a: b}", 2, "expected string"),
            ("title: x\ntitle: y", 3, "duplicate"),
            ("title: \"x", 2, ""),
            ("title: x\nnot a pair", 3, ""),
            ("- title: x", 2, ""),
            ("title: x\ndraft: perhaps", 3, ""),
            ("title: *unknown", 2, ""),
        ] {
            let error = front(lines).unwrap_err();
            assert!(error.starts_with(&format!("line {line} of the front matter: ")), "{error}");
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn an_article_that_is_not_to_be_published_yet_is_refused_by_name() {
        for not_yet in [
            "draft: true",
            "draft: yes",
            "published: false",
            "publish: false",
            "public: no",
            "private: true",
            "hidden: true",
            "unlisted: true",
            "status: draft",
            "status: pending",
            "visibility: private",
        ] {
            let error = front(&format!("title: x\n{not_yet}")).unwrap_err();
            let key = not_yet.split(':').next().unwrap();
            assert!(error.starts_with(key) && error.contains("not to be published"), "{error}");
        }
        for public in [
            "draft: false",
            "draft:",
            "published: true",
            "status: publish",
            "status: Published",
            "visibility: public",
            "private: false",
        ] {
            assert!(front(&format!("title: x\n{public}")).is_ok(), "{public}");
        }
    }

    /// What Hugo, Jekyll, Hexo and exporters of Zhihu write.
    #[test]
    fn exports_of_other_programs_are_read() {
        for (lines, ignored) in [
            (
                "title: x\ndate: 2024-05-01T10:00:00+08:00\ndraft: false\ntags: [a, b]\ndescription: 'y'\n\
                 categories:\n- c\nweight: 3\nparams:\n  k: v",
                "date tags description categories weight params",
            ),
            (
                "layout: post\ntitle:  \"x\"\ndate:   2024-05-01 10:00:00 +0800\ncategories: a b\n\
                 permalink: /x/",
                "layout date categories permalink",
            ),
            (
                "title: x\ndate: 2024/05/01 10:00:00\nupdated: 2024-05-02\ntags:\n  - 随笔\ncomments: true\n\
                 excerpt:",
                "date updated tags comments excerpt",
            ),
            (
                "title: x\nauthor: 张三\nauthor_url: https://www.zhihu.com/people/x\nsource: zhihu\nid: 123\n\
                 created: 1714528800",
                "author_url source id created",
            ),
        ] {
            let front = front(lines).unwrap();
            assert_eq!((front.title.as_str(), front.ignored.join(" ")), ("x", ignored.to_owned()));
        }
    }

    #[test]
    fn reads_windows_lines_and_a_byte_order_mark() {
        let (front, body) =
            parse("\u{feff}---\r\ntitle: 药\r\nlang: zh-Hans\r\n---\r\n\r\n秋天").unwrap();
        assert_eq!((front.title.as_str(), front.lang.as_str(), body), ("药", "zh-Hans", "秋天"));
        let (_, body) = parse("---\ntitle: a\nlang: en\n...\nBody").unwrap();
        assert_eq!(body, "Body");
    }

    #[test]
    fn names_what_is_missing() {
        let message = |text| parse(text).unwrap_err().to_string();
        assert!(message("# Title").contains("first line must be ---"));
        assert!(message("---\ntitle: x\n").contains("does not end"));
        assert!(message("---\nlang: en\n---\n").starts_with("title:"));
        assert!(message("---\ntitle: ''\nlang: en\n---\n").starts_with("title:"));
        assert!(message("---\ntitle: ~\nlang: en\n---\n").starts_with("title:"));
        assert!(message("---\ntitle: x\n---\n").starts_with("lang:"));
        assert!(message("---\n---\n").starts_with("title:"));
        assert!(message("").contains("first line must be ---"));
    }
}
