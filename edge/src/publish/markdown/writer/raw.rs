//! Writes the author's own HTML tags.

use comrak::Arena;
use comrak::nodes::Node;

use super::super::links::{image_address, link_address};
use super::super::raw::{Element, RawTag};
use super::super::shallow::JOINER;
use super::super::summary::Script;
use super::super::syntax::parse;
use super::super::tags::{PARAGRAPH_END, escape};
use super::super::text::visible;
use super::Writer;

impl Writer {
    /// Writes what the author's tag stands for, or the tag as it was typed.
    pub(super) fn raw_tag(&mut self, node: Node<'_>, html: &str) {
        let Some(tag) = RawTag::parse(html) else {
            // Comments are not shown.
            if !html.starts_with("<!--") {
                self.text(html);
            }
            return;
        };
        let element = tag.element();
        let kept = match element {
            Element::Neutral => true,
            Element::LineBreak => {
                self.hard_break();
                true
            }
            Element::Paragraph => {
                if self.may_break_paragraph() {
                    self.close();
                    self.block("<p>", PARAGRAPH_END);
                }
                true
            }
            Element::Rule => self.raw_rule(),
            Element::Image => self.raw_image(&tag),
            Element::Phrase(..) | Element::Link | Element::Heading(_) => {
                self.pairs.contains(node)
                    && match tag.end {
                        true => self.end_raw(element),
                        false => self.start_raw(&tag, element),
                    }
            }
            Element::Unknown => false,
        };
        if !kept {
            self.text(html);
        }
    }

    /// Whether the innermost open element is a paragraph of raw HTML.
    fn may_break_paragraph(&self) -> bool {
        self.in_raw_block && self.page.open.last().is_some_and(|open| open.end == PARAGRAPH_END)
    }

    fn raw_rule(&mut self) -> bool {
        if !self.may_break_paragraph() {
            return false;
        }
        self.close();
        self.page.html.push_str("<hr>\n");
        self.block("<p>", PARAGRAPH_END);
        true
    }

    fn raw_image(&mut self, tag: &RawTag) -> bool {
        let address = tag.attribute("src").and_then(image_address);
        let alt = tag.attribute("alt").unwrap_or_default();
        if tag.end || (address.is_none() && alt.is_empty()) {
            return false;
        }
        self.write_image(address, alt);
        true
    }

    fn start_raw(&mut self, tag: &RawTag, element: Element) -> bool {
        match element {
            Element::Link => {
                let address = tag.attribute("href").and_then(link_address);
                let Some(address) = address.filter(|_| self.link.is_none()) else { return false };
                self.start_link(&address, Some(element));
            }
            Element::Heading(level) => {
                if !self.may_break_paragraph() {
                    return false;
                }
                self.close();
                self.heading(level, Some(element));
            }
            Element::Phrase(start, end) => {
                if element.is_reading() {
                    self.close_reading();
                }
                match start {
                    "<del>" | "<s>" | "<rt>" | "<rp>" => self.struck_depth += 1,
                    "<sup>" => self.script = Some(Script::Superscript),
                    "<sub>" => self.script = Some(Script::Subscript),
                    _ => {}
                }
                match tag.attribute("title").filter(|_| start == "<abbr>") {
                    Some(title) => {
                        let mut start = String::from("<abbr title=\"");
                        escape(&visible(title), &mut start);
                        start.push_str("\">");
                        self.open_inline(&start, end, Some(element));
                    }
                    None => self.open_inline(start, end, Some(element)),
                }
            }
            _ => return false,
        }
        true
    }

    fn end_raw(&mut self, element: Element) -> bool {
        if matches!(element, Element::Phrase("<ruby>", _)) {
            self.close_reading();
        }
        if self.page.open.last().is_none_or(|open| open.raw != Some(element)) {
            return false;
        }
        if element == Element::Link {
            self.end_link();
        }
        self.close();
        if matches!(element, Element::Heading(_)) {
            self.block("<p>", PARAGRAPH_END);
        }
        true
    }

    /// Closes an open `<rt>` or `<rp>`, whose end tag may be omitted.
    fn close_reading(&mut self) {
        if self.page.open.last().and_then(|open| open.raw).is_some_and(Element::is_reading) {
            self.close();
        }
    }

    /// Writes a block of raw HTML. Scripts, styles, declarations and the like are shown as typed. The
    /// others are parsed again as a single line of Markdown, because that parser knows tags and
    /// entities. The line starts with an invisible joiner, so it cannot open another block and this
    /// does not recurse.
    pub(super) fn raw_block(&mut self, block_type: u8, html: &str) {
        const COMMENT: u8 = 2;
        const ELEMENTS: [u8; 2] = [6, 7];
        if block_type != COMMENT && !ELEMENTS.contains(&block_type) {
            return self.code_block(html);
        }
        let mut line = String::from(JOINER);
        for word in html.split_whitespace() {
            line.push_str(word);
            line.push(' ');
        }
        let arena = Arena::new();
        let document = parse(&arena, &line);
        let pairs = std::mem::take(&mut self.pairs);
        self.in_raw_block = true;
        for block in document.children() {
            self.walk(block);
        }
        self.in_raw_block = false;
        self.pairs = pairs;
    }
}
