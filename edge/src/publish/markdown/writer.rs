//! Markdown events into HTML: only tags written here, only addresses checked here.

use pulldown_cmark::{Alignment, Event, LinkType, Tag, TagEnd};

use super::links::link_address;
use super::notes::Notes;
use super::shallow::JOINER;
use super::summary::Summary;
use super::syntax::parser;
use super::tags::{Outline, PARAGRAPH_END, RawTag, escape, open_link, raw_tag};
use super::text::{is_cjk, visible};

/// The deepest nesting of quotes, lists and emphasis that is written as HTML. Deeper levels keep
/// their text only: no reader can tell them apart, and HTML parsers walk all open levels at every
/// new paragraph.
pub(super) const MAX_DEPTH: usize = 24;

/// How many bytes of text are written before a seam: an empty comment, which the sanitiser drops.
/// It ends a text node, and the sanitiser's time grows with the square of a node's length where
/// that is full of `&` or `»`.
const SEAM_EVERY: usize = 1024;

/// HTML on its way to the sanitiser, and the finished summary.
pub(super) struct Written {
    pub html: String,
    pub summary: String,
}

/// Writes a whole article.
pub(super) fn write(markdown: &str) -> Written {
    let mut writer = Writer::default();
    for event in parser(markdown) {
        writer.event(event);
    }
    writer.notes.write(&mut writer.page.html);
    Written { html: writer.page.html, summary: writer.summary.finish() }
}

#[derive(Default)]
struct Writer {
    /// What is being written: the article, or a footnote's text.
    page: Page,
    /// The pages that footnotes being written interrupted, and the name of each footnote.
    interrupted: Vec<(Page, String)>,
    notes: Notes,
    summary: Summary,
    outline: Outline,
    /// Inside headings, code, tables and footnotes nothing is taken into the summary.
    not_prose: usize,
    link: Option<Link>,
    image: Option<Image>,
    columns: Vec<Alignment>,
    column: usize,
    in_table_head: bool,
    /// A block of raw HTML, gathered until it ends.
    raw: Option<String>,
    /// Inside `<script>` or `<style>` of a raw block, whose text is no prose.
    raw_code: bool,
}

#[derive(Default)]
struct Page {
    html: String,
    /// The end tag of each open element, empty where its start was not written.
    ends: Vec<&'static str>,
    blocks: usize,
    inlines: usize,
    /// The last character of text, and where the line break stands that followed it.
    last: Option<char>,
    line_break: Option<usize>,
    /// Where the last seam ends.
    seam: usize,
}

struct Link {
    address: String,
    text_at: usize,
}

/// An image of which only words are kept; images inside its words are part of them.
struct Image {
    address: Option<String>,
    words: String,
    depth: usize,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        if self.image.is_some() {
            return self.image_event(event);
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(_) if self.raw_code => {}
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.page.html.push_str("<code>");
                self.text(&text);
                self.page.html.push_str("</code>");
            }
            Event::Html(html) => match &mut self.raw {
                Some(raw) => raw.push_str(&html),
                None => self.raw_block(&html),
            },
            Event::InlineHtml(tag) => self.inline_html(&tag),
            Event::FootnoteReference(name) => self.reference(&name),
            Event::SoftBreak => {
                self.page.line_break = Some(self.page.html.len());
                self.page.html.push('\n');
                self.prose(" ");
            }
            Event::HardBreak => self.hard_break(),
            Event::Rule => self.page.html.push_str("<hr>\n"),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.block("<p>", PARAGRAPH_END),
            Tag::Heading { level, .. } => {
                self.not_prose += 1;
                let (start, end) = self.outline.heading(level);
                self.block(start, end);
            }
            Tag::BlockQuote(_) if self.page.blocks < MAX_DEPTH => {
                self.page.blocks += 1;
                self.block("<blockquote>\n", "</blockquote>\n");
            }
            // A list takes one level and its items another, so two levels must be left.
            Tag::List(first) if self.page.blocks + 1 < MAX_DEPTH => {
                self.page.blocks += 1;
                match first {
                    None => self.block("<ul>\n", "</ul>\n"),
                    Some(1) => self.block("<ol>\n", "</ol>\n"),
                    Some(first) => self.block(&format!("<ol start=\"{first}\">\n"), "</ol>\n"),
                }
            }
            Tag::Item if self.page.ends.last().is_some_and(|end| !end.is_empty()) => {
                self.page.blocks += 1;
                self.block("<li>", "</li>\n");
            }
            Tag::CodeBlock(_) => {
                self.not_prose += 1;
                self.block("<pre tabindex=\"0\"><code>", "</code></pre>\n");
            }
            Tag::HtmlBlock => {
                self.raw = Some(String::new());
                self.page.ends.push("");
            }
            Tag::FootnoteDefinition(name) => {
                self.not_prose += 1;
                self.interrupted.push((std::mem::take(&mut self.page), name.into_string()));
            }
            Tag::Table(columns) => {
                self.not_prose += 1;
                self.columns = columns;
                self.block("<table>\n", "</tbody></table>\n");
            }
            Tag::TableHead => {
                self.in_table_head = true;
                self.column = 0;
                self.block("<thead><tr>", "</tr></thead>\n<tbody>\n");
            }
            Tag::TableRow => {
                self.column = 0;
                self.block("<tr>", "</tr>\n");
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => self.inline("<em>", "</em>"),
            Tag::Strong => self.inline("<strong>", "</strong>"),
            Tag::Strikethrough => self.inline("<del>", "</del>"),
            Tag::Link { link_type, dest_url, .. } => self.start_link(link_type, &dest_url),
            Tag::Image { dest_url, .. } => {
                let address = link_address(&dest_url)
                    .filter(|address| !address.to_ascii_lowercase().starts_with("mailto:"));
                self.image = Some(Image { address, words: String::new(), depth: 1 });
            }
            // Quotes and lists that lie too deep, and what no extension here asks for.
            _ => self.block("\n", ""),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::FootnoteDefinition => return self.end_note(),
            TagEnd::HtmlBlock => {
                if let Some(raw) = self.raw.take() {
                    self.raw_block(&raw);
                }
            }
            TagEnd::Link => self.end_link(),
            TagEnd::TableHead => self.in_table_head = false,
            TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Table => self.not_prose -= 1,
            _ => {}
        }
        let Some(end) = self.page.ends.pop() else { return };
        if end.is_empty() {
            return;
        }
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.page.blocks -= 1,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.page.inlines -= 1,
            _ => {}
        }
        if end == PARAGRAPH_END {
            // Nothing of it could be shown, such as an image from the author's own disk.
            let written = self.page.html.trim_end();
            if written.ends_with("<p>") {
                self.page.html.truncate(written.len() - "<p>".len());
                return;
            }
        }
        self.page.html.push_str(end);
    }

    fn block(&mut self, start: &str, end: &'static str) {
        self.page.html.push_str(start);
        self.page.ends.push(end);
        self.page.last = None;
        self.page.line_break = None;
        self.summary.gap();
    }

    fn inline(&mut self, start: &str, end: &'static str) {
        if self.page.inlines < MAX_DEPTH {
            self.page.inlines += 1;
            self.page.html.push_str(start);
            self.page.ends.push(end);
        } else {
            self.page.ends.push("");
        }
    }

    fn cell(&mut self) {
        let align = match self.columns.get(self.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            // Both our languages begin on the left.
            Some(Alignment::Left | Alignment::None) | None => "",
        };
        self.column += 1;
        let (name, end) = if self.in_table_head { ("th", "</th>") } else { ("td", "</td>") };
        self.block(&format!("<{name}{align}>"), end);
    }

    fn text(&mut self, text: &str) {
        if self.raw_code {
            return;
        }
        let text = visible(text);
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
            return;
        };
        if let Some(at) = self.page.line_break.take()
            && self.page.last.is_some_and(is_cjk)
            && is_cjk(first)
        {
            // Browsers show a line end as a space, which Chinese does not have.
            self.page.html.remove(at);
        }
        self.page.last = Some(last);
        self.prose(&text);
        self.words(&text);
    }

    /// Text, in pieces that the sanitiser is quick with.
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(SEAM_EVERY));
            escape(piece, &mut self.page.html);
            rest = after;
            if self.page.html.len().saturating_sub(self.page.seam) >= SEAM_EVERY {
                self.page.html.push_str("<!---->");
                self.page.seam = self.page.html.len();
            }
        }
    }

    fn prose(&mut self, text: &str) {
        if self.not_prose == 0 {
            self.summary.push(text);
        }
    }

    fn hard_break(&mut self) {
        self.page.html.push_str("<br>\n");
        self.page.last = None;
        self.prose(" ");
    }

    fn start_link(&mut self, link_type: LinkType, address: &str) {
        let address = match link_type {
            LinkType::Email => link_address(&format!("mailto:{address}")),
            _ => link_address(address),
        };
        match address {
            Some(address) if self.link.is_none() => {
                open_link(&address, &mut self.page.html);
                self.page.ends.push("</a>");
                self.link = Some(Link { address, text_at: self.page.html.len() });
            }
            _ => self.page.ends.push(""),
        }
    }

    fn end_link(&mut self) {
        if self.page.ends.last().is_some_and(|end| end.is_empty()) {
            return;
        }
        if let Some(link) = self.link.take()
            && self.page.html.len() == link.text_at
        {
            // A link without words could be neither seen nor heard.
            escape(&link.address, &mut self.page.html);
        }
    }

    /// Inside an image's words no markup counts.
    fn image_event(&mut self, event: Event<'_>) {
        let Some(image) = &mut self.image else { return };
        match event {
            Event::Start(Tag::Image { .. }) => image.depth += 1,
            Event::End(TagEnd::Image) => {
                image.depth -= 1;
                if image.depth == 0 {
                    self.end_image();
                }
            }
            Event::Text(text) | Event::Code(text) => image.words.push_str(&text),
            Event::SoftBreak | Event::HardBreak => image.words.push(' '),
            _ => {}
        }
    }

    fn end_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        let words = visible(image.words.trim()).into_owned();
        match image.address {
            Some(address) => {
                let words = if words.is_empty() { &address } else { &words };
                // Inside a link the words belong to that link.
                let inside = self.link.is_some();
                if !inside {
                    open_link(&address, &mut self.page.html);
                }
                self.words(words);
                if !inside {
                    self.page.html.push_str("</a>");
                }
            }
            None => self.words(&words),
        }
        self.page.last = None;
    }

    /// The author's own tags are dropped; a line break among them, common in tables, is kept.
    fn inline_html(&mut self, tag: &str) {
        match raw_tag(tag) {
            RawTag::Break => self.hard_break(),
            RawTag::CodeStart if self.raw.is_some() => self.raw_code = true,
            RawTag::CodeEnd => self.raw_code = false,
            RawTag::Paragraph
                if self.raw.is_some() && self.page.ends.last() == Some(&PARAGRAPH_END) =>
            {
                self.end(TagEnd::Paragraph);
                self.start(Tag::Paragraph);
            }
            _ => {}
        }
    }

    /// A block of raw HTML keeps its text, in paragraphs. It is read once more as one line of
    /// Markdown, whose parser knows tags and entities: behind an invisible joiner nothing can
    /// begin a block, so this goes no deeper.
    fn raw_block(&mut self, raw: &str) {
        let mut line = String::from(JOINER);
        for word in raw.split_whitespace() {
            line.push_str(word);
            line.push(' ');
        }
        self.raw = Some(String::new());
        for event in parser(&line) {
            self.event(event);
        }
        self.raw = None;
        self.raw_code = false;
    }

    fn reference(&mut self, name: &str) {
        let (number, first) = self.notes.refer(name);
        // The way back leads to the first place that refers to a note.
        let id = if first { format!(" id=\"fnref-{number}\"") } else { String::new() };
        let link = format!("<sup><a href=\"#fn-{number}\"{id}>{number}</a></sup>");
        self.page.html.push_str(&link);
    }

    fn end_note(&mut self) {
        let Some((page, name)) = self.interrupted.pop() else { return };
        self.not_prose -= 1;
        let text = std::mem::replace(&mut self.page, page).html;
        self.notes.text(&name).push_str(&text);
    }
}
