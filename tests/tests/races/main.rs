//! Many at once, against a live Worker and its database: whatever the order, the numbers come out
//! exactly. Each of these races is about one row that all of them want.

mod caps;
mod disputes;
mod due;
mod messages;
mod starts;

use std::ops::Deref;
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;

use tests::Site;

/// The first number, or the second under `cargo xtask test --long`: rare orders of events need more
/// rounds, for changes to what is raced for.
fn rounds(usual: usize, long: usize) -> usize {
    if std::env::var_os("PRAISE_LONG").is_some() { long } else { usual }
}

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The site for oneself: each race uses all there is, and some move the clock, which is everybody's.
struct Alone {
    site: Site,
    // Last, so that the books are checked before the next race begins.
    _turn: MutexGuard<'static, ()>,
}

impl Alone {
    fn new() -> Alone {
        // A race that failed has said so.
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

/// Does all of it at once, from as many threads, which wait for each other before they begin.
/// Returns what came of each, in order.
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
        running.into_iter().map(|one| one.join().expect("it came to something")).collect()
    })
}

/// Does all of it with a few threads, as fast as the Worker answers.
fn in_lanes(lanes: usize, count: usize, deed: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for lane in 0..lanes {
            let deed = &deed;
            scope.spawn(move || (lane..count).step_by(lanes).for_each(deed));
        }
    });
}
