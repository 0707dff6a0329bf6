//! What happens as time passes. The clock is shared by the whole sandbox and only moves forward, so
//! these tests run one after another and never assume the current time.

mod attempt_expiry;
mod bills;
mod pagination;
mod payment_messages;
mod payouts;
mod raised_caps;
mod receipt_actions;
mod session_expiry;
mod undo_window;

use std::sync::{Mutex, MutexGuard, PoisonError};

use shared::money::Currency;
use tests::Site;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The site, with exclusive use of the clock.
struct Clock {
    site: Site,
    // Dropped last, so that the self-check runs before the next test moves the clock.
    _turn: MutexGuard<'static, ()>,
}

impl Clock {
    fn take() -> Clock {
        // A failed test has reported its error, and any current time is fine for the next one.
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        Clock { site: Site::open(), _turn: turn }
    }

    /// Goes to the next morning in Shanghai, when it is the same day as in UTC for some hours, so
    /// that a test about a day does not run across midnight.
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
