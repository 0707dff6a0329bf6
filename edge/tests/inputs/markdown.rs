//! The Markdown of articles.

use edge::publish::markdown;

use super::{feed, text};

/// What Markdown and HTML are made of, and what must not come out of them.
const PIECES: &[&str] = &[
    "*",
    "**",
    "_",
    "`",
    "```\n",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "!",
    "# ",
    "- ",
    "> ",
    "| ",
    "\\",
    "~~",
    "[^1]",
    "[^1]: ",
    "1. ",
    "&",
    ";",
    "\"",
    "\n",
    "\n\n",
    " ",
    "    ",
    "\t",
    "雪",
    "，",
    "a",
    "/",
    "<script>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "<a href=\"",
    "<style>",
    "<iframe src=\"",
    "<br>",
    "data:text/html,",
    "&#106;",
    "https://example.com/",
];
const GOOD: &str = "# 雪\n\n> **It** *snowed*[^1] <br> `all` [day](https://example.com \"t\").\n\n\
    | a | b |\n|---|--:|\n| 1 | ![x](y.png) |\n\n- [ ] one\n  1. two\n\n[^1]: a note\n";

#[test]
fn markdowns() {
    feed("markdown", |rng| {
        let sent = match rng.below(4) {
            0 => text::mutated(rng, GOOD),
            1 => text::noise(rng, 80),
            _ => (0..rng.below(40)).map(|_| text::one(rng, PIECES)).collect(),
        };
        let title = text::noise(rng, 8);
        let body = markdown::without_repeated_heading(&sent, &title, Some("雪"));
        let rendered = markdown::render(&body);
        let html = rendered.html.to_lowercase();
        // Text has no `<`, so each one begins a tag.
        for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            let element = tag.split([' ', '/']).next().unwrap_or_default();
            let runs = ["script", "iframe", "style"].contains(&element)
                || ["=\"javascript:", "=\"data:", " onerror"].iter().any(|part| tag.contains(part));
            assert!(!runs, "{tag} from {sent:?}");
        }
        assert!(rendered.summary.len() <= sent.len() + 3, "{sent:?}");
        !rendered.summary.is_empty()
    });
}
