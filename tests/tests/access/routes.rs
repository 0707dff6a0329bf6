//! Checks that the matrix is complete, against the router's source. The OpenAPI document must
//! describe the API's routes.

use std::collections::BTreeSet;

use tests::Site;

use crate::matrix::{self, CONTROL};

const ROUTERS: [&str; 3] = [
    include_str!("../../../edge/src/http/api.rs"),
    include_str!("../../../edge/src/http/pages.rs"),
    include_str!("../../../edge/src/http/sandbox.rs"),
];

/// Extracts `GET /a/:slug` from every `.get_async("/a/:slug", …)`.
fn of_the_router() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for call in ROUTERS.iter().flat_map(|source| source.split("\n        .").skip(1)) {
        let (name, arguments) = call.split_once('(').expect("a call");
        let Some(method) = name.strip_suffix("_async").filter(|name| !name.contains("any")) else {
            continue;
        };
        let path = arguments.split('"').nth(1).expect("a path");
        routes.insert(format!("{} {path}", method.to_uppercase()));
    }
    routes
}

#[test]
fn every_route_of_the_router_is_in_the_matrix() {
    let routes = of_the_router();
    assert!(routes.len() > 40, "the router's source has a different form: {routes:?}");
    let rows = matrix::rows().map(|(row, _)| (row.method, row.path)).chain(CONTROL.iter().copied());
    let asked: BTreeSet<String> = rows.map(|(method, path)| format!("{method} {path}")).collect();
    assert_eq!(routes, asked);
}

#[test]
fn the_openapi_document_describes_exactly_the_routes_of_the_api() {
    let site = Site::open();
    let document = site.get("/api/openapi.json").expect(200).json();
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let is_api = |route: &String| {
        ["/api/", "/pay/", "/healthz"]
            .iter()
            .any(|start| route.split_once(' ').is_some_and(|(_, path)| path.starts_with(start)))
    };
    // `:slug` in the router is `{slug}` in the document.
    let in_braces = |route: String| {
        let part = |part: &str| match part.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => part.to_owned(),
        };
        route.split('/').map(part).collect::<Vec<_>>().join("/")
    };
    let routed: BTreeSet<String> =
        of_the_router().into_iter().filter(is_api).map(in_braces).collect();
    assert_eq!(described, routed);
}
