//! Paths of pages, percent-encoded. Pages link to them and the Worker redirects to them.

use std::fmt::Write;

/// `/a/{slug}`
pub fn article(slug: &str) -> String {
    format!("/a/{}", encode(slug))
}

/// `/a/{slug}/praise`
pub fn praise(slug: &str) -> String {
    format!("/a/{}/praise", encode(slug))
}

/// `/a/{slug}?wall={cursor}#praise`: a later page of the wall
pub fn wall(slug: &str, cursor: &str) -> String {
    format!("/a/{}?wall={}#praise", encode(slug), encode(cursor))
}

/// `/@{handle}`
pub fn account(handle: &str) -> String {
    format!("/@{}", encode(handle))
}

/// `/i/{id}`
pub fn intent(id: &str) -> String {
    format!("/i/{}", encode(id))
}

/// `/i/{id}/cancel`
pub fn cancel_intent(id: &str) -> String {
    format!("/i/{}/cancel", encode(id))
}

/// `/me/praises/{id}`
pub fn my_praise(id: &str) -> String {
    format!("/me/praises/{}", encode(id))
}

/// `/r/{token}`: the signed link to a receipt
pub fn receipt(token: &str) -> String {
    format!("/r/{}", encode(token))
}

/// `/sign-in?return={path}`. The address of a receipt's link is left out: it opens the receipt, so it
/// must not be part of another address.
pub fn sign_in(return_to: &str) -> String {
    if return_to.starts_with("/r/") {
        return "/sign-in".to_owned();
    }
    format!("/sign-in?return={}", encode(return_to))
}

/// `/studio/praises/{id}`
pub fn studio_praise(id: &str) -> String {
    format!("/studio/praises/{}", encode(id))
}

/// `/studio/tokens/{id}/revoke`
pub fn revoke_token(id: &str) -> String {
    format!("/studio/tokens/{}/revoke", encode(id))
}

/// `/sandbox/cashier/{order}`
#[cfg(feature = "sandbox")]
pub fn cashier(order: &str) -> String {
    format!("/sandbox/cashier/{}", encode(order))
}

/// `{path}?cursor={cursor}`: the next page of a list
pub fn next_page(path: &str, cursor: &str) -> String {
    format!("{path}?cursor={}", encode(cursor))
}

/// Percent-encodes everything except the unreserved characters of RFC 3986. The result is always a
/// single path segment or a single query value.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            // Writing into a String cannot fail.
            _ => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_one_segment_or_value() {
        assert_eq!(article("雪"), "/a/%E9%9B%AA");
        assert_eq!(article("it-s_a.b~c"), "/a/it-s_a.b~c");
        assert_eq!(article("../a?b#c"), "/a/..%2Fa%3Fb%23c");
        assert_eq!(sign_in("/a/x?wall=1&y"), "/sign-in?return=%2Fa%2Fx%3Fwall%3D1%26y");
        assert_eq!(sign_in("/r/prs_1.key.signature"), "/sign-in");
    }
}
