//! The signed link to a receipt, which is all that a guest can come back with. The holder of the link
//! may do what the reader may do with that one praise, and nothing else. None of it can move the money
//! anywhere but back to where it came from.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shared::id;

/// Bytes of a signature: 128 bits cannot be guessed.
const SIGNATURE_BYTES: usize = 16;

/// Signs links, with the deployment's secret `RECEIPT_KEY`.
pub struct Signer(Hmac<Sha256>);

impl Signer {
    /// Creates a signer. `None` if the key is empty: the deployment then has no receipt links.
    pub fn new(key: &str) -> Option<Signer> {
        // HMAC takes a key of any length.
        let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
        (!key.is_empty()).then_some(Signer(mac))
    }

    /// The last path segment of the link to a praise's receipt: the praise's id and a signature.
    pub fn token(&self, praise_id: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(b"receipt|");
        mac.update(praise_id.as_bytes());
        let mut signature = [0; SIGNATURE_BYTES];
        signature.copy_from_slice(&mac.finalize().into_bytes()[..SIGNATURE_BYTES]);
        format!("{praise_id}.{}", id::base32(signature))
    }

    /// The praise that a segment gives access to, if the signature is valid.
    pub fn praise_id<'a>(&self, token: &'a str) -> Option<&'a str> {
        let (praise_id, _) = token.rsplit_once('.')?;
        let ours = self.token(praise_id);
        // Compared in constant time, so that timing does not tell how much of a guess was right.
        let same = subtle::ConstantTimeEq::ct_eq(ours.as_bytes(), token.as_bytes());
        bool::from(same).then_some(praise_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_it_signed_and_nothing_else() {
        let signer = Signer::new("a key").unwrap();
        let token = signer.token("prs_1");
        assert_eq!(signer.praise_id(&token), Some("prs_1"));
        for (place, byte) in token.bytes().enumerate() {
            let mut altered = token.clone().into_bytes();
            altered[place] = if byte == b'0' { b'1' } else { b'0' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(signer.praise_id(&altered), None, "{altered}");
        }
        for other in ["", ".", "prs_1", "prs_1.", &token[..token.len() - 1], &format!("{token}0")] {
            assert_eq!(signer.praise_id(other), None, "{other}");
        }
        assert_eq!(Signer::new("another key").unwrap().praise_id(&token), None);
        assert!(Signer::new("").is_none());
    }
}
