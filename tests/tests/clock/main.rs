//! What happens as time goes by. The clock belongs to the whole sandbox and only goes forward, so
//! these tests run one after another and never assume what time it is.

mod expiry;
mod lists;
mod orders;
mod payouts;
mod receipt;
mod sessions;
mod undo_window;

use std::sync::{Mutex, MutexGuard, PoisonError};

use shared::money::Currency;
use tests::Site;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The site with the clock for oneself.
struct Clock {
    site: Site,
    // Last, so that the books are checked before the next test moves the clock.
    _turn: MutexGuard<'static, ()>,
}

impl Clock {
    fn take() -> Clock {
        // A test that failed has said so; the time it left behind is as good as any.
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        Clock { site: Site::open(), _turn: turn }
    }

    /// Goes to the next morning in Shanghai, where it is the same day as in UTC and stays so for
    /// hours: what a test says about a day is then not about midnight.
    fn next_morning(&self) {
        let tomorrow = self.site.now().day(Currency::Cny).plus(1).starts_at(Currency::Cny);
        self.site.advance_to(tomorrow.plus_minutes(10 * 60));
    }
}

impl std::ops::Deref for Clock {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

#[test]
fn the_clock_only_goes_forward() {
    let clock = Clock::take();
    let before = clock.now();
    clock.advance_to(before.plus_days(-1));
    assert!(clock.now() >= before);
    clock.advance_s(-3_600);
    assert!(clock.now() >= before);
    clock.advance_s(60);
    assert!(clock.now() >= before.plus_seconds(60));
    let nonsense = serde_json::json!({ "to": "tomorrow" });
    clock.call("POST", "/sandbox/api/clock").json(&nonsense).send().problem(422, "field.invalid");
}
