//! SHA-256 as text, for values that are only looked up or compared by their digest.

use sha2::{Digest, Sha256};

/// The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

/// The first digits of the SHA-256 of a text.
pub(crate) fn sha256_start(bytes: impl AsRef<[u8]>, digits: usize) -> String {
    let mut digest = sha256(bytes);
    digest.truncate(digits);
    digest
}

/// The SHA-256 of several texts, each with its length, so that no text can pass for a part of
/// another.
pub(crate) fn sha256_of_texts(texts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    }
    hex(&digest.finalize())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
