//! Randomness as an argument: use cases never draw a number themselves.

/// A source of random bytes: the platform's in the Worker, a seed in tests.
pub trait Entropy {
    /// 16 bytes nobody can guess.
    fn bytes(&self) -> [u8; 16];
}
