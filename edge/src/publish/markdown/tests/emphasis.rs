//! Emphasis next to Chinese punctuation, where CommonMark alone would show the marks.

use proptest::prelude::*;

use super::super::render;
use super::html;

fn paragraph(markdown: &str) -> String {
    let html = html(markdown);
    html.trim_end().trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
}

#[test]
fn emphasis_stands_next_to_chinese_punctuation() {
    for (markdown, expected) in [
        ("句甲**注意：**后面接着正文。", "句甲<strong>注意：</strong>后面接着正文。"),
        ("他说**“走吧。”**然后关上门。", "他说<strong>“走吧。”</strong>然后关上门。"),
        ("不如**《晚钟》**那样安静。", "不如<strong>《晚钟》</strong>那样安静。"),
        ("**小结：**10个人到场。", "<strong>小结：</strong>10个人到场。"),
        ("*斜体。*之后", "<em>斜体。</em>之后"),
        ("~~删掉。~~之后", "<del>删掉。</del>之后"),
        ("之前~~“删掉”~~之后", "之前<del>“删掉”</del>之后"),
        ("他**（其实）**没来", "他<strong>（其实）</strong>没来"),
        ("他***“真的？”***问", "他<em><strong>“真的？”</strong></em>问"),
        ("**甲*“乙”*丙**丁", "<strong>甲<em>“乙”</em>丙</strong>丁"),
        ("*甲**「乙」**丙*丁", "<em>甲<strong>「乙」</strong>丙</em>丁"),
        ("中**`a`**中", "中<strong><code>a</code></strong>中"),
        ("中**(a)**中", "中<strong>(a)</strong>中"),
        ("价格**￥5**起", "价格<strong>￥5</strong>起"),
        ("一**、**二", "一<strong>、</strong>二"),
        ("啊**……**啊", "啊<strong>……</strong>啊"),
        ("啊**——**啊", "啊<strong>——</strong>啊"),
        ("这**是『书』！**吗", "这<strong>是『书』！</strong>吗"),
        ("**한국어(Korean)**를", "<strong>한국어(Korean)</strong>를"),
        ("これは**「強調」**です", "これは<strong>「強調」</strong>です"),
    ] {
        assert_eq!(paragraph(markdown), expected, "{markdown}");
    }
}

#[test]
fn emphasis_works_within_links_lists_headings_tables_and_summaries() {
    let link = html("中**[甲。](https://a.org)**中");
    assert!(link.starts_with("<p>中<strong><a href=\"https://a.org\""), "{link}");
    let link = html("[他说**“走”**了](https://a.org)");
    assert!(link.contains(">他说<strong>“走”</strong>了</a>"), "{link}");
    assert_eq!(html("- 甲**“乙”**丙"), "<ul>\n<li>甲<strong>“乙”</strong>丙</li>\n</ul>\n");
    assert_eq!(html("# 甲**“乙”**丙"), "<h2>甲<strong>“乙”</strong>丙</h2>\n");
    assert!(html("| 甲**“乙”**丙 |\n|---|").contains("甲<strong>“乙”</strong>丙"));
    assert_eq!(render("他说**“走吧。”**然后*关上*门。").summary, "他说“走吧。”然后关上门。");
}

#[test]
fn single_tildes_and_loose_marks_stay_as_they_are() {
    for text in [
        "3~5度，4~6级",
        "~一~",
        "H~2~O",
        "5 * 3 * 2",
        "a * b",
        "snake_case_name",
        "2*3，4 * 5",
        "~~~~",
        "** 甲 **",
    ] {
        assert_eq!(paragraph(&format!("x {text} y")), format!("x {text} y"), "{text}");
    }
    assert_eq!(paragraph("3~5度~~删~~，4~6级"), "3~5度<del>删</del>，4~6级");
}

/// Chinese punctuation that can begin or end an emphasised text.
fn punctuation() -> impl Strategy<Value = char> {
    let all = "，。！？：；、…—·“”‘’（）《》〈〉「」『』【】〔〕〖〗｛｝［］～％＃＆＠￥";
    prop::sample::select(all.chars().collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_chinese_punctuation_may_stand_within_emphasis(
        before in "[中文字]{1,3}", first in prop::option::of(punctuation()), text in "[中文字a-z]{1,4}",
        last in prop::option::of(punctuation()), after in "[中文字]{1,3}",
        mark in prop::sample::select(vec![("**", "strong"), ("*", "em"), ("~~", "del")]),
    ) {
        let (mark, element) = mark;
        let part = |c: Option<char>| c.map(String::from).unwrap_or_default();
        let inner = format!("{}{text}{}", part(first), part(last));
        prop_assert_eq!(
            paragraph(&format!("{before}{mark}{inner}{mark}{after}")),
            format!("{before}<{element}>{inner}</{element}>{after}")
        );
    }
}
