//! Properties of any input: the output is safe, rendering does not panic and does not take long.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::super::{render, without_repeated_heading};
use super::reference;
use super::reparse::check;

/// Markdown before and after a payload.
const CONTEXTS: [(&str, &str); 22] = [
    ("", ""),
    ("Some words ", " and more."),
    ("- ", "\n- b"),
    ("> ", "\n> b"),
    ("## ", ""),
    ("| a |\n|---|\n| ", " |"),
    ("`", "`"),
    ("```\n", "\n```"),
    ("~~~", "\nx\n~~~"),
    ("[", "](https://example.org/)"),
    ("[x](", ")"),
    ("[x](<", ">)"),
    ("[x](https://example.org", ")"),
    ("[x](<https://example.org/", ">)"),
    ("[x](https://example.org/ \"", "\")"),
    ("[x](javascript:", ")"),
    ("[x]\n\n[x]: ", ""),
    ("![", "](https://example.org/a.png)"),
    ("![x](", ")"),
    ("<", ">"),
    ("x[^1]\n\n[^1]: ", ""),
    ("<div>\n", "\n</div>"),
];

#[test]
fn no_payload_gets_through_in_any_context() {
    let Some(path) = reference("xss/payloads.txt") else { return };
    let payloads = std::fs::read_to_string(path).expect("the payloads are UTF-8");
    for payload in payloads.lines() {
        for (before, after) in CONTEXTS {
            check(&render(&format!("{before}{payload}{after}")).html);
        }
    }
    assert!(payloads.lines().count() >= 2000);
    check(&render(&payloads).html);
    check(&render(&payloads.replace('\n', "\n\n")).html);
}

/// Patterns for which this parser, this sanitiser or a similar one once took quadratic time.
#[test]
fn long_hostile_input_takes_no_longer_than_long_input() {
    const BYTES: usize = 200_000;
    let fill = |pattern: &str| pattern.repeat(BYTES / pattern.len());
    let half = |pattern: &str| pattern.repeat(BYTES / 2 / pattern.len());
    let cases = [
        fill("> "),
        half(">") + &half("a\n"),
        half("- ") + &half("a\n"),
        half("1. ") + &half("a\n"),
        fill("[^a]: "),
        fill("["),
        half("[") + &half("]"),
        half("![") + &half("](http://a)"),
        fill("[a](<b"),
        fill("*a_ "),
        half("*_") + "a" + &half("_*"),
        fill("`a``b"),
        fill("<a b=\""),
        fill("x <!-- "),
        fill("<div><b>"),
        half("a|") + "\n" + &half("-|"),
        format!("a|b\n-|-\n{}", fill("1|2\n")),
        format!("[^a]: x\n\n{}", fill("[^a]")),
        format!("[a]: http://example.org/long\n\n{}", fill("[a]")),
        fill("&"),
        fill("»"),
        format!("![{}](http://a.org)", fill("»")),
        fill("中\n"),
        fill("a\u{301}"),
        fill("\u{200B}"),
    ];
    for case in cases {
        let start = Instant::now();
        check(&render(&case).html);
        without_repeated_heading(&case, "title", Some("author"));
        let took = start.elapsed();
        let pattern: String = case.chars().take(12).collect();
        // An unoptimised build takes up to two seconds for each; quadratic time took minutes.
        assert!(took < Duration::from_secs(20), "{pattern:?} took {took:?}");
    }
}

/// Generates mostly Markdown or HTML syntax and special Unicode characters, and some plain
/// text.
fn piece() -> impl Strategy<Value = String> {
    let special = [
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "[",
        "](",
        ")",
        "![",
        "[^a]",
        "[^a]: ",
        "]: ",
        "<",
        ">",
        "</",
        "<b>",
        "<div>",
        "<p>",
        "<br>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "\"",
        "'",
        "&",
        "&amp;",
        "&#8238;",
        "&#0;",
        "\\",
        "|",
        "\n|-|-|\n",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "1. ",
        "# ",
        "\n---\n",
        "\n===\n",
        "https://a.org",
        "javascript:x",
        "\u{0}",
        "\u{202E}",
        "\u{2060}",
        "\r",
        "\u{2028}",
        "中",
        "。",
        "“",
        "é",
        "👨‍👩‍👧",
        "\u{301}",
        "\u{A0}",
        " ",
    ];
    prop_oneof![
        4 => prop::sample::select(special.to_vec()).prop_map(str::to_owned),
        1 => "[a-z ]{1,6}",
        1 => any::<char>().prop_map(String::from),
    ]
}

fn word() -> impl Strategy<Value = String> {
    "[a-z]{1,5}|[中文字]{1,3}"
}

/// Markup that does not hide any text.
fn mark() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        " ", "*", " **", "_", " `", " ~~", "\n", "\n\n", "\n> ", "\n- ", "\n  - ", "\n1. ", "\n# ",
        "\n    ", "\n```\n", "\n---\n", "  \n", " [", "] ", "!", " & ", " \\", " < ", "|",
        "\u{200B}",
    ])
}

fn article() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_article_renders_clean(article in article()) {
        check(&render(&article).html);
    }

    #[test]
    fn any_summary_is_one_short_line(article in article()) {
        let summary = render(&article).summary;
        prop_assert!(summary.graphemes(true).count() <= 201);
        prop_assert!(!summary.contains(['\n', '\r', '\t']));
        prop_assert_eq!(summary.trim(), &summary);
    }

    #[test]
    fn any_opening_is_only_cut(article in article(), title in article()) {
        let rest = without_repeated_heading(&article, &title, Some("中"));
        let mut left = article.chars();
        prop_assert!(rest.chars().all(|c| left.any(|l| l == c)), "something was added");
        prop_assert_eq!(rest.trim().is_empty(), article.trim().is_empty());
    }

    #[test]
    fn no_word_is_lost(words in prop::collection::vec((word(), mark()), 0..60)) {
        let article: String = words.iter().flat_map(|(word, mark)| [word.as_str(), mark]).collect();
        let expected: String = words.iter().map(|(word, _)| word.as_str()).collect();
        let text = check(&render(&article).html);
        let shown: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        prop_assert_eq!(shown, expected);
    }
}
