//! Pages, their forms, and the sandbox's cashier.

use tests::unique;

use super::{ALL, OWN, PAGE, Row, get};

/// Every route that a browser shows or submits a form to.
pub const PAGES: &[Row] = &[
    Row {
        method: "POST",
        path: "/reports",
        with: |call, _| call.body("application/reports+json", b"[]".to_vec()),
        expected: [204; 5],
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
    get("/robots.txt", ALL),
    get("/sitemap.xml", ALL),
    get("/sitemap-:part", ALL),
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
    get("/problems/:code", ALL),
    // Anybody with the link may open it.
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
        with: |call, fixture| {
            let login = fixture.reader.login.as_str();
            call.form(&[("provider", "sandbox"), ("subject", login), ("return", "/me")])
        },
        expected: [303; 5],
    },
    Row { method: "POST", path: "/sign-out", with: |call, _| call, expected: [303; 5] },
    Row {
        method: "POST",
        path: "/sign-out-everywhere",
        with: |call, _| call,
        expected: [401, 303, 303, 303, 303],
    },
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
    // This is the provider's own site: anybody with the order's number may pay it.
    get("/sandbox/cashier/:order", ALL),
    Row {
        method: "POST",
        path: "/sandbox/cashier/:order",
        with: |call, _| call.form(&[("action", "leave")]),
        expected: [303; 5],
    },
];
