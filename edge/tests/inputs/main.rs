//! Fuzz tests for every parser of untrusted input: valid inputs, valid inputs with a few changes,
//! and noise. No parser may panic or hang, each must accept what is valid and reject what is not,
//! and where two notations mean the same, an independently written oracle must agree.
//!
//! `INPUTS=1000000` sets the number of inputs for each parser; `cargo xtask fuzz` runs that many in
//! an optimised build. The seed is fixed unless `SEED` is set, so that failures are reproducible.

mod amount;
mod bill;
mod browser_report;
mod cursor;
mod front_matter;
mod json_bodies;
mod key;
mod markdown;
mod notification;
mod receipt_link;
#[path = "../use_cases/support/rng.rs"]
#[allow(dead_code, reason = "shared with the use cases, which need more of it")]
mod rng;
mod text;

use std::time::{Duration, Instant};

use rng::Rng;

/// The default number of inputs for each parser.
const INPUTS: u64 = 20_000;
/// The longest time that a single input may take, on the slowest machine.
const LONGEST: Duration = Duration::from_secs(5);

/// Runs a parser's test. `feed` makes one input, checks everything about it, and returns whether it
/// was accepted. Some inputs must be accepted and some rejected, otherwise the test proves nothing.
fn feed(name: &str, mut feed: impl FnMut(&mut Rng) -> bool) {
    let number = |name, default| {
        std::env::var(name).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let (inputs, seed) = (number("INPUTS", INPUTS), number("SEED", 1));
    let mut rng = Rng::new(seed);
    let started = Instant::now();
    let mut accepted = 0;
    for i in 1..=inputs {
        let before = Instant::now();
        accepted += u64::from(feed(&mut rng));
        assert!(before.elapsed() < LONGEST, "{name}: input {i} of seed {seed} took too long");
        if i % (inputs / 10).max(1) == 0 {
            let elapsed = started.elapsed().as_millis().max(1);
            let rate = u128::from(i) * 1000 / elapsed;
            println!("inputs {name} {i} of {inputs}, {rate} a second");
        }
    }
    let elapsed = started.elapsed().as_millis();
    println!("inputs-done {name} {inputs} {accepted} {elapsed}");
    assert!(accepted > 0 && accepted < inputs, "{name}: {accepted} of {inputs} accepted");
}
