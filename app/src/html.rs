//! Text as HTML, and HTML without the marks that Leptos leaves for hydration.

/// Escapes text for HTML and for quoted attributes: in the head, which is written by hand, and
/// where Leptos writes text as it is.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Removes the `<!>` markers that Leptos writes for hydration. Outside an island nothing is
/// hydrated and a validator reports them as errors. Inside an island they stay.
pub(crate) fn without_markers(html: &str) -> String {
    const MARKER: &str = "<!>";
    const ISLAND: (&str, &str) = ("<leptos-island", "</leptos-island>");
    let mut clean = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        clean.push_str(text);
        if let Some(after) = tag.strip_prefix(MARKER) {
            rest = after;
            continue;
        }
        let length = if tag.starts_with(ISLAND.0) {
            tag.find(ISLAND.1).map_or(tag.len(), |end| end + ISLAND.1.len())
        } else {
            tag_length(tag)
        };
        clean.push_str(&tag[..length]);
        rest = &tag[length..];
    }
    clean.push_str(rest);
    clean
}

/// Returns the length of the tag that `html` begins with. A quoted attribute may contain a `>`.
fn tag_length(html: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_markers_from_text_only() {
        for (html, clean) in [
            ("<p>a<!> <!>b</p><!>", "<p>a b</p>"),
            (r#"<p title="a > <!> b">x</p>"#, r#"<p title="a > <!> b">x</p>"#),
            (
                "<!><leptos-island data-component=\"X\">a<!>b</leptos-island><!>",
                "<leptos-island data-component=\"X\">a<!>b</leptos-island>",
            ),
            ("a < b", "a < b"),
            ("没有标签", "没有标签"),
            ("<p", "<p"),
        ] {
            assert_eq!(without_markers(html), clean);
        }
    }

    #[test]
    fn escapes_what_ends_text_or_an_attribute() {
        assert_eq!(escape("<a \"b\" & 'c'>"), "&lt;a &quot;b&quot; &amp; 'c'&gt;");
    }
}
