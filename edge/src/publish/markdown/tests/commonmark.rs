//! Every example of the CommonMark specification, and GitHub's extensions: our HTML has the same
//! blocks, the same emphasis and the same text, except where a reason is given.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::html;

struct Example {
    number: usize,
    section: String,
    markdown: String,
    html: String,
}

/// The examples of `spec.txt`, which an npm package carries.
fn examples() -> Vec<Example> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../node_modules/commonmark-spec/spec.txt");
    let Ok(spec) = fs::read_to_string(&path) else {
        eprintln!("SKIPPED: run `npm ci`; without {} nothing was tested", path.display());
        return Vec::new();
    };
    let fence = "`".repeat(32);
    let mut section = String::new();
    let mut examples = Vec::new();
    let mut lines = spec.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix('#') {
            section = heading.trim_start_matches('#').trim().to_owned();
        }
        if line != format!("{fence} example") {
            continue;
        }
        let mut part = |end: &str| {
            let lines: Vec<_> = lines.by_ref().take_while(|line| *line != end).collect();
            lines.iter().map(|line| format!("{line}\n")).collect::<String>().replace('→', "\t")
        };
        let (markdown, html) = (part("."), part(&fence));
        examples.push(Example {
            number: examples.len() + 1,
            section: section.clone(),
            markdown,
            html,
        });
    }
    examples
}

/// What both sides must agree on: tags and text. Left out: links (ours lead only to absolute
/// addresses), attributes, white space, and the levels of headings (ours begin at two).
#[derive(Default)]
struct Skeleton(RefCell<String>);

fn skeleton(html: &str) -> String {
    let input = BufferQueue::default();
    input.push_back(html.into());
    let tokenizer = Tokenizer::new(Skeleton::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

impl TokenSink for Skeleton {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut skeleton = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                let name = match &*tag.name {
                    "a" => return TokenSinkResult::Continue,
                    "img" => {
                        let alt = tag.attrs.iter().find(|attr| &*attr.name.local == "alt");
                        let alt = alt.map(|attr| attr.value.to_string()).unwrap_or_default();
                        skeleton.extend(alt.chars().filter(|c| !c.is_whitespace()));
                        return TokenSinkResult::Continue;
                    }
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "h",
                    name => name,
                };
                let slash = if tag.kind == TagKind::EndTag { "/" } else { "" };
                skeleton.push_str(&format!("<{slash}{name}>"));
            }
            Token::CharacterTokens(text) => {
                skeleton.extend(text.chars().filter(|c| !c.is_whitespace()));
            }
            Token::NullCharacterToken => skeleton.push('\u{FFFD}'),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// The examples that we render in another way, and why.
const DIFFERENT: [(&str, &[usize]); 2] = [
    (
        "The author's HTML is not copied: tags that mean something to us become ours, others are \
         shown as typed, and the text between them is Markdown.",
        &[
            21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163,
            164, 165, 166, 167, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 180, 181, 182,
            184, 185, 186, 187, 188, 189, 190, 191, 344, 475, 476, 477, 491, 524, 536, 613, 614,
            615, 616, 617, 623, 627, 628, 629, 630, 631, 642, 643,
        ],
    ),
    ("A paragraph without anything to see is left out.", &[484, 487, 581]),
];

#[test]
fn the_examples_of_the_specification_are_rendered_alike() {
    let examples = examples();
    let mut differ = Vec::new();
    for example in &examples {
        let (ours, theirs) = (skeleton(&html(&example.markdown)), skeleton(&example.html));
        let known = DIFFERENT.iter().any(|(_, numbers)| numbers.contains(&example.number));
        if (ours == theirs) == known {
            differ.push(format!(
                "{} ({}): {:?}\n  ours   {ours}\n  theirs {theirs}",
                example.number, example.section, example.markdown
            ));
        }
    }
    assert!(examples.is_empty() || examples.len() > 600, "{}", examples.len());
    assert!(differ.is_empty(), "{} of {}:\n{}", differ.len(), examples.len(), differ.join("\n"));
}

/// GitHub's extensions. Different from GitHub: a single tilde is no mark, because ranges are written
/// with it (`3~5度，4~6级`); task boxes are characters, because readers cannot tick them;
/// addresses without `<>` are no links.
#[test]
fn githubs_extensions_are_rendered_alike() {
    for (markdown, html) in [
        (
            "| foo | bar |\n| --- | --- |\n| baz | bim |",
            "<table><thead><tr><th>foo</th><th>bar</th></tr></thead><tbody><tr><td>baz</td><td>bim</td></tr></tbody></table>",
        ),
        (
            "| abc | defghi |\n:-: | -----------:\nbar | baz",
            "<table><thead><tr><th>abc</th><th>defghi</th></tr></thead><tbody><tr><td>bar</td><td>baz</td></tr></tbody></table>",
        ),
        (
            "| f\\|oo  |\n| ------ |\n| b `\\|` az |",
            "<table><thead><tr><th>f|oo</th></tr></thead><tbody><tr><td>b<code>|</code>az</td></tr></tbody></table>",
        ),
        (
            "| a |\n|---|\n| b |\n> c",
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table><blockquote><p>c</p></blockquote>",
        ),
        ("| a | b |\n|---|\n| c |", "<p>|a|b||---||c|</p>"),
        (
            "| a | b |\n|---|---|\n| c |\n| d | e | f |",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td></td></tr><tr><td>d</td><td>e</td></tr></tbody></table>",
        ),
        ("| a |\n|---|", "<table><thead><tr><th>a</th></tr></thead><tbody></tbody></table>"),
        ("~~Hi~~ Hello, ~there~ world!", "<p><del>Hi</del>Hello,~there~world!</p>"),
        ("This ~~has a\n\nnew paragraph~~.", "<p>This~~hasa</p><p>newparagraph~~.</p>"),
        ("This will ~~~not~~~ strike.", "<p>Thiswill~~~not~~~strike.</p>"),
        ("- [ ] foo\n- [x] bar", "<ul><li>☐foo</li><li>☑bar</li></ul>"),
        (
            "- [x] foo\n  - [ ] bar\n- [ ] bim",
            "<ul><li>☑foo<ul><li>☐bar</li></ul></li><li>☐bim</li></ul>",
        ),
        ("www.commonmark.org", "<p>www.commonmark.org</p>"),
        (
            "a[^1]\n\n[^1]: b",
            "<p>a<sup>1</sup></p><div><hr><ol><li><p>b↩\u{FE0E}</p></li></ol></div>",
        ),
    ] {
        assert_eq!(skeleton(&super::html(markdown)), html, "{markdown}");
    }
}
