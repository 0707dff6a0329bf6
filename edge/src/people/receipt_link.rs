//! The signed link to a receipt, a guest's only way back to a praise. The holder of the link may do
//! with that one praise what its reader may do, except show it to more people, and nothing else. The
//! money can only go back to where it came from.
//!
//! A link contains the id of the key that signed it. So the key can be rotated: links of the previous
//! key stay valid until a set date.
//!
//! The same key signs the fields of a form that go through the sign-in and back.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shared::calendar::Moment;
use shared::id;

use crate::digest::sha256_start;

/// Digits of the id of a key: enough to tell two keys apart, and not enough to find one.
const KEY_ID_DIGITS: usize = 6;

/// The fewest characters of a new key: 32 random bytes in base64.
const KEY_MIN_CHARS: usize = 43;
/// The key in `wrangler.toml`, which only a sandbox accepts, because everybody knows it.
const SANDBOX_KEY: &str = "this key is only for the sandbox and is published in its repository";

/// Signs links with the deployment's secret `RECEIPT_KEY`.
pub struct Signer {
    current: Key,
    /// The previous key, and the time until which its links are valid.
    previous: Option<(Key, Moment)>,
}

struct Key {
    id: String,
    mac: Hmac<Sha256>,
}

impl Key {
    fn new(key: &str) -> Option<Key> {
        let is_sandbox_key = key == SANDBOX_KEY && !cfg!(feature = "sandbox");
        if key.is_empty() || is_sandbox_key {
            return None;
        }
        // HMAC takes a key of any length.
        let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
        let id = sha256_start(format!("receipt-key|{key}"), KEY_ID_DIGITS);
        Some(Key { id, mac })
    }

    /// A signature of `text`. Signatures for one purpose are not valid for another.
    fn signature(&self, purpose: &str, text: &str) -> String {
        let mut mac = self.mac.clone();
        mac.update(purpose.as_bytes());
        mac.update(text.as_bytes());
        let hash: [u8; 32] = mac.finalize().into_bytes().into();
        // The first half: 128 bits cannot be guessed.
        id::base32(*hash.first_chunk().unwrap_or(&[0; 16]))
    }

    fn token(&self, praise_id: &str) -> String {
        format!("{praise_id}.{}.{}", self.id, self.signature("receipt|", praise_id))
    }
}

impl Signer {
    /// Creates a signer. `None` for a key under 43 characters (32 random bytes in base64), and for the
    /// sandbox's key outside a sandbox: the deployment then has no receipt links.
    pub fn new(key: &str) -> Option<Signer> {
        let current = Key::new(key).filter(|_| key.len() >= KEY_MIN_CHARS)?;
        Some(Signer { current, previous: None })
    }

    /// Accepts the links of the previous key, too. `secret` is the end date in RFC 3339, a space and
    /// the key: `2027-03-01T00:00:00Z the-key`. It may be shorter than a new key. A secret of another
    /// form is ignored.
    pub fn with_previous(mut self, secret: &str) -> Signer {
        self.previous = secret
            .split_once(' ')
            .and_then(|(until, key)| Some((Key::new(key)?, Moment::from_rfc3339(until)?)));
        self
    }

    /// The last path segment of the link to a praise's receipt: the praise's id, the id of the key
    /// and a signature.
    pub fn token(&self, praise_id: &str) -> String {
        self.current.token(praise_id)
    }

    /// Signs the values of a form for one browser, which is known by a random value in its cookie.
    pub fn form_signature(&self, browser: &str, values: &[&str]) -> String {
        let text: String = std::iter::once(&browser)
            .chain(values)
            .map(|value| format!("{}:{value}|", value.len()))
            .collect();
        self.current.signature("form|", &text)
    }

    /// Whether this is the signature of these values for this browser.
    pub fn is_form_signature(&self, signature: &str, browser: &str, values: &[&str]) -> bool {
        let ours = self.form_signature(browser, values);
        bool::from(subtle::ConstantTimeEq::ct_eq(ours.as_bytes(), signature.as_bytes()))
    }

    /// The praise that a segment gives access to, if the signature is valid and its key is accepted
    /// at `now`.
    pub fn praise_id<'a>(&self, token: &'a str, now: Moment) -> Option<&'a str> {
        let (signed, _) = token.rsplit_once('.')?;
        let (praise_id, key_id) = signed.rsplit_once('.')?;
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until);
        let mut keys = std::iter::once(&self.current).chain(previous.map(|(key, _)| key));
        let ours = keys.find(|key| key.id == key_id)?.token(praise_id);
        // Compared in constant time, so that timing does not tell how much of a guess was right.
        let same = subtle::ConstantTimeEq::ct_eq(ours.as_bytes(), token.as_bytes());
        bool::from(same).then_some(praise_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_ms(0);

    #[test]
    fn opens_what_it_signed_and_nothing_else() {
        let signer = Signer::new(&"a key".repeat(9)).unwrap();
        let token = signer.token("prs_1");
        assert_eq!(signer.praise_id(&token, NOW), Some("prs_1"));
        for (place, byte) in token.bytes().enumerate() {
            let mut altered = token.clone().into_bytes();
            altered[place] = if byte == b'0' { b'1' } else { b'0' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(signer.praise_id(&altered, NOW), None, "{altered}");
        }
        for other in ["", ".", "..", "prs_1", "prs_1.", "prs_1..", &token[..token.len() - 1]] {
            assert_eq!(signer.praise_id(other, NOW), None, "{other}");
        }
        assert_eq!(signer.praise_id(&format!("{token}0"), NOW), None);
        let other = Signer::new(&"another key".repeat(4)).unwrap();
        assert_eq!(other.praise_id(&token, NOW), None);
    }

    #[test]
    fn a_form_is_signed_for_one_browser_with_every_value() {
        let signer = Signer::new(&"a key".repeat(9)).unwrap();
        let signature = signer.form_signature("browser", &["tea", "5", "note"]);
        assert!(signer.is_form_signature(&signature, "browser", &["tea", "5", "note"]));
        let moved: [(&str, &[&str]); 5] = [
            ("other", &["tea", "5", "note"]),
            ("browser", &["tea", "6", "note"]),
            ("browser", &["tea", "5note", ""]),
            ("browser", &["tea", "5", "note", ""]),
            ("browsert", &["ea", "5", "note"]),
        ];
        for (browser, values) in moved {
            assert!(!signer.is_form_signature(&signature, browser, values), "{browser} {values:?}");
        }
        assert!(!signer.is_form_signature("", "browser", &["tea", "5", "note"]));
    }

    #[test]
    fn a_short_key_is_refused_and_the_sandbox_key_outside_a_sandbox() {
        for short in ["", "a key", &"k".repeat(42)] {
            assert!(Signer::new(short).is_none(), "{short}");
        }
        assert_eq!(Signer::new(SANDBOX_KEY).is_some(), cfg!(feature = "sandbox"));
        let config = include_str!("../../../wrangler.toml");
        assert!(config.contains(&format!("RECEIPT_KEY = \"{SANDBOX_KEY}\"")));
    }

    #[test]
    fn the_links_of_the_previous_key_are_valid_until_its_end() {
        let old_key = "the old key ".repeat(4);
        let old = Signer::new(&old_key).unwrap().token("prs_1");
        let rotated = || Signer::new(&"the new key ".repeat(4)).unwrap();
        let signer = rotated().with_previous(&format!("1970-01-02T00:00:00Z {old_key}"));
        let end = Moment::from_rfc3339("1970-01-02T00:00:00Z").unwrap();
        let before = Moment::from_ms(end.ms() - 1);
        assert_eq!(signer.praise_id(&old, before), Some("prs_1"));
        assert_eq!(signer.praise_id(&old, end), None);
        // New links are signed by the new key, and outlive the old one.
        let new = signer.token("prs_1");
        assert_ne!(new, old);
        assert_eq!(signer.praise_id(&new, end), Some("prs_1"));
        let tomorrow = format!("tomorrow {old_key}");
        for broken in ["", &old_key, &tomorrow, "1970-01-02T00:00:00Z "] {
            assert_eq!(rotated().with_previous(broken).praise_id(&old, before), None, "{broken}");
        }
    }
}
