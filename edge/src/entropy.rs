//! Randomness as an argument, so that tests are deterministic.

/// A source of random bytes: the platform's in the Worker, a seed in tests.
pub trait Entropy {
    /// Returns 16 random bytes; in the Worker they are cryptographically secure.
    fn bytes(&self) -> [u8; 16];
}
