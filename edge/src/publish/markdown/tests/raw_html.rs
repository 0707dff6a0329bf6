//! Tags in the Markdown: kept if they mean something that we know, otherwise shown as typed.

use super::super::render;
use super::{anchor, html};

#[test]
fn tags_that_mean_something_keep_their_meaning() {
    for (markdown, expected) in [
        ("10<sup>6</sup> H<sub>2</sub>O", "10<sup>6</sup> H<sub>2</sub>O"),
        ("<del>100</del> <ins>80</ins>", "<del>100</del> <ins>80</ins>"),
        ("<s>a</s><strike>b</strike>", "<s>a</s><s>b</s>"),
        ("<mark>a</mark> <kbd>Ctrl</kbd>", "<mark>a</mark> <kbd>Ctrl</kbd>"),
        ("<abbr title=\"A &amp; B\">AB</abbr>", "<abbr title=\"A &amp; B\">AB</abbr>"),
        ("<abbr>AB</abbr>", "<abbr>AB</abbr>"),
        ("<ruby>汉<rt>hàn</rt></ruby>", "<ruby>汉<rt>hàn</rt></ruby>"),
        (
            "<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>",
            "<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>",
        ),
        ("<ruby>漢<rt>かん字<rt>じ</ruby>", "<ruby>漢<rt>かん字</rt><rt>じ</rt></ruby>"),
        ("a<br>b<br/>c", "a<br>\nb<br>\nc"),
        ("<B>a</B> <i>b</i> <em>c</em>", "<strong>a</strong> <em>b</em> <em>c</em>"),
        ("<b onclick=x style=y>a</b>", "<strong>a</strong>"),
        ("<u>a</u> <small>b</small> <q>c</q>", "<u>a</u> <small>b</small> <q>c</q>"),
        ("<sup>*a*</sup>", "<sup><em>a</em></sup>"),
        ("**<sub>a</sub>**", "<strong><sub>a</sub></strong>"),
        ("<span style=\"color:red\">a</span>", "a"),
        ("a <!-- b --> c", "a  c"),
    ] {
        assert_eq!(html(markdown), format!("<p>{expected}</p>\n"), "{markdown}");
    }
}

#[test]
fn links_and_images_keep_their_addresses_and_their_alternative_text() {
    let link = anchor("https://a.org/?b=1&amp;c", "x");
    assert_eq!(
        html("<a href=\"https://a.org/?b=1&amp;c\" target=_blank>x</a>"),
        format!("<p>{link}</p>\n")
    );
    let image = anchor("https://a.org/b.png", "a cat");
    assert_eq!(html("<img src='https://a.org/b.png' alt='a cat'>"), format!("<p>{image}</p>\n"));
    assert_eq!(html("<img src=b.png alt=\"a cat\"/>"), "<p>a cat</p>\n");
    let outer = anchor("https://a.org/", "a cat");
    assert_eq!(
        html("<a href=https://a.org/><img src=https://b.org/c.png alt='a cat'></a>"),
        format!("<p>{outer}</p>\n")
    );
    assert_eq!(
        html("[<img src=https://b.org/c.png alt='a cat'>](https://a.org/)"),
        format!("<p>{outer}</p>\n")
    );
    for typed in ["<img src=b.png>", "<a name=x></a>", "<a href=javascript:x>a</a>"] {
        let escaped = typed.replace('<', "&lt;").replace('>', "&gt;");
        assert_eq!(html(typed), format!("<p>{escaped}</p>\n"));
    }
}

#[test]
fn every_other_tag_is_shown_as_typed() {
    for typed in [
        "<font color=red>a</font>",
        "<video src=x>a</video>",
        "<blink>a</blink>",
        "<my-tag>a</my-tag>",
        "List<String> a",
        "<b>a",
        "a</b>",
        "<sup>a</sub>",
        "<iframe src=x></iframe>",
        "a<?php b ?>",
        "a<!DOCTYPE html>",
        "a<![CDATA[b]]>",
        "a <h2>b</h2>",
    ] {
        let escaped = typed.replace('<', "&lt;").replace('>', "&gt;");
        assert_eq!(html(typed), format!("<p>{escaped}</p>\n"), "{typed}");
    }
    assert_eq!(html("a <b>*b</b>*"), "<p>a &lt;b&gt;<em>b&lt;/b&gt;</em></p>\n", "crossed");
    assert_eq!(html("<sup>a<b>c</sup>d</b>"), "<p><sup>a&lt;b&gt;c</sup>d&lt;/b&gt;</p>\n");
}

#[test]
fn blocks_of_html_keep_their_paragraphs_and_headings() {
    assert_eq!(
        html("<div onclick=\"x\"><p>Q&amp;A\n<p>two</div>\n\nthree"),
        "<p>Q&amp;A </p>\n<p>two</p>\n<p>three</p>\n"
    );
    assert_eq!(
        html("<h3>One</h3>\n<p>a</p>\n<hr>\n<p>b</p>"),
        "<h2>One</h2>\n<p>a</p>\n<hr>\n<p>b</p>\n"
    );
    assert_eq!(html("<center>图<sup>1</sup></center>"), "<p>图<sup>1</sup></p>\n");
    assert_eq!(html("<mark>\na\n</mark>"), "<p><mark> a </mark></p>\n");
    assert_eq!(html("<div>*a <p> b*</div>"), "<p><em>a  b</em></p>\n");
    assert_eq!(
        html("<details>\n<summary>More</summary>\n\n*inside*\n\n</details>"),
        "<p>&lt;details&gt; &lt;summary&gt;More&lt;/summary&gt;</p>\n<p><em>inside</em></p>\n\
         <p>&lt;/details&gt;</p>\n"
    );
}

#[test]
fn scripts_and_declarations_are_shown_as_code_and_comments_are_not_shown() {
    assert_eq!(
        html("a\n\n<script>\nalert(1)\n\nalert(2)\n</script>\n\nb"),
        "<p>a</p>\n<pre tabindex=\"0\"><code>&lt;script&gt;\nalert(1)\n\nalert(2)\n&lt;/script&gt;\n\
         </code></pre>\n<p>b</p>\n"
    );
    assert_eq!(html("<!-- a\n\nb -->\n\nc"), "<p>c</p>\n");
    assert_eq!(html("<!-- a --> b"), "<p> b</p>\n");
    assert_eq!(html("<!-- never ended\n\nb"), "<p>&lt;!-- never ended b</p>\n");
}

#[test]
fn a_summary_says_what_was_raised_lowered_or_struck_out() {
    for (markdown, summary) in [
        (
            "The lake holds 10<sup>6</sup> litres of H<sub>2</sub>O.",
            "The lake holds 10⁶ litres of H₂O.",
        ),
        ("E<sup>abc</sup> x<sub>max</sub>", "E^abc x_max"),
        ("The price was <del>100</del> <ins>80</ins> coins.", "The price was 80 coins."),
        ("It was ~~a hundred~~ eighty.", "It was eighty."),
        ("<ruby>汉<rt>hàn</rt>字<rt>zì</rt></ruby>", "汉字"),
    ] {
        assert_eq!(render(markdown).summary, summary, "{markdown}");
    }
}
