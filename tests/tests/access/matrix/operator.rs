//! The operator routes.

use serde_json::json;
use tests::{Call, unique};

use super::{Row, get};
use crate::Fixture;

/// Hidden from everybody but operators.
const HIDDEN: [u16; 5] = [401, 404, 404, 404, 404];

/// A row of an operator route.
const fn hidden(
    method: &'static str,
    path: &'static str,
    with: for<'a> fn(Call<'a>, &Fixture) -> Call<'a>,
) -> Row {
    Row { method, path, with, expected: HIDDEN }
}

/// The operator routes, with the status for an operator. They are hidden from everybody else.
pub const OPERATOR: &[(Row, u16)] = &[
    (get("/api/v1/operator/audit", HIDDEN), 200),
    (get("/api/v1/operator/tasks", HIDDEN), 200),
    (
        hidden("POST", "/api/v1/operator/tasks/close", |call, _| {
            let subject = "there is no such task";
            let body = json!({ "kind": "contradicted", "subject_id": subject, "reason": "seen" });
            call.json(&body)
        }),
        404,
    ),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/accounts/:handle/write-off",
            with: |call, _| call,
            expected: HIDDEN,
        },
        // The writer has no debt.
        409,
    ),
    (get("/api/v1/operator/reconciliation", HIDDEN), 200),
    (get("/api/v1/operator/differences", HIDDEN), 200),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/differences/:id/explanations",
            with: |call, _| {
                let reason = "there is no such difference";
                call.json(&json!({ "posting": "operator_loss", "reason": reason }))
            },
            expected: HIDDEN,
        },
        404,
    ),
    (
        hidden("POST", "/api/v1/operator/explanations/:id/approve", |call, _| {
            call.json(&json!({ "shown_hash": "nothing" }))
        }),
        404,
    ),
    (hidden("DELETE", "/api/v1/operator/explanations/:id", |call, _| call), 404),
    (get("/api/v1/operator/funds", HIDDEN), 200),
    (
        hidden("POST", "/api/v1/operator/funds/:id/approve", |call, _| {
            call.json(&json!({ "shown_hash": "nothing" }))
        }),
        404,
    ),
    (hidden("DELETE", "/api/v1/operator/funds/:id", |call, _| call), 404),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/funds",
            with: |call, _| {
                let amount = json!({ "minor": 100, "currency": "CNY" });
                let reason = "for the fees";
                let funds =
                    json!({ "amount": amount, "reference": unique::key(), "reason": reason });
                call.json(&funds)
            },
            expected: HIDDEN,
        },
        201,
    ),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/praises/:id/return",
            with: |call, _| call,
            expected: HIDDEN,
        },
        200,
    ),
    (get("/api/v1/operator/suspense", HIDDEN), 200),
    (
        Row {
            method: "POST",
            // There is no such case. Only an operator gets far enough to be told so, because the
            // body is read first.
            path: "/api/v1/operator/suspense/:id/resolve",
            with: |call, _| call.json(&json!({ "resolution": "return" })),
            expected: HIDDEN,
        },
        404,
    ),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/refunds/:id/retry",
            with: |call, _| call,
            expected: HIDDEN,
        },
        404,
    ),
    (
        hidden("POST", "/api/v1/operator/refunds/:id/close", |call, _| {
            call.json(&json!({ "reason": "the bank has given it back" }))
        }),
        404,
    ),
    (get("/api/v1/operator/policy", HIDDEN), 200),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/policy",
            // A moment in the past: only an operator gets far enough to be told so.
            with: |call, _| {
                let from = "2015-08-13T00:00:00Z";
                call.json(&json!({ "currency": "CNY", "effective_from": from, "change": {} }))
            },
            expected: HIDDEN,
        },
        422,
    ),
    (get("/api/v1/operator/policy/raises", HIDDEN), 200),
    (
        hidden("POST", "/api/v1/operator/policy/raises/:id/approve", |call, _| {
            call.json(&json!({ "shown_hash": "nothing" }))
        }),
        404,
    ),
    (hidden("DELETE", "/api/v1/operator/policy/raises/:id", |call, _| call), 404),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/policy/raises",
            // Without a reason: only an operator gets far enough to be told so.
            with: |call, _| {
                let not_before = "2015-08-13T00:00:00Z";
                call.json(&json!({ "currency": "CNY", "not_before": not_before, "change": {} }))
            },
            expected: HIDDEN,
        },
        422,
    ),
    (get("/api/v1/operator/invitations", HIDDEN), 200),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/invitations",
            with: |call, _| call.json(&json!({ "note": "by whom" })),
            expected: HIDDEN,
        },
        201,
    ),
    (
        Row {
            method: "DELETE",
            path: "/api/v1/operator/invitations/:id",
            with: |call, _| call,
            expected: HIDDEN,
        },
        204,
    ),
    // Without a reason, because a valid stop would prevent all other tests from starting praises.
    (hidden("PUT", "/api/v1/operator/stop", |call, _| call.json(&json!({}))), 422),
    (hidden("DELETE", "/api/v1/operator/stop", |call, _| call), 204),
    (hidden("PUT", "/api/v1/operator/accounts/:handle", |call, _| call.json(&json!({}))), 200),
    (
        hidden("POST", "/api/v1/operator/freezes", |call, fixture| {
            let article = fixture.writer.article();
            call.json(&json!({ "article": article, "version": 1, "rule": "perks" }))
        }),
        201,
    ),
    (get("/api/v1/operator/reports", HIDDEN), 200),
    (get("/api/v1/operator/freezes/:id", HIDDEN), 200),
    (get("/api/v1/operator/freezes/:id/versions/:version", HIDDEN), 200),
    (
        hidden("POST", "/api/v1/operator/freezes/:id/actions", |call, _| {
            call.json(&json!({ "kind": "unfreeze" }))
        }),
        201,
    ),
    // The operator made the proposal, so another operator has to approve it.
    (
        hidden("POST", "/api/v1/operator/actions/:id/approve", |call, fixture| {
            call.json(&json!({ "shown_hash": fixture.shown_hash.take() }))
        }),
        403,
    ),
    (hidden("DELETE", "/api/v1/operator/actions/:id", |call, _| call), 204),
    (get("/api/v1/operator/links", HIDDEN), 200),
    // There is no link of that id, so even an operator gets a 404.
    (hidden("POST", "/api/v1/operator/links/:id/confirm", |call, _| call), 404),
    (
        hidden("POST", "/api/v1/operator/links/:id/dissolutions", |call, _| {
            call.json(&json!({ "reason": "They share a card and are two people." }))
        }),
        404,
    ),
    (
        hidden("POST", "/api/v1/operator/dissolutions/:id/approve", |call, _| {
            call.json(&json!({ "shown_hash": "nothing" }))
        }),
        404,
    ),
    (hidden("DELETE", "/api/v1/operator/dissolutions/:id", |call, _| call), 404),
];
