//! Checks the URLs of links.

use ammonia::Url;

use super::text::visible;

/// The maximum length of a URL in bytes. Most servers refuse longer ones.
pub(super) const MAX_ADDRESS_BYTES: usize = 4096;

/// Returns the URL to link to, if it is allowed: an absolute `http`, `https` or `mailto` URL.
pub(super) fn link_address(address: &str) -> Option<String> {
    let address = visible(address.trim());
    if address.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    let url = Url::parse(&address).ok()?;
    match url.scheme() {
        // Browsers read `x` in `http:x` as the host; other parsers do not.
        "http" | "https" => address.as_bytes().get(url.scheme().len()..)?.starts_with(b"://"),
        "mailto" => !url.path().is_empty(),
        _ => false,
    }
    .then(|| quoted(&address))
}

/// The address of an image, to link to.
pub(super) fn image_address(address: &str) -> Option<String> {
    link_address(address).filter(|it| !it.to_ascii_lowercase().starts_with("mailto:"))
}

/// Percent-encodes the characters that could end a URL in HTML or in text, as CommonMark's own
/// renderer does, and removes those that browsers ignore. So `<https://a.org"x>` is safe to link.
fn quoted(address: &str) -> String {
    let mut quoted = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '"' => quoted.push_str("%22"),
            '<' => quoted.push_str("%3C"),
            '>' => quoted.push_str("%3E"),
            ' ' => quoted.push_str("%20"),
            '\t' | '\n' | '\r' => {}
            c => quoted.push(c),
        }
    }
    quoted
}
