//! Writes images: as links with their alternative text.

use comrak::nodes::{Node, NodeValue};

use super::super::tags::open_link;
use super::super::text::visible;
use super::Writer;

impl Writer {
    /// Starts a node inside an image: only the text is kept, without its markup.
    pub(super) fn image_start(&mut self, node: Node<'_>) {
        let Some(image) = &mut self.image else { return };
        match &node.data.borrow().value {
            NodeValue::Image(_) => image.depth += 1,
            NodeValue::Text(text) => image.alt.push_str(text),
            NodeValue::Code(code) => image.alt.push_str(&code.literal),
            NodeValue::Math(math) => image.alt.push_str(&math.literal),
            NodeValue::HtmlInline(html) => image.alt.push_str(html),
            NodeValue::Subscript => image.alt.push('~'),
            NodeValue::SoftBreak | NodeValue::LineBreak => image.alt.push(' '),
            _ => {}
        }
    }

    pub(super) fn image_end(&mut self, node: Node<'_>) {
        let Some(image) = &mut self.image else { return };
        match &node.data.borrow().value {
            NodeValue::Subscript => image.alt.push('~'),
            NodeValue::Image(_) => {
                image.depth -= 1;
                if image.depth == 0
                    && let Some(image) = self.image.take()
                {
                    self.write_image(image.address, &image.alt);
                }
            }
            _ => {}
        }
    }

    /// Writes an image as a link with its alternative text, or as the text alone.
    pub(super) fn write_image(&mut self, address: Option<String>, alt: &str) {
        let alt = visible(alt.trim()).into_owned();
        match address {
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
}
