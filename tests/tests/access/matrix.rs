//! The access matrix: a route, how to request it, and the expected status for each role.

mod api;
mod operator;
mod pages;

use tests::Call;

use crate::Fixture;
use api::API;
use operator::OPERATOR;
use pages::PAGES;

/// A route as the router names it.
pub struct Row {
    /// The method.
    pub method: &'static str,
    /// The pattern. `:slug` and `:handle` are the first writer's; `:id` and `:order` are the
    /// reader's own, or the first writer's token, or an invitation; `:code` is that of a problem.
    pub path: &'static str,
    /// Adds what a well-formed request to this route contains.
    pub with: for<'a> fn(Call<'a>, &Fixture) -> Call<'a>,
    /// For anonymous, the reader, another reader, the writer, another writer.
    pub expected: [u16; 5],
}

impl Row {
    /// The expected status of each role. A guest has the rights of another reader, and somebody whose
    /// session has expired those of nobody.
    pub fn for_each_role(&self, operator: u16) -> [u16; 8] {
        let [anonymous, reader, other, writer, other_writer] = self.expected;
        [anonymous, reader, other, writer, other_writer, other, anonymous, operator]
    }
}

const fn get(path: &'static str, expected: [u16; 5]) -> Row {
    Row { method: "GET", path, with: |call, _| call, expected }
}

const ALL: [u16; 5] = [200; 5];
/// A personal page: without a sign-in it leads to the sign-in page.
const PAGE: [u16; 5] = [303, 200, 200, 200, 200];
/// A personal answer.
const OWN: [u16; 5] = [401, 200, 200, 200, 200];

/// Every row with the status for an operator, who has no more rights than another reader except on
/// the operator routes. They are requested in this order.
pub fn rows() -> impl Iterator<Item = (&'static Row, u16)> {
    let everybody = API.iter().chain(PAGES).map(|row| (row, row.expected[2]));
    everybody.chain(OPERATOR.iter().map(|(row, status)| (row, *status)))
}

/// Routes of the sandbox's control API. They are open to everybody who runs the sandbox, and every
/// test uses them.
pub const CONTROL: &[(&str, &str)] = &[
    ("GET", "/sandbox/api/about"),
    ("POST", "/sandbox/api/seed"),
    ("GET", "/sandbox/api/self-check"),
    ("GET", "/sandbox/api/memory"),
    ("GET", "/sandbox/api/clock"),
    ("POST", "/sandbox/api/clock"),
    ("POST", "/sandbox/api/faults"),
    ("POST", "/sandbox/api/people"),
    ("POST", "/sandbox/api/accounts"),
    ("GET", "/sandbox/api/orders/:order/message"),
    ("POST", "/sandbox/api/orders/:order/dispute"),
    ("POST", "/sandbox/api/bills/faults"),
    ("POST", "/sandbox/api/bills/rows"),
    ("POST", "/sandbox/api/disputes/:number/decide"),
    ("POST", "/sandbox/api/payouts/:number"),
    ("GET", "/sandbox/api/jobs"),
    ("POST", "/sandbox/api/jobs"),
];
