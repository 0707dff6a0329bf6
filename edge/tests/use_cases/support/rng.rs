//! Pseudo-random numbers that are the same in every run.

use std::cell::Cell;

use edge::entropy::Entropy;

/// A seeded generator (splitmix64).
#[derive(Clone)]
pub struct Rng(u64);

impl Rng {
    /// The generator with this seed.
    pub fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// Ids and tokens of a world: all different, and the same in every run.
pub struct CountingEntropy(Cell<u64>);

impl CountingEntropy {
    /// Starts the sequence.
    pub fn new() -> CountingEntropy {
        CountingEntropy(Cell::new(0))
    }
}

impl Entropy for CountingEntropy {
    fn bytes(&self) -> [u8; 16] {
        self.0.set(self.0.get() + 1);
        let mut rng = Rng::new(self.0.get());
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&rng.next().to_be_bytes());
        bytes[8..].copy_from_slice(&rng.next().to_be_bytes());
        bytes
    }
}
