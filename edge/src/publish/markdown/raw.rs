//! HTML tags in the author's Markdown: which of them are kept, and what they become.

use std::cell::RefCell;
use std::collections::HashSet;

use comrak::nodes::{Node, NodeValue};
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A tag as it stands in the Markdown.
pub(super) struct RawTag {
    name: String,
    /// Whether it is an end tag.
    pub end: bool,
    attributes: Vec<(String, String)>,
}

/// What a tag becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// An element within a paragraph, with its start and end tag.
    Phrase(&'static str, &'static str),
    Link,
    Image,
    LineBreak,
    Rule,
    /// A heading of this level.
    Heading(u8),
    /// It means nothing but a paragraph of its own.
    Paragraph,
    /// It means nothing by itself.
    Neutral,
    /// Shown as typed.
    Unknown,
}

impl RawTag {
    /// Parses a start or end tag. `None` for comments, declarations and anything else.
    pub(super) fn parse(html: &str) -> Option<RawTag> {
        let input = BufferQueue::default();
        input.push_back(html.into());
        let tokenizer = Tokenizer::new(FirstTag::default(), TokenizerOpts::default());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }

    /// An attribute without surrounding white space; `None` if it is absent or empty.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// What the tag becomes.
    pub(super) fn element(&self) -> Element {
        use Element::{Heading, Image, LineBreak, Link, Neutral, Paragraph, Phrase, Rule, Unknown};
        match self.name.as_str() {
            "a" => Link,
            "abbr" => Phrase("<abbr>", "</abbr>"),
            "b" | "strong" => Phrase("<strong>", "</strong>"),
            "bdi" => Phrase("<bdi>", "</bdi>"),
            "br" => LineBreak,
            "cite" => Phrase("<cite>", "</cite>"),
            "code" | "tt" => Phrase("<code>", "</code>"),
            "del" => Phrase("<del>", "</del>"),
            "dfn" => Phrase("<dfn>", "</dfn>"),
            "em" | "i" => Phrase("<em>", "</em>"),
            "h1" => Heading(1),
            "h2" => Heading(2),
            "h3" => Heading(3),
            "h4" => Heading(4),
            "h5" => Heading(5),
            "h6" => Heading(6),
            "hr" => Rule,
            "img" => Image,
            "ins" => Phrase("<ins>", "</ins>"),
            "kbd" => Phrase("<kbd>", "</kbd>"),
            "mark" => Phrase("<mark>", "</mark>"),
            "q" => Phrase("<q>", "</q>"),
            "rp" => Phrase("<rp>", "</rp>"),
            "rt" => Phrase("<rt>", "</rt>"),
            "ruby" => Phrase("<ruby>", "</ruby>"),
            "s" | "strike" => Phrase("<s>", "</s>"),
            "samp" => Phrase("<samp>", "</samp>"),
            "small" => Phrase("<small>", "</small>"),
            "sub" => Phrase("<sub>", "</sub>"),
            "sup" => Phrase("<sup>", "</sup>"),
            "u" => Phrase("<u>", "</u>"),
            "var" => Phrase("<var>", "</var>"),
            "article" | "center" | "div" | "figcaption" | "figure" | "footer" | "header"
            | "main" | "p" | "section" => Paragraph,
            "span" => Neutral,
            _ => Unknown,
        }
    }
}

impl Element {
    fn needs_end(self) -> bool {
        matches!(self, Element::Phrase(..) | Element::Link | Element::Heading(_))
    }

    /// Whether it says how the characters in a `<ruby>` are read. HTML allows `</rt>` and `</rp>` to be
    /// omitted.
    pub(super) fn is_reading(self) -> bool {
        matches!(self, Element::Phrase("<rt>" | "<rp>", _))
    }
}

/// Keeps the first tag.
#[derive(Default)]
struct FirstTag(RefCell<Option<RawTag>>);

impl TokenSink for FirstTag {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            let attributes = tag.attrs.into_iter();
            self.0.borrow_mut().get_or_insert_with(|| RawTag {
                name: tag.name.to_string(),
                end: tag.kind == TagKind::EndTag,
                attributes: attributes
                    .map(|attr| (attr.name.local.to_string(), attr.value.to_string()))
                    .collect(),
            });
        }
        TokenSinkResult::Continue
    }
}

/// The start and end tags that belong together. A tag that needs a partner and has none is shown as
/// typed.
#[derive(Default)]
pub(super) struct Pairs(HashSet<usize>);

impl Pairs {
    /// Pairs the tags among the children of a node. A pair never crosses another.
    pub(super) fn add(&mut self, parent: Node<'_>) {
        let mut open: Vec<(Element, usize)> = Vec::new();
        for child in parent.children() {
            let NodeValue::HtmlInline(html) = &child.data.borrow().value else { continue };
            let Some(tag) = RawTag::parse(html) else { continue };
            let element = tag.element();
            if !element.needs_end() {
                continue;
            }
            if !tag.end {
                // The start of a reading ends the one before it.
                if element.is_reading()
                    && let Some((_, reading)) = open.pop_if(|(last, _)| last.is_reading())
                {
                    self.0.insert(reading);
                }
                open.push((element, address(child)));
                continue;
            }
            let Some(start) = open.iter().rposition(|(one, _)| *one == element) else { continue };
            self.0.insert(address(child));
            for (inner, at) in open.drain(start..) {
                if inner == element || inner.is_reading() {
                    self.0.insert(at);
                }
            }
        }
    }

    /// Whether the tag has its partner.
    pub(super) fn contains(&self, tag: Node<'_>) -> bool {
        self.0.contains(&address(tag))
    }
}

/// Identifies a node as long as its tree exists.
fn address(node: Node<'_>) -> usize {
    std::ptr::from_ref(node) as usize
}
