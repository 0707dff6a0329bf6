//! Each page has one canonical address. Harmless variants redirect to it: a trailing slash, upper case,
//! full-width or decomposed letters, punctuation copied from the sentence around a link.

use percent_encoding::percent_decode_str;
use shared::slug::{Handle, Slug};
use shared::text::nfkc;

/// The pages whose addresses consist of fixed words.
const FIXED: [&[&str]; 5] =
    [&["me"], &["me", "limits"], &["sign-in"], &["studio"], &["studio", "tokens"]];

/// Returns the path to redirect to, percent-encoded; `None` if the path is canonical, or unknown and
/// without surplus slashes. `path` is as sent, without the query.
pub fn redirect(path: &str) -> Option<String> {
    let decoded: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| percent_decode_str(segment).decode_utf8().ok().map(|it| it.into_owned()))
        .collect::<Option<_>>()?;
    let words: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let canonical = match words.as_slice() {
        [name] if nfkc(name).starts_with('@') => {
            let handle = nfkc(name);
            app::address::account(Handle::recover(handle.strip_prefix('@')?)?.as_str())
        }
        [start, slug] if is_word(start, "a") => {
            app::address::article(Slug::from_title(slug)?.as_str())
        }
        [start, slug, end] if is_word(start, "a") && is_word(end, "praise") => {
            app::address::praise(Slug::from_title(slug)?.as_str())
        }
        words if !words.is_empty() => {
            let known = FIXED.iter().find(|known| {
                known.len() == words.len()
                    && known.iter().zip(words).all(|(known, word)| is_word(word, known))
            });
            match known {
                Some(known) => format!("/{}", known.join("/")),
                // Ids have one form, so only slashes are known to be superfluous.
                None if path.ends_with('/') || path.contains("//") => {
                    words.iter().map(|word| format!("/{}", app::address::encode(word))).collect()
                }
                None => return None,
            }
        }
        _ => return None,
    };
    (canonical != path && !canonical.starts_with("//") && canonical.starts_with('/'))
        .then_some(canonical)
}

/// Whether a word of an address is this one, apart from case, width and punctuation behind it.
fn is_word(typed: &str, word: &str) -> bool {
    let typed = nfkc(typed).to_lowercase();
    typed.trim_end_matches(|c: char| !c.is_alphanumeric()) == word
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::redirect;

    #[test]
    fn changed_addresses_lead_to_the_canonical_one() {
        let cafe = "/a/caf%C3%A9-r%C3%A9sum%C3%A9";
        for (changed, canonical) in [
            ("/a/the-22-47/", "/a/the-22-47"),
            ("/a/The-22-47", "/a/the-22-47"),
            ("/A/the-22-47", "/a/the-22-47"),
            ("/a/the-22-47%E3%80%82", "/a/the-22-47"),
            ("/a/the-22-47)", "/a/the-22-47"),
            ("/a//the-22-47", "/a/the-22-47"),
            ("//a/the-22-47", "/a/the-22-47"),
            ("/a/%EF%BD%94he-22-47", "/a/the-22-47"),
            ("/a/cafe%CC%81-re%CC%81sume%CC%81", cafe),
            ("/a/CAF%C3%89-R%C3%89SUM%C3%89", cafe),
            ("/a/the-22-47/praise/", "/a/the-22-47/praise"),
            ("/a/The-22-47/praise", "/a/the-22-47/praise"),
            ("/@night-trains/", "/@night-trains"),
            ("/@Night-Trains", "/@night-trains"),
            ("/%40night-trains", "/@night-trains"),
            ("/%EF%BC%A0night-trains", "/@night-trains"),
            ("/@night-trains%EF%BC%8C", "/@night-trains"),
            ("/a/the%2D22-47", "/a/the-22-47"),
            ("/a/%e9%9b%aa", "/a/%E9%9B%AA"),
            ("/%6De", "/me"),
            ("/me/", "/me"),
            ("/ME", "/me"),
            ("/Studio/tokens/", "/studio/tokens"),
            ("/sign-in.", "/sign-in"),
            ("/i/int_1/", "/i/int_1"),
        ] {
            assert_eq!(redirect(changed).as_deref(), Some(canonical), "{changed}");
        }
    }

    #[test]
    fn canonical_and_unknown_addresses_stay() {
        for path in [
            "/",
            "/a/the-22-47",
            "/a/%E5%AD%94%E4%B9%99%E5%B7%B1",
            "/a/caf%C3%A9-r%C3%A9sum%C3%A9",
            "/@night-trains",
            "/me",
            "/sign-in",
            "/a/%FF",
            "/a/%E3%80%82",
            "/@%E6%9E%97",
            "/nowhere",
            "/i/INT_1",
            "/r/ABC.def",
        ] {
            assert_eq!(redirect(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn a_redirect_stays_here_and_does_not_go_on(path in "/([a@%/.A-Z0-9雪。ａ-]|%40|%2F|%5C|//){0,12}") {
            if let Some(canonical) = redirect(&path) {
                prop_assert!(canonical.starts_with('/') && !canonical.starts_with("//"));
                prop_assert!(canonical.is_ascii(), "{}", canonical);
                prop_assert_eq!(redirect(&canonical), None);
            }
        }
    }
}
