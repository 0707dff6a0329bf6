//! The API and the webhook.

use serde_json::json;
use tests::unique;

use super::{ALL, OWN, Row, get};

/// Every route of the API except the operator routes.
pub const API: &[Row] = &[
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
    // The writer does not see it before the undo window is over.
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
        // The writer does not see it before the undo window is over either.
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
        // It is already being returned, and the repetition is idempotent.
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
    Row {
        method: "DELETE",
        path: "/api/v1/me/sessions",
        with: |call, _| call,
        expected: [401, 204, 204, 204, 204],
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
    // After this row the account has a card again.
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
    // There is no payout yet: it takes a week, which the tests of the target `clock` let pass.
    get("/api/v1/studio/payouts/:id", [401, 404, 404, 404, 404]),
    Row {
        method: "POST",
        path: "/api/v1/studio/articles",
        with: |call, fixture| {
            let title = unique::name("By whom");
            call.json(&json!({
                "account": fixture.writer.handle, "title": title, "lang": "en", "markdown": "Text.",
            }))
        },
        // The account is a field of the body. Everybody but its owner is told that it is not
        // theirs, whether it exists or not.
        expected: [401, 422, 422, 201, 422],
    },
    // An article of the first writer that is frozen for this request.
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
        // There is no provider with this name, whatever the session.
        expected: [404; 5],
    },
];
