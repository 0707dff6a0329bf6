//! Races against a live Worker and its database: whatever the order, the totals are exact. Each
//! race is about one row that all requests want to change.

mod caps;
mod dispute_at_due_time;
mod freeze_at_due_time;
mod messages;
mod starts;

use std::ops::Deref;
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;

use tests::Site;

/// Returns `long` under `cargo xtask test --long`, because rare orders of events need more rounds,
/// otherwise `usual`.
fn rounds(usual: usize, long: usize) -> usize {
    if std::env::var_os("PRAISE_LONG").is_some() { long } else { usual }
}

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The site, for exclusive use: each race uses the whole machine, and some move the shared clock.
struct ExclusiveSite {
    site: Site,
    // Dropped last, so that the self-check runs before the next race begins.
    _turn: MutexGuard<'static, ()>,
}

impl ExclusiveSite {
    fn new() -> ExclusiveSite {
        // A failed race has reported its error.
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        ExclusiveSite { site: Site::open(), _turn: turn }
    }
}

impl Deref for ExclusiveSite {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

/// Runs `action` in `count` threads, which wait for each other before they begin. Returns the
/// results in order.
fn at_once<T: Send>(count: usize, action: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(count);
    thread::scope(|scope| {
        let (start, action) = (&start, &action);
        let run = |number| {
            scope.spawn(move || {
                start.wait();
                action(number)
            })
        };
        let running: Vec<_> = (0..count).map(run).collect();
        running.into_iter().map(|one| one.join().expect("it has a result")).collect()
    })
}

/// Runs `action` `count` times in a few threads, as fast as the Worker answers.
fn in_threads(threads: usize, count: usize, action: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for lane in 0..threads {
            let action = &action;
            scope.spawn(move || (lane..count).step_by(threads).for_each(action));
        }
    });
}
