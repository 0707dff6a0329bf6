//! Parses rendered HTML as a browser would and fails on anything that a page must not contain. It
//! has its own allow lists: with the sanitiser's lists it could not detect a mistake in them.

use std::cell::RefCell;
use std::collections::HashSet;

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

const INLINE: [&str; 24] = [
    "a", "abbr", "bdi", "br", "cite", "code", "del", "dfn", "em", "ins", "kbd", "mark", "q", "rp",
    "rt", "ruby", "s", "samp", "small", "strong", "sub", "sup", "u", "var",
];
const FORMULA: [&str; 26] = [
    "annotation",
    "math",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "semantics",
];
const BLOCKS: [&str; 19] = [
    "blockquote",
    "div",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

#[derive(Default)]
struct Page {
    text: String,
    open: Vec<String>,
    ids: HashSet<String>,
    fragments: Vec<String>,
}

#[derive(Default)]
struct Checker(RefCell<Page>);

/// Returns the visible text. Panics if any tag, attribute or URL is not allowed.
pub(super) fn check(html: &str) -> String {
    let input = BufferQueue::default();
    input.push_back(html.into());
    let tokenizer = Tokenizer::new(Checker::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let page = tokenizer.sink.0.into_inner();
    assert!(page.open.is_empty(), "{:?} left open", page.open);
    for fragment in &page.fragments {
        assert!(page.ids.contains(fragment), "#{fragment} leads nowhere");
    }
    page.text
}

impl TokenSink for Checker {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => page.start(&tag),
            Token::TagToken(tag) => {
                assert_eq!(page.open.pop().as_deref(), Some(&*tag.name), "crossed end tag");
                assert!(tag.attrs.is_empty());
            }
            Token::CharacterTokens(text) => {
                // Operators of formulas that are spoken and not seen.
                let operator = |c| matches!(c, '\u{2061}'..='\u{2064}');
                let in_formula = page.open.iter().any(|open| open == "math");
                let hides = text.chars().any(|c| hidden(c) && !(in_formula && operator(c)));
                assert!(!hides, "hidden character in {text:?}");
                // A formula's source, which is not shown.
                if page.open.last().is_none_or(|open| open != "annotation") {
                    page.text.push_str(&text);
                }
            }
            Token::EOFToken => {}
            other => panic!("unexpected in HTML: {other:?}"),
        }
        TokenSinkResult::Continue
    }
}

impl Page {
    fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let block = BLOCKS.contains(&name);
        let formula = FORMULA.contains(&name);
        let in_formula = self.open.iter().any(|open| open == "math");
        assert_eq!(formula && name != "math", in_formula, "<{name}>");
        assert!(block || formula || INLINE.contains(&name), "<{name}>");
        if block && let Some(parent) = self.open.last() {
            let holds_blocks =
                ["blockquote", "li", "div", "ol", "table", "tbody", "thead", "tr", "ul"];
            assert!(holds_blocks.contains(&parent.as_str()), "<{name}> in <{parent}>");
        }
        assert!(name != "a" || !self.open.iter().any(|open| open == "a"), "link in link");
        let mut rel = None;
        for attr in &tag.attrs {
            let value = &*attr.value;
            assert!(!value.contains(hidden), "hidden character in {value:?}");
            match (name, &*attr.name.local) {
                ("a", "href") => self.address(value),
                ("a", "rel") => rel = Some(value),
                ("a" | "li", "id") => {
                    let digits = value.strip_prefix("fnref-").or_else(|| value.strip_prefix("fn-"));
                    assert!(digits.is_some_and(|d| d.parse::<u32>().is_ok()), "id={value}");
                    assert!(self.ids.insert(value.to_owned()), "two elements with id={value}");
                }
                ("pre" | "math", "tabindex") => assert_eq!(value, "0"),
                ("ol", "start") => assert!(value.parse::<u32>().is_ok(), "start={value}"),
                ("p" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "td" | "th", "dir") => {
                    assert_eq!(value, "auto");
                }
                ("abbr", "title") => {}
                ("math", "display") => assert!(["block", "inline"].contains(&value)),
                ("annotation", "encoding") => assert_eq!(value, "application/x-tex"),
                ("mtd", "class") => assert!(["left", "right"].contains(&value)),
                (_, "href" | "style" | "class" | "id" | "src") if formula => {
                    panic!("<{name} {:?}>", attr.name.local)
                }
                _ if formula => assert!(value.len() < 20, "{value:?}"),
                ("td" | "th", "class") => assert!(["center", "right"].contains(&value)),
                (_, attribute) => panic!("<{name} {attribute}={value:?}>"),
            }
        }
        if name == "a" {
            assert_eq!(rel, Some("nofollow noopener noreferrer ugc"));
            assert!(
                tag.attrs.iter().any(|attr| &*attr.name.local == "href"),
                "link without address"
            );
        }
        if !["br", "hr"].contains(&name) {
            self.open.push(name.to_owned());
        }
    }

    fn address(&mut self, address: &str) {
        if let Some(fragment) = address.strip_prefix('#') {
            self.fragments.push(fragment.to_owned());
            return;
        }
        let lower = address.to_ascii_lowercase();
        let permitted = ["http://", "https://", "mailto:"];
        assert!(permitted.iter().any(|scheme| lower.starts_with(scheme)), "href={address:?}");
        assert!(!address.contains(['\n', '\r', '\t', '"', '<', '>']), "href={address:?}");
    }
}

fn hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[test]
fn refuses_what_a_page_must_not_contain() {
    for html in [
        "<script>alert(1)</script>",
        "<p onclick=\"x\">a</p>",
        "<p class=\"x\">a</p>",
        "<img src=\"https://a.org/b.png\">",
        "<a href=\"javascript:x\" rel=\"nofollow noopener noreferrer ugc\">a</a>",
        "<a href=\"https://a.org\">a</a>",
        "<a href=\"#fn-1\" rel=\"nofollow noopener noreferrer ugc\">a</a>",
        "<p id=\"fn-1\">a</p>",
        "<li id=\"main\">a</li>",
        "<p>a",
        "<p>a<p>b</p></p>",
        "<p>a\u{202E}</p>",
        "<!-- a -->",
        "<h1>a</h1>",
    ] {
        assert!(std::panic::catch_unwind(|| check(html)).is_err(), "passed: {html}");
    }
}
