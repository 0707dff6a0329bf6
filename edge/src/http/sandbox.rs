//! The sandbox's routes: the cashier, the sign-in, and the control API, which adds people and
//! accounts, injects faults and moves the clock. Not part of a production build.

mod bills;
mod cashier;
pub mod clock;
mod control;
mod disputes;
mod fields;
mod seed;
pub mod sign_in;

use super::handler::{api, page};
use super::routes::Routes;

/// Adds the sandbox's addresses.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get_async("/sandbox/cashier/:order", page(cashier::show))
        .post_async("/sandbox/cashier/:order", page(cashier::act))
        .get_async("/sandbox/api/about", api(control::about))
        .post_async("/sandbox/api/seed", api(seed::seed))
        .get_async("/sandbox/api/self-check", api(control::self_check))
        .get_async("/sandbox/api/memory", api(control::memory))
        .get_async("/sandbox/api/clock", api(control::clock))
        .post_async("/sandbox/api/clock", api(control::advance))
        .post_async("/sandbox/api/faults", api(control::fault))
        .post_async("/sandbox/api/bills/faults", api(bills::fault))
        .post_async("/sandbox/api/bills/rows", api(bills::row))
        .post_async("/sandbox/api/people", api(control::person))
        .post_async("/sandbox/api/accounts", api(control::account))
        .get_async("/sandbox/api/orders/:order/message", api(control::message))
        .post_async("/sandbox/api/orders/:order/dispute", api(disputes::open))
        .post_async("/sandbox/api/disputes/:number/decide", api(disputes::decide))
        .post_async("/sandbox/api/payouts/:number", api(control::receipt))
        .get_async("/sandbox/api/jobs", api(control::jobs))
        .post_async("/sandbox/api/jobs", api(control::run_jobs))
}
