//! Converts parsed Markdown into HTML that contains only tags written here and URLs checked here.

mod image;
mod raw;

use comrak::Arena;
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{ListType, Node, NodeValue, TableAlignment};
use shared::text::is_visible;

use super::links::{image_address, link_address};
use super::math;
use super::notes::Notes;
use super::raw::{Element, Pairs};
use super::summary::{Script, Summary};
use super::syntax::parse;
use super::tags::{Outline, PARAGRAPH_END, escape_text, open_link};
use super::text::{is_cjk, visible};

/// The deepest nesting of quotes, lists and emphasis that is written as HTML. Of deeper levels only
/// the text is kept: readers cannot tell them apart, and HTML parsers walk all open levels at every
/// new paragraph.
pub(super) const MAX_DEPTH: usize = 24;

/// After this many bytes an empty comment splits the text; the sanitiser removes it. For text full
/// of `&` or `»` the sanitiser takes time that is quadratic in the length of a text node, so text
/// nodes must stay short.
const TEXT_CHUNK_BYTES: usize = 1024;

/// At the end of a top-level block, HTML of at least this length becomes a part. The
/// sanitiser takes far more memory than the HTML that it is given at once.
const PART_BYTES: usize = 32 << 10;

/// A written article.
pub(super) struct Written {
    /// The HTML, in parts that are complete by themselves and still have to be sanitised.
    pub parts: Vec<String>,
    pub summary: String,
    /// Whether a reader sees anything of it.
    pub anything_visible: bool,
}

/// Writes a whole article. The tree of the parsed Markdown is gone when this returns.
pub(super) fn write(markdown: &str) -> Written {
    let mut writer = Writer::default();
    let mut parts = Vec::new();
    let arena = Arena::new();
    for block in parse(&arena, markdown).children() {
        writer.math_bytes = 0;
        writer.walk(block);
        if writer.page.html.len() >= PART_BYTES {
            parts.push(std::mem::take(&mut writer.page.html));
            writer.page.line_break = None;
            writer.page.chunk_start = 0;
        }
    }
    writer.notes.write(&mut writer.page.html);
    parts.push(writer.page.html);
    Written { parts, summary: writer.summary.finish(), anything_visible: writer.anything_visible }
}

#[derive(Default)]
struct Writer {
    /// The current output: the article, or the text of a footnote.
    page: Page,
    /// The outputs that open footnotes have interrupted.
    interrupted: Vec<Page>,
    notes: Notes,
    summary: Summary,
    anything_visible: bool,
    outline: Outline,
    /// The number of open headings, code blocks, tables and footnotes: the summary uses their text
    /// only if the article has no prose.
    non_prose_depth: usize,
    /// The number of open elements whose text is struck out or tells the pronunciation: the summary
    /// cannot show that.
    struck_depth: usize,
    script: Option<Script>,
    link: Option<Link>,
    image: Option<Image>,
    columns: Vec<TableAlignment>,
    column: usize,
    in_table_head: bool,
    /// Whether this is the text of a block of raw HTML.
    in_raw_block: bool,
    /// The raw tags that have a partner.
    pairs: Pairs,
    /// The length of the formulas in the current top-level block.
    math_bytes: usize,
}

#[derive(Default)]
struct Page {
    html: String,
    open: Vec<Open>,
    blocks: usize,
    inlines: usize,
    /// The last character of text, and the position of the line break after it.
    last: Option<char>,
    line_break: Option<usize>,
    /// The position after the last comment that split the text.
    chunk_start: usize,
}

/// An element that has begun.
struct Open {
    /// Empty if the start tag was not written.
    end: &'static str,
    level: Level,
    /// The author's tag that it was written for.
    raw: Option<Element>,
}

/// Which depth an open element counts for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Block,
    Inline,
    None,
}

struct Link {
    address: String,
    text_at: usize,
}

/// An image, shown as its alternative text. Images nested in that text are part of it.
struct Image {
    address: Option<String>,
    alt: String,
    depth: usize,
}

impl Writer {
    fn walk(&mut self, node: Node<'_>) {
        for edge in node.traverse() {
            match edge {
                NodeEdge::Start(node) if self.image.is_some() => self.image_start(node),
                NodeEdge::End(node) if self.image.is_some() => self.image_end(node),
                NodeEdge::Start(node) => self.start(node),
                NodeEdge::End(node) => self.end(node),
            }
        }
    }

    fn start(&mut self, node: Node<'_>) {
        if node.first_child().is_some() {
            self.pairs.add(node);
        }
        match &node.data.borrow().value {
            NodeValue::Document => {}
            NodeValue::Paragraph if is_tight(node) => self.summary.gap(),
            NodeValue::Paragraph => self.block("<p>", PARAGRAPH_END),
            NodeValue::Heading(heading) => self.heading(heading.level, None),
            NodeValue::BlockQuote if self.page.blocks < MAX_DEPTH => {
                self.level("<blockquote>\n", "</blockquote>\n");
            }
            // A list takes one level and its items another, so two levels must be left.
            NodeValue::List(list) if self.page.blocks + 1 < MAX_DEPTH => {
                match (list.list_type, list.start) {
                    (ListType::Bullet, _) => self.level("<ul>\n", "</ul>\n"),
                    (ListType::Ordered, 1) => self.level("<ol>\n", "</ol>\n"),
                    (ListType::Ordered, first) => {
                        self.level(&format!("<ol start=\"{first}\">\n"), "</ol>\n");
                    }
                }
            }
            NodeValue::Item(_) if self.is_open() => self.level("<li>", "</li>\n"),
            NodeValue::TaskItem(task) => {
                match self.is_open() {
                    true => self.level("<li>", "</li>\n"),
                    false => self.block("\n", ""),
                }
                self.text(if task.symbol.is_some() { "☑ " } else { "☐ " });
            }
            NodeValue::CodeBlock(code) => self.code_block(&code.literal),
            NodeValue::HtmlBlock(html) => self.raw_block(html.block_type, &html.literal),
            NodeValue::ThematicBreak => self.page.html.push_str("<hr>\n"),
            NodeValue::FootnoteDefinition(_) => {
                self.non_prose_depth += 1;
                self.interrupted.push(std::mem::take(&mut self.page));
            }
            NodeValue::Table(table) => {
                self.non_prose_depth += 1;
                self.columns.clone_from(&table.alignments);
                self.block("<table>\n", "</tbody></table>\n");
            }
            NodeValue::TableRow(head) => {
                self.in_table_head = *head;
                self.column = 0;
                match head {
                    true => self.block("<thead><tr>", "</tr></thead>\n<tbody>\n"),
                    false => self.block("<tr>", "</tr>\n"),
                }
            }
            NodeValue::TableCell => self.cell(),
            NodeValue::Text(text) => self.text(text),
            NodeValue::SoftBreak => {
                self.page.line_break = Some(self.page.html.len());
                self.page.html.push('\n');
                self.prose(" ");
            }
            NodeValue::LineBreak => self.hard_break(),
            NodeValue::Code(code) => {
                self.page.html.push_str("<code>");
                self.text(&code.literal);
                self.page.html.push_str("</code>");
            }
            NodeValue::Math(math) => self.math(&math.literal, math.display_math),
            NodeValue::HtmlInline(html) => self.raw_tag(node, html),
            NodeValue::Emph => self.inline("<em>", "</em>"),
            NodeValue::Strong => self.inline("<strong>", "</strong>"),
            NodeValue::Strikethrough => {
                self.struck_depth += 1;
                let element = Element::Phrase("<del>", "</del>");
                self.open_inline("<del>", "</del>", Some(element));
            }
            // Text between single tildes.
            NodeValue::Subscript => self.text("~"),
            NodeValue::FootnoteReference(reference) => self.reference(&reference.name),
            NodeValue::Link(link) => self.start_link(&link.url, None),
            NodeValue::Image(image) => {
                self.image = Some(Image {
                    address: image_address(&image.url),
                    alt: String::new(),
                    depth: 1,
                });
            }
            // Quotes and lists that are nested too deeply, and the parser's extensions that are off.
            _ => self.block("\n", ""),
        }
    }

    fn end(&mut self, node: Node<'_>) {
        match &node.data.borrow().value {
            NodeValue::Document
            | NodeValue::HtmlBlock(_)
            | NodeValue::CodeBlock(_)
            | NodeValue::ThematicBreak
            | NodeValue::Text(_)
            | NodeValue::SoftBreak
            | NodeValue::LineBreak
            | NodeValue::Code(_)
            | NodeValue::Math(_)
            | NodeValue::HtmlInline(_)
            | NodeValue::FootnoteReference(_) => return,
            NodeValue::Subscript => return self.text("~"),
            NodeValue::Paragraph if is_tight(node) => return,
            NodeValue::FootnoteDefinition(note) => return self.end_note(&note.name),
            NodeValue::Table(_) => self.non_prose_depth -= 1,
            NodeValue::Link(_) => self.end_link(),
            _ => {}
        }
        self.close();
    }

    /// Writes the end tag of the last open element.
    fn close(&mut self) {
        let Some(open) = self.page.open.pop() else { return };
        match open.raw {
            Some(Element::Heading(_)) => self.non_prose_depth -= 1,
            Some(Element::Phrase("<del>" | "<s>" | "<rt>" | "<rp>", _)) => self.struck_depth -= 1,
            Some(Element::Phrase("<sup>" | "<sub>", _)) => self.script = None,
            _ => {}
        }
        match open.level {
            Level::Block => self.page.blocks -= 1,
            Level::Inline => self.page.inlines -= 1,
            Level::None => {}
        }
        if open.end == PARAGRAPH_END {
            // Drop a paragraph that is empty, for example because it was a local image.
            let written = self.page.html.trim_end();
            if written.ends_with("<p>") {
                self.page.html.truncate(written.len() - "<p>".len());
                return;
            }
        }
        self.page.html.push_str(open.end);
    }

    /// Whether the last open element was written.
    fn is_open(&self) -> bool {
        self.page.open.last().is_some_and(|open| !open.end.is_empty())
    }

    fn block(&mut self, start: &str, end: &'static str) {
        self.open_block(start, end, Level::None, None);
    }

    /// Opens a block that others can be nested in.
    fn level(&mut self, start: &str, end: &'static str) {
        self.page.blocks += 1;
        self.open_block(start, end, Level::Block, None);
    }

    fn open_block(&mut self, start: &str, end: &'static str, level: Level, raw: Option<Element>) {
        self.page.html.push_str(start);
        self.page.open.push(Open { end, level, raw });
        self.page.last = None;
        self.page.line_break = None;
        self.summary.gap();
    }

    fn inline(&mut self, start: &str, end: &'static str) {
        self.open_inline(start, end, None);
    }

    fn open_inline(&mut self, start: &str, end: &'static str, raw: Option<Element>) {
        if self.page.inlines < MAX_DEPTH {
            self.page.inlines += 1;
            self.page.html.push_str(start);
            self.page.open.push(Open { end, level: Level::Inline, raw });
        } else {
            self.page.open.push(Open { end: "", level: Level::None, raw });
        }
    }

    fn heading(&mut self, level: u8, raw: Option<Element>) {
        self.non_prose_depth += 1;
        let (start, end) = self.outline.heading(level);
        // The element is named in either case, so that its end is recognised as that of a heading.
        let raw = raw.or(Some(Element::Heading(level)));
        self.open_block(start, end, Level::None, raw);
    }

    fn code_block(&mut self, text: &str) {
        self.non_prose_depth += 1;
        self.block("<pre tabindex=\"0\"><code>", "</code></pre>\n");
        self.text(text);
        self.close();
        self.non_prose_depth -= 1;
    }

    fn cell(&mut self) {
        let align = match self.columns.get(self.column) {
            Some(TableAlignment::Center) => " class=\"center\"",
            Some(TableAlignment::Right) => " class=\"right\"",
            // Left is the default in both languages.
            Some(TableAlignment::Left | TableAlignment::None) | None => "",
        };
        self.column += 1;
        let (name, end) = if self.in_table_head { ("th", "</th>") } else { ("td", "</td>") };
        self.block(&format!("<{name}{align}>"), end);
    }

    fn text(&mut self, text: &str) {
        let text = visible(text);
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
            return;
        };
        if let Some(at) = self.page.line_break.take()
            && self.page.last.is_some_and(is_cjk)
            && is_cjk(first)
        {
            // Browsers show a line end as a space, and Chinese is written without spaces.
            self.page.html.remove(at);
        }
        self.page.last = Some(last);
        self.prose(&text);
        self.write_escaped(&text);
    }

    /// Writes escaped text in pieces that the sanitiser processes quickly.
    fn write_escaped(&mut self, text: &str) {
        self.anything_visible |= text.chars().any(is_visible);
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(TEXT_CHUNK_BYTES));
            escape_text(piece, &mut self.page.html);
            rest = after;
            if self.page.html.len().saturating_sub(self.page.chunk_start) >= TEXT_CHUNK_BYTES {
                self.page.html.push_str("<!---->");
                self.page.chunk_start = self.page.html.len();
            }
        }
    }

    fn prose(&mut self, text: &str) {
        if self.struck_depth > 0 {
            return;
        }
        let text = match self.script {
            Some(script) => script.plain(text),
            None => text.into(),
        };
        if self.non_prose_depth == 0 {
            self.summary.push(&text);
        } else {
            self.summary.push_other(&text);
        }
    }

    fn hard_break(&mut self) {
        self.page.html.push_str("<br>\n");
        self.page.last = None;
        self.prose(" ");
    }

    fn start_link(&mut self, address: &str, raw: Option<Element>) {
        match link_address(address) {
            Some(address) if self.link.is_none() => {
                open_link(&address, &mut self.page.html);
                self.page.open.push(Open { end: "</a>", level: Level::None, raw });
                self.link = Some(Link { address, text_at: self.page.html.len() });
            }
            _ => self.page.open.push(Open { end: "", level: Level::None, raw }),
        }
    }

    fn end_link(&mut self) {
        if !self.is_open() {
            return;
        }
        if let Some(link) = self.link.take()
            && self.page.html.len() == link.text_at
        {
            // An empty link would be invisible and silent, so show its URL.
            self.write_escaped(&link.address);
        }
    }

    fn math(&mut self, latex: &str, block: bool) {
        let latex = visible(latex);
        self.math_bytes += latex.len();
        let mathml = match self.math_bytes <= math::MAX_FORMULA_BYTES {
            true => math::mathml(&latex, block),
            false => None,
        };
        match mathml {
            Some(mathml) => self.page.html.push_str(&mathml),
            None => self.page.html.push_str(&math::source(&latex, block)),
        }
        self.anything_visible |= latex.chars().any(is_visible);
        self.page.last = None;
        self.prose(&latex);
    }

    fn reference(&mut self, name: &str) {
        let (number, first) = self.notes.refer(name);
        // A footnote links back to its first reference.
        let id = if first { format!(" id=\"fnref-{number}\"") } else { String::new() };
        let link = format!("<sup><a href=\"#fn-{number}\"{id}>{number}</a></sup>");
        self.page.html.push_str(&link);
    }

    fn end_note(&mut self, name: &str) {
        let Some(page) = self.interrupted.pop() else { return };
        self.non_prose_depth -= 1;
        let text = std::mem::replace(&mut self.page, page).html;
        self.notes.text(name).push_str(&text);
    }
}

/// Whether a paragraph belongs to a list without space between its items.
fn is_tight(paragraph: Node<'_>) -> bool {
    let list = paragraph.parent().and_then(|item| item.parent());
    list.is_some_and(|list| match &list.data.borrow().value {
        NodeValue::List(list) => list.tight,
        _ => false,
    })
}
