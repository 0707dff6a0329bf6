//! Shrinks a failing history: removes stretches, then single steps, then single requests, then
//! faults, as long as the same check still fails.

use super::model::Wrong;
use super::play::Play;
use super::run::guarded;
use super::step::{Event, Step};

/// The maximum number of histories to try.
const TRIES: usize = 3000;

/// Plays a history to its end or to the first violation.
pub fn play(seed: u64, steps: &[Step]) -> Result<Play, Wrong> {
    let mut play = Play::new(seed, None);
    for step in steps {
        play.step(step)?;
    }
    play.end()?;
    Ok(play)
}

/// Finds a short history that fails the same check.
pub fn shrink(seed: u64, mut steps: Vec<Step>, wrong: &Wrong) -> Vec<Step> {
    let mut tries = 0;
    let mut fails = |steps: &[Step]| {
        tries += 1;
        tries <= TRIES
            && guarded(|| play(seed, steps).map(drop))
                .is_err_and(|found| found.check == wrong.check)
    };
    let mut chunk = steps.len().div_ceil(2);
    while chunk > 0 {
        let mut at = 0;
        while at < steps.len() {
            let end = (at + chunk).min(steps.len());
            let without = [&steps[..at], &steps[end..]].concat();
            if fails(&without) {
                steps = without;
            } else {
                at = end;
            }
        }
        chunk /= 2;
    }
    for place in 0..steps.len() {
        while let Event::Requests(deeds) = &steps[place].event
            && deeds.len() > 1
        {
            let fewer = (0..deeds.len()).map(|left_out| {
                let mut deeds = deeds.clone();
                deeds.remove(left_out);
                let mut steps = steps.clone();
                steps[place].event = Event::Requests(deeds);
                steps
            });
            match fewer.into_iter().find(|fewer| fails(fewer)) {
                Some(fewer) => steps = fewer,
                None => break,
            }
        }
        if !steps[place].calm {
            steps[place].calm = true;
            if !fails(&steps) {
                steps[place].calm = false;
            }
        }
    }
    steps
}
