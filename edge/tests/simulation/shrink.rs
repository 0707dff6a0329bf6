//! Shrinks a failing history: removes stretches, then single steps, then single requests, then
//! faults, as long as the same check still fails.

use super::model::Violation;
use super::runner::guarded;
use super::simulation::Simulation;
use super::step::{Event, Step};

/// The maximum number of histories to try.
const TRIES: usize = 3000;

/// Plays a history to its end or to the first violation.
pub fn play(seed: u64, steps: &[Step]) -> Result<Simulation, Violation> {
    let mut play = Simulation::new(seed, None);
    for step in steps {
        play.step(step)?;
    }
    play.end()?;
    Ok(play)
}

/// Finds a short history that fails the same check.
pub fn shrink(seed: u64, mut steps: Vec<Step>, violation: &Violation) -> Vec<Step> {
    let mut tries = 0;
    let mut fails = |steps: &[Step]| {
        tries += 1;
        tries <= TRIES
            && guarded(|| play(seed, steps).map(drop))
                .is_err_and(|found| found.check == violation.check)
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
        while let Event::Requests(actions) = &steps[place].event
            && actions.len() > 1
        {
            let fewer = (0..actions.len()).map(|left_out| {
                let mut actions = actions.clone();
                actions.remove(left_out);
                let mut steps = steps.clone();
                steps[place].event = Event::Requests(actions);
                steps
            });
            match fewer.into_iter().find(|fewer| fails(fewer)) {
                Some(fewer) => steps = fewer,
                None => break,
            }
        }
        if !steps[place].fault_free {
            steps[place].fault_free = true;
            if !fails(&steps) {
                steps[place].fault_free = false;
            }
        }
    }
    steps
}
