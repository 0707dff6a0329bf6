//! The fields of a form or a query string, and paths to return to.

use url::form_urlencoded;

/// Far more fields than any form has. A field takes far more memory than its text.
const FIELDS_MAX: usize = 64;

/// Submitted fields, in the order sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses `application/x-www-form-urlencoded` bytes. Any bytes parse; fields after the first
    /// [`FIELDS_MAX`] are ignored.
    pub fn parse(bytes: &[u8]) -> Fields {
        Fields(form_urlencoded::parse(bytes).into_owned().take(FIELDS_MAX).collect())
    }

    /// The first value of a field; empty if the field was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The first value of a field, if it was sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Encodes a query string of these fields, without the empty ones.
pub fn query(fields: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()));
    query.finish()
}

/// Returns `text` if it is a path of this site, else the front page. So a redirect to it never
/// leads to another site: by another host, a scheme, a back-slash that browsers read as a slash, or
/// a control character. Other characters than those of ASCII cannot stand in a header.
pub fn local_path(text: &str) -> &str {
    let plain = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && text.len() <= 16_384;
    if plain { text } else { "/" }
}

/// Like [`local_path`], but never a receipt's link, which must not become part of another address.
pub fn return_path(text: &str) -> &str {
    if text.starts_with("/r/") { "/" } else { local_path(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_fields() {
        let fields = Fields::parse("amount=8%2C88&note=a+b&note=c&empty=".as_bytes());
        assert_eq!(fields.text("amount"), "8,88");
        assert_eq!(fields.text("note"), "a b");
        assert_eq!(fields.get("missing"), None);
        assert_eq!(query(&[("a", "1 2"), ("b", ""), ("c", "好")]), "a=1+2&c=%E5%A5%BD");
    }

    #[test]
    fn ignores_fields_after_the_limit() {
        let many = "a&".repeat(100_000) + "note=b";
        let fields = Fields::parse(many.as_bytes());
        assert_eq!((fields.0.len(), fields.get("note")), (FIELDS_MAX, None));
    }

    #[test]
    fn leads_back_only_to_this_site() {
        assert_eq!(local_path("/a/x?y=1"), "/a/x?y=1");
        assert_eq!((local_path("/r/token"), return_path("/r/token")), ("/r/token", "/"));
        assert_eq!(return_path("/a/x?y=1"), "/a/x?y=1");
        for elsewhere in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "",
            "/a\n/b",
            "/雪",
            "/a b",
            "javascript:1",
        ] {
            assert_eq!(local_path(elsewhere), "/", "{elsewhere}");
        }
    }
}
