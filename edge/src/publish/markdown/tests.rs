//! Each rule of rendering. Properties of any input are in `tests/hostile.rs`, of real articles in
//! `tests/corpus.rs`.

mod commonmark;
mod corpus;
mod emphasis;
mod formulas;
mod gallery;
mod hostile;
mod raw_html;
mod reparse;

use std::path::PathBuf;

use super::links::MAX_ADDRESS_BYTES;
use super::writer::MAX_DEPTH;
use super::*;

/// Returns the path of optional test data in `../shared`, beside the project, if it exists.
fn reference(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is absent, so what it would test was not tested", path.display());
    None
}

fn html(markdown: &str) -> String {
    let rendered = render(markdown);
    reparse::check(&rendered.html);
    // Tested in `blocks_are_written_in_the_direction_of_their_text`.
    rendered.html.replace(" dir=\"auto\"", "")
}

fn anchor(address: &str, words: &str) -> String {
    format!("<a href=\"{address}\" rel=\"{LINK_REL}\">{words}</a>")
}

#[test]
fn headings_start_at_level_two() {
    assert_eq!(html("# One\n\n## Two"), "<h2>One</h2>\n<h3>Two</h3>\n");
    assert_eq!(html("##### Five\n\n###### Six"), "<h2>Five</h2>\n<h3>Six</h3>\n");
    assert_eq!(html("## a\n\n#### b\n\n## c"), "<h2>a</h2>\n<h3>b</h3>\n<h2>c</h2>\n");
    assert_eq!(html("### a\n\n# b"), "<h2>a</h2>\n<h2>b</h2>\n");
    assert_eq!(html("Title\n==="), "<h2>Title</h2>\n");
}

#[test]
fn common_elements() {
    assert_eq!(
        html("*a* **b** ~~c~~ `d < e`"),
        "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d &lt; e</code></p>\n"
    );
    assert_eq!(html("> quoted"), "<blockquote>\n<p>quoted</p>\n</blockquote>\n");
    assert_eq!(html("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
    assert_eq!(html("3. a\n4. b"), "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n");
    assert_eq!(
        html("```rust\nfn x() {}\n```"),
        "<pre tabindex=\"0\"><code>fn x() {}\n</code></pre>\n"
    );
    assert_eq!(html("a\\\nb\n\n---"), "<p>a<br>\nb</p>\n<hr>\n");
    assert_eq!(html("\"quotes\" -- stay..."), "<p>\"quotes\" -- stay...</p>\n");
    assert_eq!(html("- [ ] a\n- [x] b"), "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>\n");
}

#[test]
fn tables_keep_their_alignment_without_style() {
    assert_eq!(
        html("| a | b |\n|:-:|--:|\n| 1 | 2<br>3 |"),
        "<table>\n<thead><tr><th class=\"center\">a</th><th class=\"right\">b</th></tr></thead>\n\
         <tbody>\n<tr><td class=\"center\">1</td><td class=\"right\">2<br>\n3</td></tr>\n\
         </tbody></table>\n"
    );
}

#[test]
fn links_are_http_https_or_mailto() {
    for (address, shown) in [
        ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&amp;c=2"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("https://example.org/中文", "https://example.org/中文"),
        ("https://example.org\"--", "https://example.org%22--"),
        ("https://example.org/&lt;a&#9;b&gt;", "https://example.org/%3Cab%3E"),
        ("<https://example.org/a b>", "https://example.org/a%20b"),
    ] {
        assert_eq!(html(&format!("[x]({address})")), format!("<p>{}</p>\n", anchor(shown, "x")));
    }
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//example.org/x",
        "/me",
        "me",
        "#fn-1",
        "#top",
        "http:x",
        "https:",
        "mailto:",
        "ftp://example.org",
        "file:///etc/passwd",
        "tel:1",
        "blob:https://a.b/c",
        "https://[bad",
    ] {
        assert_eq!(html(&format!("[x]({address})")), "<p>x</p>\n", "{address}");
    }
    assert_eq!(
        html("<a@example.org>"),
        format!("<p>{}</p>\n", anchor("mailto:a@example.org", "a@example.org"))
    );
    let bare = anchor("https://example.org/", "https://example.org/");
    assert_eq!(html("<https://example.org/>"), format!("<p>{bare}</p>\n"));
    assert_eq!(
        html("[](https://example.org/)"),
        format!("<p>{bare}</p>\n"),
        "never a link without words"
    );
    assert_eq!(
        html("[x](https://example.org \"title\")"),
        format!("<p>{}</p>\n", anchor("https://example.org", "x"))
    );
    let long = format!("https://example.org/{}", "a".repeat(MAX_ADDRESS_BYTES));
    assert_eq!(html(&format!("[x]({long})")), "<p>x</p>\n");
}

#[test]
fn remote_images_become_links_and_others_text() {
    let link = anchor("https://example.org/a.png", "a *cat*");
    assert_eq!(html("![a \\*cat\\*](https://example.org/a.png)"), format!("<p>{link}</p>\n"));
    let bare = anchor("https://example.org/a.png", "https://example.org/a.png");
    assert_eq!(html("![](https://example.org/a.png)"), format!("<p>{bare}</p>\n"));
    assert_eq!(html("![a **b** [c](https://x.org)](a.png)"), "<p>a b c</p>\n");
    assert_eq!(html("![cat](data:image/png;base64,AAAA)"), "<p>cat</p>\n");
    assert_eq!(html("![cat](//example.org/a.png)"), "<p>cat</p>\n");
    assert_eq!(html("one\n\n![](local.png)\n\ntwo"), "<p>one</p>\n<p>two</p>\n");
    // An image inside a link, and an image inside the alternative text of another.
    let outer = anchor("https://example.org/", "cat");
    assert_eq!(
        html("[![cat](https://example.org/a.png)](https://example.org/)"),
        format!("<p>{outer}</p>\n")
    );
    assert_eq!(html("![a ![b](https://x.org/b)](c)"), "<p>a b</p>\n");
}

#[test]
fn footnotes_go_to_the_end_in_the_order_of_their_numbers() {
    let html = html("B[^b] a[^a] b[^b]\n\n[^a]: Note a\n[^b]: Note b\n[^c]: Unused\n\nEnd");
    let reference = |n: usize, id: &str| {
        format!("<sup><a href=\"#fn-{n}\"{id} rel=\"{LINK_REL}\">{n}</a></sup>")
    };
    let back = |n: usize| anchor(&format!("#fnref-{n}"), "↩\u{FE0E}");
    assert_eq!(
        html,
        format!(
            "<p>B{} a{} b{}</p>\n<p>End</p>\n<div>\n<hr>\n<ol>\n\
             <li id=\"fn-1\"><p>Note b {}</p>\n</li>\n<li id=\"fn-2\"><p>Note a {}</p>\n</li>\n\
             <li id=\"fn-3\"><p>Unused</p>\n</li>\n</ol>\n</div>\n",
            reference(1, " id=\"fnref-1\""),
            reference(2, " id=\"fnref-2\""),
            reference(1, ""),
            back(1),
            back(2),
        )
    );
}

#[test]
fn footnotes_inside_others_and_missing_ones() {
    let inside = html("x[^1]\n\n[^1]: One[^2]\n\n[^2]: - Two\n\n      Three");
    let text = reparse::check(&inside);
    let text: Vec<_> = text.split_whitespace().collect();
    assert_eq!(text, ["x1", "One2", "↩\u{FE0E}", "Two", "Three", "↩\u{FE0E}"]);
    assert_eq!(html("no note[^x]"), "<p>no note[^x]</p>\n");
}

#[test]
fn hidden_characters_are_removed_even_if_written_as_entities() {
    assert_eq!(
        html("a\u{202E}b\u{200B}c\u{FEFF}d &#8238;e &#x200b;f `g&#8238;\u{2066}`"),
        "<p>abcd e f <code>g&amp;#8238;</code></p>\n"
    );
    assert_eq!(html("[x](java\u{200B}script:alert(1))"), "<p>x</p>\n");
    assert_eq!(
        html("[x](https://a.org/&#x202e;b)"),
        format!("<p>{}</p>\n", anchor("https://a.org/b", "x"))
    );
    assert_eq!(html("<div>&#x202e;a"), "<p>a</p>\n");
    assert_eq!(html("👨‍👩‍👧 &#8205;"), "<p>👨‍👩‍👧 \u{200D}</p>\n", "joiners stay");
}

#[test]
fn blocks_are_written_in_the_direction_of_their_text() {
    let written = render("# a\n\n> b\n\n- c\n\n| d |\n|---|\n| e |").html;
    for block in ["<h2 dir", "<p dir", "<li dir", "<th dir", "<td dir"] {
        assert!(written.contains(&format!("{block}=\"auto\">")), "{block} in {written}");
    }
}

#[test]
fn a_poem_keeps_its_lines_only_where_the_author_ended_them() {
    let lines = "<p>床前明月光，<br>\n疑是地上霜。<br>\n举头望明月，低头思故乡。</p>\n";
    assert_eq!(html("床前明月光，  \n疑是地上霜。\\\n举头望明月，\n低头思故乡。"), lines);
    assert_eq!(html("> a  \n> b\\\n> c"), "<blockquote>\n<p>a<br>\nb<br>\nc</p>\n</blockquote>\n");
    assert_eq!(html("- a  \n  b"), "<ul>\n<li>a<br>\nb</li>\n</ul>\n");
    assert_eq!(html("# a\\\nb"), "<h2>a\\</h2>\n<p>b</p>\n");
    assert_eq!(html("**a  \nb**"), "<p><strong>a<br>\nb</strong></p>\n");
}

#[test]
fn an_article_is_empty_if_a_reader_sees_nothing() {
    for visible in [
        "a",
        "中",
        "`x`",
        "```\n1\n```",
        "# a",
        "| a |\n|---|",
        "![](https://a.org/b)",
        "![a](b)",
        "[](https://a.org)",
        "$x$",
        "&copy;",
        "😀",
        "[^1]: a",
        "<b>a</b>",
        "<table>",
        "~~a~~",
    ] {
        assert!(render(visible).anything_visible, "{visible}");
    }
    for empty in [
        "",
        " \n\t",
        "\u{200B}",
        "&#8203;",
        "&nbsp;",
        "\u{2800}",
        "\u{3164}",
        "\u{AD}",
        "---",
        "<!-- a -->",
        "![](b)",
        "[](b)",
        "**\u{200D}**",
        "- \n- ",
        "> ",
        "<br>",
        "<b></b>",
        "<div></div>",
        "\u{301}",
        "#",
        "```\n```",
    ] {
        assert!(!render(empty).anything_visible, "{empty:?}");
    }
}

#[test]
fn a_line_end_between_chinese_characters_is_no_space() {
    assert_eq!(
        html("中文，\n**中文**\n中文 a\nb"),
        "<p>中文，<strong>中文</strong>中文 a\nb</p>\n"
    );
}

#[test]
fn deep_nesting_keeps_its_text() {
    let deep = html(&format!("{}deep\n\n{}also deep", "> ".repeat(60), "- ".repeat(60)));
    assert_eq!(deep.matches("<blockquote>").count(), MAX_DEPTH);
    assert_eq!(deep.matches("<li>").count(), MAX_DEPTH / 2);
    assert_eq!(reparse::check(&deep).split_whitespace().collect::<String>(), "deepalsodeep");
    let code = format!("```\n{}x\n```", " ".repeat(2000));
    assert_eq!(
        html(&code),
        format!("<pre tabindex=\"0\"><code>{}x\n</code></pre>\n", " ".repeat(2000))
    );
}

#[test]
fn a_summary_is_whole_sentences_or_ends_with_an_ellipsis() {
    let summary = |markdown: &str| render(markdown).summary;
    assert_eq!(
        summary("# Title\n\nOne *two*.\n\n```\ncode\n```\n\nThree[^1] <b>four</b>.\n\n[^1]: no"),
        "One two. Three four."
    );
    assert_eq!(summary("一。\n\n二“三”。\n四"), "一。二“三”。四");
    assert_eq!(summary("一\n\n二\n三。\n\n四"), "一 二三。四");
    assert_eq!(summary("| a |\n|---|\n| b |"), "a b", "without prose, the first text");
    assert_eq!(summary("```\ncode\n```"), "code");
    let sentence = "He had been on good terms with Mr. Holmes, and had said so twice. ";
    assert_eq!(summary(&sentence.repeat(9)), sentence.repeat(3).trim_end());
    let words = summary(&"word, ".repeat(99));
    assert!(words.ends_with("word…") && (190..=201).contains(&words.len()), "{words}");
    assert_eq!(summary(&"字".repeat(300)), format!("{}…", "字".repeat(120)));
    assert_eq!(
        summary(&"他说，天要下雨了，".repeat(40)),
        format!("{}他说…", "他说，天要下雨了，".repeat(13))
    );
    assert_eq!(summary(&"天要下雨了。".repeat(40)), "天要下雨了。".repeat(20));
}

#[test]
fn a_repeated_title_or_author_is_removed_once_and_only_at_the_top() {
    let without = |markdown: &str| {
        without_repeated_heading(markdown, "The Title", Some("A. Writer")).into_owned()
    };
    assert_eq!(without("The Title\n\nA. Writer\n\nText"), "Text");
    assert_eq!(without("# The title\nby A. Writer\n\nText"), "Text");
    assert_eq!(without("**The Title**  \n*A. Writer*\n\nText"), "Text");
    assert_eq!(without("\n\nA Writer\n\nThe Title\n\nThe Title\n\nText"), "The Title\n\nText");
    for kept in [
        "Text\n\nThe Title",
        "The Title is good.\n\nText",
        "> The Title\n\nText",
        "The Title",
        "",
        "The Title\nand more\n\nText",
        "- The Title\n\nText",
        "[The Title](https://a.org)\n\nText",
        "The Title\n\nA. Writer\n",
        "By The Title\n\nText",
    ] {
        assert_eq!(without(kept), kept);
    }
    assert_eq!(without_repeated_heading("·鲁迅·\n\n正文", "药", Some("鲁迅")), "正文");
    assert_eq!(without_repeated_heading("By\n\n正文", "药", Some("…")), "By\n\n正文");
    assert_eq!(without_repeated_heading("药\n\n一\n\n正文", "药", None), "一\n\n正文");
    assert_eq!(without_repeated_heading("…\n\n正文", "…", None), "…\n\n正文");
}
