//! Where links may lead.

use ammonia::Url;

use super::text::visible;

/// Most bytes of an address. Servers refuse longer ones as well.
pub(super) const MAX_ADDRESS_BYTES: usize = 4096;

/// Whether a link may lead to this address: an absolute web or mail address.
pub(super) fn link_address(address: &str) -> Option<String> {
    let address = visible(address.trim());
    if address.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    let url = Url::parse(&address).ok()?;
    match url.scheme() {
        // Browsers read `http:x` as an address with a host; other parsers do not.
        "http" | "https" => address.as_bytes().get(url.scheme().len()..)?.starts_with(b"://"),
        "mailto" => !url.path().is_empty(),
        _ => false,
    }
    .then(|| quoted(&address))
}

/// The address with what delimits addresses in text and in HTML percent-encoded, as CommonMark's
/// own writer has it, and without what a browser would drop: `<https://a.org"x>` is permitted.
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
