//! Every reader of what comes from outside, with many inputs: valid ones, valid ones with a few
//! things changed, and noise. None may panic or hang, each must read what is right and refuse what
//! is not, and where two ways of saying the same exist, an oracle written another way must agree.
//!
//! `INPUTS=1000000` asks for that many of each; `cargo xtask fuzz` does, in an optimised build. The
//! seed is fixed unless `SEED` says otherwise, so that what failed fails again.

mod amount;
mod bill;
#[path = "../use_cases/world/chance.rs"]
#[allow(dead_code, reason = "shared with the use cases, which need more of it")]
mod chance;
mod cursor;
mod key;
mod notification;
mod text;

use std::time::{Duration, Instant};

use chance::Chance;

/// Inputs of each reader where nothing else is asked for.
const INPUTS: u64 = 20_000;
/// No single input may take longer, on the slowest machine.
const LONGEST: Duration = Duration::from_secs(5);

/// Feeds a reader. `feed` makes one input, checks everything about it, and says whether it was
/// accepted. Some must be and some must not, otherwise the inputs are worth nothing.
fn feed(name: &str, mut feed: impl FnMut(&mut Chance) -> bool) {
    let number = |name, default| {
        std::env::var(name).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let (inputs, seed) = (number("INPUTS", INPUTS), number("SEED", 1));
    let mut chance = Chance::new(seed);
    let started = Instant::now();
    let mut accepted = 0;
    for i in 1..=inputs {
        let before = Instant::now();
        accepted += u64::from(feed(&mut chance));
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
