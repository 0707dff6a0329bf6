//! Races against a live Worker and its database: whatever the order, the totals are exact. Each
//! race is about one row that all requests want to change.

mod caps;
mod disputes;
mod due;
mod messages;
mod starts;

use std::ops::Deref;
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;

use tests::Site;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The site, for exclusive use: each race uses the whole machine, and some move the shared clock.
struct Alone {
    site: Site,
    // Dropped last, so that the self-check runs before the next race begins.
    _turn: MutexGuard<'static, ()>,
}

impl Alone {
    fn new() -> Alone {
        // A failed race has reported its error.
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        Alone { site: Site::open(), _turn: turn }
    }
}

impl Deref for Alone {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

/// Runs `deed` in as many threads, which wait for each other before they begin. Returns the results
/// in order.
fn at_once<T: Send>(count: usize, deed: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(count);
    thread::scope(|scope| {
        let (start, deed) = (&start, &deed);
        let run = |number| {
            scope.spawn(move || {
                start.wait();
                deed(number)
            })
        };
        let running: Vec<_> = (0..count).map(run).collect();
        running.into_iter().map(|one| one.join().expect("it has a result")).collect()
    })
}

/// Runs all of it with a few threads, as fast as the Worker answers.
fn in_lanes(lanes: usize, count: usize, deed: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for lane in 0..lanes {
            let deed = &deed;
            scope.spawn(move || (lane..count).step_by(lanes).for_each(deed));
        }
    });
}
