//! The OpenAPI document: it is up to date and complete, and public answers have no praise amounts.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value as Json;
use shared::lang::Lang;
use shared::machine::{IntentState, PraiseState, Visibility};
use shared::money::Currency;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// A file of this package.
fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn generated() -> Json {
    let document = edge::openapi::document().expect("the document is written as JSON");
    serde_json::from_str(&document).expect("the document reads back")
}

/// Every operation with its method and path.
fn operations(document: &Json) -> Vec<(String, &Json)> {
    let paths = document["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path item") {
            assert!(METHODS.contains(&method.as_str()), "{path} has a {method}");
            all.push((format!("{method} {path}"), operation));
        }
    }
    all
}

/// Calls `see` with every object in `json`, including those that a `$ref` leads to.
fn walk<'a>(
    document: &'a Json,
    json: &'a Json,
    seen: &mut BTreeSet<String>,
    see: &mut dyn FnMut(&'a serde_json::Map<String, Json>),
) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| walk(document, item, seen, see)),
        Json::Object(object) => {
            see(object);
            if let Some(Json::String(reference)) = object.get("$ref")
                && seen.insert(reference.clone())
            {
                let pointer = reference.strip_prefix('#').expect("a reference into the document");
                let target = document.pointer(pointer);
                walk(document, target.unwrap_or_else(|| panic!("{reference}")), seen, see);
            }
            object.values().for_each(|value| walk(document, value, seen, see));
        }
        _ => {}
    }
}

#[test]
fn is_committed_as_generated() {
    let generated = edge::openapi::document().expect("the document is written as JSON");
    let path = file("openapi.json");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &generated).expect("edge/openapi.json can be written");
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let different = generated.lines().zip(committed.lines()).position(|(new, old)| new != old);
    let line = different.unwrap_or(committed.lines().count().min(generated.lines().count())) + 1;
    assert!(
        generated == committed,
        "edge/openapi.json is not what the handlers say, first in line {line}. Look at what \
         changed, and if it is meant, write it anew:\n  UPDATE_SNAPSHOTS=1 cargo test -p edge \
         --features sandbox,openapi --test openapi",
    );
}

#[test]
fn has_exactly_the_routes() {
    let source = std::fs::read_to_string(file("src/http/api.rs")).expect("src/http/api.rs");
    let mut routes = BTreeSet::new();
    for method in METHODS {
        // The catch-all routes, `or_else_any_method_async`, do not match.
        for call in source.split(&format!(".{method}_async(")).skip(1) {
            let path = call.split('"').nth(1).expect("a route's path");
            let named = path.split('/').map(|part| match part.strip_prefix(':') {
                Some(name) => format!("{{{name}}}"),
                None => part.to_owned(),
            });
            routes.insert(format!("{method} {}", named.collect::<Vec<_>>().join("/")));
        }
    }
    let document = generated();
    let documented: BTreeSet<_> = operations(&document).into_iter().map(|(name, _)| name).collect();
    assert_eq!(documented, routes);
}

#[test]
fn says_no_amount_to_the_public() {
    let document = generated();
    let mut reached = BTreeSet::new();
    let mut properties = BTreeSet::new();
    for (_, operation) in operations(&document) {
        if operation.get("security").is_none() {
            walk(&document, &operation["responses"], &mut reached, &mut |object| {
                if let Some(Json::Object(named)) = object.get("properties") {
                    properties.extend(named.keys().cloned());
                }
            });
        }
    }
    for name in ["Article", "ArticleSummary", "PraiseOffer", "Wall", "WallTile"] {
        let reference = format!("#/components/schemas/{name}");
        assert!(reached.contains(&reference), "{name} is public, but was not looked at");
    }
    let telling: Vec<_> = properties.iter().filter(|name| name.contains("amount")).collect();
    assert!(telling.is_empty(), "public answers have {telling:?}");
}

#[test]
fn every_operation_has_a_summary_and_its_refusals() {
    let document = generated();
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        let text = |field: &str| operation[field].as_str().unwrap_or_default().to_owned();
        assert!(!text("summary").is_empty(), "{name} has no summary");
        let id = text("operationId");
        let own = !id.is_empty() && ids.insert(id.clone());
        assert!(own, "{name}: the operationId {id:?} is not its own");

        let responses = operation["responses"].as_object().expect("responses");
        let problem = |status: &str| {
            let content = &responses[status]["content"]["application/problem+json"];
            content["schema"]["$ref"] == "#/components/schemas/ProblemDocument"
        };
        for status in ["500", "503"] {
            assert!(responses.contains_key(status) && problem(status), "{name} has no {status}");
        }
        let takes = ["parameters", "requestBody"].iter().any(|part| operation.get(part).is_some());
        let refuses = responses.keys().any(|status| status.starts_with('4') && problem(status));
        assert!(refuses || !takes, "{name} takes input and documents no refusal of it");
        let personal = operation.get("security").is_some();
        assert!(!personal || problem("401"), "{name} needs a session and documents no 401");
        let changes = personal && !name.starts_with("get ");
        assert!(!changes || problem("403"), "{name} is refused across sites and documents no 403");
    }
}

#[test]
fn names_values_as_they_travel() {
    let document = generated();
    let same = |schema: &str, values: Vec<&str>| {
        let listed = &document["components"]["schemas"][schema]["enum"];
        assert_eq!(*listed, Json::from(values), "{schema}");
    };
    same("IntentState", IntentState::ALL.iter().map(|state| state.as_str()).collect());
    same("PraiseState", PraiseState::ALL.iter().map(|state| state.as_str()).collect());
    same("Visibility", Visibility::ALL.iter().map(|value| value.as_str()).collect());
    same("Currency", Currency::ALL.iter().map(|value| value.code()).collect());
    same("Lang", Lang::ALL.iter().map(|value| value.tag()).collect());
}
