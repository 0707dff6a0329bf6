//! Converts Markdown events into HTML that contains only tags written here and URLs checked here.

use pulldown_cmark::{Alignment, Event, LinkType, Tag, TagEnd};

use super::links::link_address;
use super::notes::Notes;
use super::shallow::JOINER;
use super::summary::Summary;
use super::syntax::parser;
use super::tags::{Outline, PARAGRAPH_END, RawTag, escape, open_link, raw_tag};
use super::text::{is_cjk, visible};

/// The deepest nesting of quotes, lists and emphasis that is written as HTML. Of deeper levels only
/// the text is kept: readers cannot tell them apart, and HTML parsers walk all open levels at every
/// new paragraph.
pub(super) const MAX_DEPTH: usize = 24;

/// After this many bytes an empty comment splits the text; the sanitiser removes it. For text full
/// of `&` or `»` the sanitiser takes time that is quadratic in the length of a text node, so text
/// nodes must stay short.
const TEXT_CHUNK_BYTES: usize = 1024;

/// At the end of a block outside of all others, HTML of at least this length is handed over. The
/// sanitiser takes far more memory than the HTML that it is given at once.
const PART_BYTES: usize = 32 << 10;

/// Writes a whole article. Hands its HTML over in parts that are complete by themselves and still have
/// to be sanitised. Returns the finished summary.
pub(super) fn write(markdown: &str, mut hand_over: impl FnMut(&str)) -> String {
    let mut writer = Writer::default();
    let mut depth = 0_usize;
    for event in parser(markdown) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        writer.event(event);
        if depth == 0 && writer.page.html.len() >= PART_BYTES {
            hand_over(&writer.page.html);
            writer.page.html.clear();
            writer.page.line_break = None;
            writer.page.chunk_start = 0;
        }
    }
    writer.notes.write(&mut writer.page.html);
    hand_over(&writer.page.html);
    writer.summary.finish()
}

#[derive(Default)]
struct Writer {
    /// The current output: the article, or the text of a footnote.
    page: Page,
    /// The outputs that open footnotes have interrupted, each with the name of the footnote.
    interrupted: Vec<(Page, String)>,
    notes: Notes,
    summary: Summary,
    outline: Outline,
    /// The number of open headings, code blocks, tables and footnotes: their text is not part of
    /// the summary.
    non_prose_depth: usize,
    link: Option<Link>,
    image: Option<Image>,
    columns: Vec<Alignment>,
    column: usize,
    in_table_head: bool,
    /// An open block of raw HTML, collected until it ends.
    raw: Option<String>,
    /// Whether this is inside a `<script>` or `<style>` of a raw block, whose text is dropped.
    raw_code: bool,
}

#[derive(Default)]
struct Page {
    html: String,
    /// The end tag of each open element; empty if its start tag was not written.
    end_tags: Vec<&'static str>,
    blocks: usize,
    inlines: usize,
    /// The last character of text, and the position of the line break after it.
    last: Option<char>,
    line_break: Option<usize>,
    /// The position after the last comment that split the text.
    chunk_start: usize,
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
                self.non_prose_depth += 1;
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
            Tag::Item if self.page.end_tags.last().is_some_and(|end| !end.is_empty()) => {
                self.page.blocks += 1;
                self.block("<li>", "</li>\n");
            }
            Tag::CodeBlock(_) => {
                self.non_prose_depth += 1;
                self.block("<pre tabindex=\"0\"><code>", "</code></pre>\n");
            }
            Tag::HtmlBlock => {
                self.raw = Some(String::new());
                self.page.end_tags.push("");
            }
            Tag::FootnoteDefinition(name) => {
                self.non_prose_depth += 1;
                self.interrupted.push((std::mem::take(&mut self.page), name.into_string()));
            }
            Tag::Table(columns) => {
                self.non_prose_depth += 1;
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
                self.image = Some(Image { address, alt: String::new(), depth: 1 });
            }
            // Quotes and lists that are nested too deeply, and tags of disabled extensions.
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
            TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Table => self.non_prose_depth -= 1,
            _ => {}
        }
        let Some(end) = self.page.end_tags.pop() else { return };
        if end.is_empty() {
            return;
        }
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.page.blocks -= 1,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.page.inlines -= 1,
            _ => {}
        }
        if end == PARAGRAPH_END {
            // Drop a paragraph that is empty, for example because it was a local image.
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
        self.page.end_tags.push(end);
        self.page.last = None;
        self.page.line_break = None;
        self.summary.gap();
    }

    fn inline(&mut self, start: &str, end: &'static str) {
        if self.page.inlines < MAX_DEPTH {
            self.page.inlines += 1;
            self.page.html.push_str(start);
            self.page.end_tags.push(end);
        } else {
            self.page.end_tags.push("");
        }
    }

    fn cell(&mut self) {
        let align = match self.columns.get(self.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            // Left is the default in both languages.
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
            // Browsers show a line end as a space, and Chinese is written without spaces.
            self.page.html.remove(at);
        }
        self.page.last = Some(last);
        self.prose(&text);
        self.write_escaped(&text);
    }

    /// Writes escaped text in pieces that the sanitiser processes quickly.
    fn write_escaped(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(TEXT_CHUNK_BYTES));
            escape(piece, &mut self.page.html);
            rest = after;
            if self.page.html.len().saturating_sub(self.page.chunk_start) >= TEXT_CHUNK_BYTES {
                self.page.html.push_str("<!---->");
                self.page.chunk_start = self.page.html.len();
            }
        }
    }

    fn prose(&mut self, text: &str) {
        if self.non_prose_depth == 0 {
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
                self.page.end_tags.push("</a>");
                self.link = Some(Link { address, text_at: self.page.html.len() });
            }
            _ => self.page.end_tags.push(""),
        }
    }

    fn end_link(&mut self) {
        if self.page.end_tags.last().is_some_and(|end| end.is_empty()) {
            return;
        }
        if let Some(link) = self.link.take()
            && self.page.html.len() == link.text_at
        {
            // An empty link would be invisible and silent, so show its URL.
            escape(&link.address, &mut self.page.html);
        }
    }

    /// Handles an event inside an image: only the text is kept, without its markup.
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
            Event::Text(text) | Event::Code(text) => image.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
            _ => {}
        }
    }

    fn end_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        let alt = visible(image.alt.trim()).into_owned();
        match image.address {
            Some(address) => {
                let text = if alt.is_empty() { &address } else { &alt };
                // Links cannot be nested: inside a link the text belongs to that link.
                let inside = self.link.is_some();
                if !inside {
                    open_link(&address, &mut self.page.html);
                }
                self.write_escaped(text);
                if !inside {
                    self.page.html.push_str("</a>");
                }
            }
            None => self.write_escaped(&alt),
        }
        self.page.last = None;
    }

    /// Drops the author's HTML tags except line breaks, which are common in tables.
    fn inline_html(&mut self, tag: &str) {
        match raw_tag(tag) {
            RawTag::Break => self.hard_break(),
            RawTag::CodeStart if self.raw.is_some() => self.raw_code = true,
            RawTag::CodeEnd => self.raw_code = false,
            RawTag::Paragraph
                if self.raw.is_some() && self.page.end_tags.last() == Some(&PARAGRAPH_END) =>
            {
                self.end(TagEnd::Paragraph);
                self.start(Tag::Paragraph);
            }
            _ => {}
        }
    }

    /// Keeps the text of a block of raw HTML, in paragraphs. The block is parsed again as a single
    /// line of Markdown, because that parser knows tags and entities. The line starts with an
    /// invisible joiner, so it cannot open another block and this does not recurse.
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
        // A footnote links back to its first reference.
        let id = if first { format!(" id=\"fnref-{number}\"") } else { String::new() };
        let link = format!("<sup><a href=\"#fn-{number}\"{id}>{number}</a></sup>");
        self.page.html.push_str(&link);
    }

    fn end_note(&mut self) {
        let Some((page, name)) = self.interrupted.pop() else { return };
        self.non_prose_depth -= 1;
        let text = std::mem::replace(&mut self.page, page).html;
        self.notes.text(&name).push_str(&text);
    }
}
