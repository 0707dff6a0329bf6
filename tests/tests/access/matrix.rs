//! The matrix: a route, how it is asked, and the status for each role.

use serde_json::json;
use tests::{Call, unique};

use crate::Scene;

/// A route as the router names it.
pub struct Row {
    /// Method.
    pub method: &'static str,
    /// Pattern; `:slug` and `:handle` are the first writer's, `:id` and `:order` the reader's own,
    /// or the first writer's token, or an invitation.
    pub path: &'static str,
    /// Adds what a well-formed request of this kind carries.
    pub with: for<'a> fn(Call<'a>, &Scene) -> Call<'a>,
    /// For anonymous, the reader, another reader, the writer, another writer.
    pub expected: [u16; 5],
}

const fn get(path: &'static str, expected: [u16; 5]) -> Row {
    Row { method: "GET", path, with: |call, _| call, expected }
}

/// A row of the operators' side.
const fn hidden(
    method: &'static str,
    path: &'static str,
    with: for<'a> fn(Call<'a>, &Scene) -> Call<'a>,
) -> Row {
    Row { method, path, with, expected: HIDDEN }
}

const ALL: [u16; 5] = [200; 5];
/// A page of one's own: whoever is not signed in is led to the sign-in.
const PAGE: [u16; 5] = [303, 200, 200, 200, 200];
/// An answer of one's own.
const OWN: [u16; 5] = [401, 200, 200, 200, 200];

/// Of the operators' side: not there.
const HIDDEN: [u16; 5] = [401, 404, 404, 404, 404];

/// Every route with an address of its own, but for the operators' side.
pub const MATRIX: &[Row] = &[
    get("/healthz", ALL),
    get("/api/openapi.json", ALL),
    get("/api/v1/articles", ALL),
    get("/api/v1/articles/:slug", ALL),
    get("/api/v1/articles/:slug/praises", ALL),
    Row {
        method: "POST",
        path: "/api/v1/articles/:slug/praises",
        with: |call, _| {
            let body = json!({"amount": {"minor": 100, "currency": "CNY"}, "visibility": "public"});
            call.header("Idempotency-Key", &unique::key()).json(&body)
        },
        expected: [401, 201, 201, 403, 201],
    },
    get("/api/v1/intents/:id", [401, 200, 404, 404, 404]),
    Row {
        method: "POST",
        path: "/api/v1/intents/:id/cancel",
        with: |call, _| call,
        expected: [401, 200, 404, 404, 404],
    },
    get("/api/v1/praises/:id/timeline", [401, 200, 404, 404, 404]),
    // Until its reader can no longer undo it, its writer has not seen it.
    get("/api/v1/studio/praises/:id", [401, 404, 404, 404, 404]),
    get("/studio/praises/:id", [303, 404, 404, 404, 404]),
    Row {
        method: "POST",
        path: "/studio/praises/:id/reply",
        with: |call, _| call.form(&[("text", "Thank you")]),
        expected: [401, 404, 404, 404, 404],
    },
    Row {
        method: "POST",
        path: "/api/v1/studio/praises/:id/reply",
        with: |call, _| call.json(&json!({ "text": "Thank you" })),
        expected: [401, 404, 404, 404, 404],
    },
    get("/api/v1/praises/:id", [401, 200, 404, 404, 404]),
    Row {
        method: "PUT",
        path: "/api/v1/praises/:id/visibility",
        with: |call, _| call.json(&json!({ "visibility": "public" })),
        expected: [401, 200, 404, 404, 404],
    },
    get("/me/praises/:id", [303, 200, 404, 404, 404]),
    Row {
        method: "POST",
        path: "/me/praises/:id/visibility",
        with: |call, _| call.form(&[("visibility", "public")]),
        expected: [401, 303, 404, 404, 404],
    },
    Row {
        method: "POST",
        path: "/api/v1/studio/praises/:id/return",
        with: |call, _| call,
        // Until its reader can no longer undo it, its writer has not seen it either.
        expected: [401, 404, 404, 404, 404],
    },
    Row {
        method: "POST",
        path: "/api/v1/praises/:id/undo",
        with: |call, _| call,
        expected: [401, 200, 404, 404, 404],
    },
    Row {
        method: "POST",
        path: "/api/v1/praises/:id/take-back",
        with: |call, _| call,
        // It is on its way back already, and asking again is no refusal.
        expected: [401, 200, 404, 404, 404],
    },
    Row {
        method: "POST",
        path: "/me/praises/:id/undo",
        with: |call, _| call,
        expected: [401, 303, 404, 404, 404],
    },
    Row {
        method: "POST",
        path: "/me/praises/:id/take-back",
        with: |call, _| call,
        expected: [401, 303, 404, 404, 404],
    },
    get("/api/v1/me", OWN),
    Row {
        method: "PUT",
        path: "/api/v1/me",
        with: |call, _| call.json(&json!({ "name": "The same name" })),
        expected: OWN,
    },
    get("/api/v1/me/limits", OWN),
    Row {
        method: "PUT",
        path: "/api/v1/me/limits",
        with: |call, _| call.json(&json!({ "currency": "CNY", "month_minor": 100_000 })),
        expected: OWN,
    },
    get("/api/v1/me/praises", OWN),
    get("/api/v1/studio/accounts", OWN),
    get("/api/v1/studio/accounts/:handle/card", [401, 404, 404, 200, 404]),
    Row {
        method: "DELETE",
        path: "/api/v1/studio/accounts/:handle/card",
        with: |call, _| call,
        expected: [401, 404, 404, 204, 404],
    },
    // The account has a card again when this row has been asked.
    Row {
        method: "PUT",
        path: "/api/v1/studio/accounts/:handle/card",
        with: |call, _| call.json(&json!({ "token": unique::card() })),
        expected: [401, 404, 404, 200, 404],
    },
    Row {
        method: "POST",
        path: "/api/v1/studio/invitation",
        with: |call, _| call.json(&json!({ "code": "nobody made this one" })),
        expected: [401, 403, 403, 403, 403],
    },
    get("/api/v1/studio/accounts/:handle/praises", [401, 404, 404, 200, 404]),
    get("/api/v1/studio/accounts/:handle/payouts", [401, 404, 404, 200, 404]),
    // Nobody has been paid yet: a payout takes a week, which the tests of the clock let go by.
    get("/api/v1/studio/payouts/:id", [401, 404, 404, 404, 404]),
    Row {
        method: "POST",
        path: "/api/v1/studio/articles",
        with: |call, scene| {
            let title = unique::name("By whom");
            call.json(&json!({
                "account": scene.writer.handle, "title": title, "lang": "en", "markdown": "Text.",
            }))
        },
        // Not an address but a field: whoever does not own the account is told it is not theirs,
        // whether it exists or not.
        expected: [401, 422, 422, 201, 422],
    },
    // An article of the first writer's that is frozen for the question.
    get("/api/v1/studio/articles/:slug/freeze", [401, 404, 404, 200, 404]),
    Row {
        method: "POST",
        path: "/api/v1/studio/articles/:slug/appeal",
        with: |call, _| call.json(&json!({ "text": "It is all my own." })),
        expected: [401, 404, 404, 200, 404],
    },
    get("/api/v1/studio/tokens", OWN),
    Row {
        method: "POST",
        path: "/api/v1/studio/tokens",
        with: |call, _| call.json(&json!({ "label": "mine" })),
        expected: [401, 201, 201, 201, 201],
    },
    Row {
        method: "DELETE",
        path: "/api/v1/studio/tokens/:id",
        with: |call, _| call,
        expected: [401, 404, 404, 204, 404],
    },
    Row {
        method: "POST",
        path: "/pay/:provider/notify",
        with: |call, _| call,
        // No provider has this name, and no session helps.
        expected: [404; 5],
    },
    get("/", ALL),
    get("/a/:slug", ALL),
    get("/a/:slug/praise", PAGE),
    Row {
        method: "POST",
        path: "/a/:slug/praise",
        with: |call, _| {
            let key = unique::key();
            call.form(&[
                ("preset", "100"),
                ("visibility", "public"),
                ("key", &key),
                ("step", "pay"),
            ])
        },
        expected: [303, 303, 303, 403, 303],
    },
    get("/i/:id", [303, 200, 404, 404, 404]),
    Row {
        method: "POST",
        path: "/i/:id/cancel",
        with: |call, _| call,
        expected: [401, 303, 404, 404, 404],
    },
    get("/@:handle", ALL),
    get("/me", PAGE),
    Row {
        method: "POST",
        path: "/me",
        with: |call, _| call.form(&[("name", "The same name"), ("lang", "en")]),
        expected: [401, 303, 303, 303, 303],
    },
    get("/me/limits", PAGE),
    Row {
        method: "POST",
        path: "/me/limits",
        with: |call, _| call.form(&[("currency", "CNY"), ("month", "1000")]),
        expected: [401, 303, 303, 303, 303],
    },
    // Whoever holds the link opens it; it names no role.
    get("/r/:token", ALL),
    Row {
        method: "POST",
        path: "/r/:token/visibility",
        with: |call, _| call.form(&[("visibility", "writer")]),
        expected: [303; 5],
    },
    Row { method: "POST", path: "/r/:token/undo", with: |call, _| call, expected: [303; 5] },
    Row { method: "POST", path: "/r/:token/take-back", with: |call, _| call, expected: [303; 5] },
    Row {
        method: "POST",
        path: "/guest",
        with: |call, _| call.form(&[("return", "/")]),
        expected: [303; 5],
    },
    get("/sign-in", ALL),
    Row {
        method: "POST",
        path: "/sign-in",
        with: |call, scene| {
            let login = scene.reader.login.as_str();
            call.form(&[("provider", "sandbox"), ("subject", login), ("return", "/me")])
        },
        expected: [303; 5],
    },
    Row { method: "POST", path: "/sign-out", with: |call, _| call, expected: [303; 5] },
    Row {
        method: "POST",
        path: "/language",
        with: |call, _| call.form(&[("lang", "en"), ("return", "/")]),
        expected: [303; 5],
    },
    get("/studio", PAGE),
    get("/studio/tokens", PAGE),
    Row {
        method: "POST",
        path: "/studio/tokens",
        with: |call, _| call.form(&[("label", "mine")]),
        expected: OWN,
    },
    Row {
        method: "POST",
        path: "/studio/tokens/:id/revoke",
        with: |call, _| call,
        expected: [401, 404, 404, 303, 404],
    },
    // The provider's own site: whoever has the order's number may pay it, as anywhere.
    get("/sandbox/cashier/:order", ALL),
    Row {
        method: "POST",
        path: "/sandbox/cashier/:order",
        with: |call, _| call.form(&[("action", "leave")]),
        expected: [303; 5],
    },
];

/// The operators' side, with the status for an operator. To everybody else it is not there.
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
        // The writer owes nothing.
        409,
    ),
    (get("/api/v1/operator/reconciliation", HIDDEN), 200),
    (get("/api/v1/operator/differences", HIDDEN), 200),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/differences/:id/explain",
            with: |call, _| call.json(&json!({ "explanation": "there is no such difference" })),
            expected: HIDDEN,
        },
        404,
    ),
    (
        Row {
            method: "POST",
            path: "/api/v1/operator/funds",
            with: |call, _| {
                let amount = json!({ "minor": 100, "currency": "CNY" });
                call.json(&json!({ "amount": amount, "reference": unique::key() }))
            },
            expected: HIDDEN,
        },
        204,
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
            // There is no such case, which only an operator is told after reading the body.
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
            // A moment that is past: whoever gets as far as that is told.
            with: |call, _| {
                let from = "2015-08-13T00:00:00Z";
                call.json(&json!({ "currency": "CNY", "effective_from": from, "change": {} }))
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
    // Without a reason: with one, no other test could start a praise meanwhile.
    (hidden("PUT", "/api/v1/operator/stop", |call, _| call.json(&json!({}))), 422),
    (hidden("DELETE", "/api/v1/operator/stop", |call, _| call), 204),
    (hidden("PUT", "/api/v1/operator/accounts/:handle", |call, _| call.json(&json!({}))), 200),
    (
        hidden("POST", "/api/v1/operator/freezes", |call, scene| {
            let article = scene.writer.article();
            call.json(&json!({ "article": article, "rule": "perks" }))
        }),
        201,
    ),
    (get("/api/v1/operator/freezes/:id", HIDDEN), 200),
    (
        hidden("POST", "/api/v1/operator/freezes/:id/actions", |call, _| {
            call.json(&json!({ "kind": "unfreeze" }))
        }),
        201,
    ),
    // The proposal is the operator's own, so that it takes another.
    (
        hidden("POST", "/api/v1/operator/actions/:id/approve", |call, scene| {
            call.json(&json!({ "counts_hash": scene.counts_hash.take() }))
        }),
        403,
    ),
    (hidden("DELETE", "/api/v1/operator/actions/:id", |call, _| call), 204),
];

/// Routes of the sandbox's control API: they belong to whoever runs the sandbox, and every test
/// uses them.
pub const CONTROL: &[(&str, &str)] = &[
    ("GET", "/sandbox/api/about"),
    ("POST", "/sandbox/api/seed"),
    ("GET", "/sandbox/api/self-check"),
    ("GET", "/sandbox/api/clock"),
    ("POST", "/sandbox/api/clock"),
    ("POST", "/sandbox/api/faults"),
    ("POST", "/sandbox/api/people"),
    ("POST", "/sandbox/api/accounts"),
    ("GET", "/sandbox/api/orders/:order/message"),
    ("POST", "/sandbox/api/orders/:order/dispute"),
    ("POST", "/sandbox/api/disputes/:number/decide"),
    ("POST", "/sandbox/api/payouts/:number"),
    ("GET", "/sandbox/api/jobs"),
    ("POST", "/sandbox/api/jobs"),
];
