//! Public JSON: exactly the members that clients rely on.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use shared::api::{ArticleSummary, Page};
use shared::limits::LIST_PAGE;
use shared::machine::Visibility;
use shared::money::Currency::{Cny, Usd};
use tests::person::body;
use tests::{Site, encode};

const IN_A_LIST: [&str; 8] =
    ["account", "id", "lang", "praise_count", "published_at", "slug", "summary", "title"];

#[track_caller]
fn assert_members(json: &Json, members: &[&str]) {
    let found: BTreeSet<&str> =
        json.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(found, members.iter().copied().collect(), "{json}");
}

#[test]
fn an_article_in_a_list_has_exactly_its_members() {
    let site = Site::open();
    let writer = site.writer("Ada", Cny);
    let published =
        writer.publish("A walk by the river", "It *rained* all day.\n\nThen it did not.");
    let list = site.get("/api/v1/articles").expect(200);
    assert_eq!(list.header("content-type"), Some("application/json"));
    assert_eq!(list.header("cache-control"), Some("no-cache"));
    let list = list.json();
    assert_members(&list, &["items", "next_cursor"]);
    let items = list["items"].as_array().expect("items");
    let mine = items.iter().find(|item| item["id"] == published.id.as_str()).expect("is listed");
    assert_members(mine, &IN_A_LIST);
    assert_members(&mine["account"], &["avatar", "handle", "name"]);
    assert!(published.id.starts_with("art_"), "{}", published.id);
    assert_eq!(mine["slug"], published.slug.as_str());
    assert_eq!(mine["title"], "A walk by the river");
    assert_eq!(mine["summary"], "It rained all day. Then it did not.");
    assert_eq!(mine["lang"], "en");
    let account = json!({
        "handle": writer.handle, "name": writer.account_name, "avatar": "A",
    });
    assert_eq!(mine["account"], account);
    assert_eq!(mine["praise_count"], 0);
    let published_at = mine["published_at"].as_str().expect("a time");
    assert!(published_at.ends_with('Z'), "not UTC: {published_at}");
}

#[test]
fn an_article_says_how_it_receives_praise() {
    let site = Site::open();
    for (currency, cap, presets) in [
        (Cny, 20_000, json!([100, 200, 500, 1_000, 5_000, 20_000])),
        (Usd, 3_000, json!([100, 200, 300, 500, 1_000, 3_000])),
    ] {
        let writer = site.writer("Bea", currency);
        let slug = writer.article();
        let article = site.get(&format!("/api/v1/articles/{}", encode(&slug))).expect(200).json();
        assert_members(
            &article,
            &[&IN_A_LIST[..], &["author", "html", "praise", "updated_at", "version"]].concat(),
        );
        assert!(article["html"].as_str().expect("html").contains(">The first paragraph.</p>"));
        let offer = json!({
            "accepting": true, "currency": currency.code(), "presets_minor": presets,
            "min_minor": 100, "cap_minor": cap, "ask": "If it kept you company.",
        });
        assert_eq!(article["praise"], offer);
    }
}

#[test]
fn an_article_includes_what_the_query_requests() {
    let site = Site::open();
    let writer = site.writer("Dina", Cny);
    let slug = writer.article();
    let other = writer.publish("Another walk", "It was dry.");
    let address = format!("/api/v1/articles/{}", encode(&slug));
    let alone = site.get(&address).expect(200).json();
    let wall = site.get(&format!("{address}/praises")).expect(200).json();
    for (with, members) in [
        ("wall,others", &["wall", "others"][..]),
        ("wall", &["wall"]),
        ("others,unknown", &["others"]),
        ("", &[]),
    ] {
        let answer = site.get(&format!("{address}?with={with}")).expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        let mut answer = answer.json();
        let found = answer.as_object_mut().expect("an object");
        let (found_wall, others) = (found.remove("wall"), found.remove("others"));
        assert_eq!(answer, alone, "with={with}");
        assert_eq!(found_wall, members.contains(&"wall").then(|| wall.clone()), "with={with}");
        let slugs = others.map(|others| {
            let others = others.as_array().expect("articles").clone();
            others.iter().map(|other| other["slug"].clone()).collect::<Vec<_>>()
        });
        let expected = members.contains(&"others").then(|| vec![json!(other.slug)]);
        assert_eq!(slugs, expected, "with={with}");
    }
}

#[test]
fn pages_of_a_list_contain_every_article_once() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let slugs: BTreeSet<String> = (0..LIST_PAGE + 3).map(|_| writer.article()).collect();
    let mut seen = Vec::new();
    let mut path = "/api/v1/articles".to_owned();
    let mut times = Vec::new();
    loop {
        let page: Page<ArticleSummary> = site.get(&path).expect(200).read();
        assert!(page.items.len() <= LIST_PAGE);
        times.extend(page.items.iter().map(|article| article.published_at));
        seen.extend(page.items.into_iter().map(|article| article.slug));
        match page.next_cursor {
            Some(cursor) => path = format!("/api/v1/articles?cursor={}", encode(&cursor)),
            None => break,
        }
    }
    let mine: Vec<_> = seen.iter().filter(|slug| slugs.contains(*slug)).collect();
    assert_eq!(mine.len(), slugs.len(), "one is missing or listed twice");
    assert!(times.is_sorted_by(|newer, older| newer >= older), "not newest first");
    // The account's page does the same with links.
    let page = site.get(&format!("/@{}", writer.handle)).expect(200).page();
    assert_eq!(page.all("ul.entries > li").len(), LIST_PAGE);
    let next = page.attributes("a[rel=next]", "href").pop().expect("older articles");
    let page = site.get(&next).expect(200).page();
    assert_eq!(page.all("ul.entries > li").len(), 3);
    assert!(!page.text().contains("Older"), "goes on after the end");
}

#[test]
fn an_invalid_cursor_is_named() {
    let site = Site::open();
    let slug = encode(&site.writer("Dora", Cny).article());
    for cursor in ["", "x", "1", "1.%C3%A9", "-1.a", "1.a%27--", "99999999999999999999.a"] {
        for path in ["/api/v1/articles".to_owned(), format!("/api/v1/articles/{slug}/praises")] {
            let problem =
                site.get(&format!("{path}?cursor={cursor}")).problem(422, "field.invalid");
            assert_eq!(problem.field.as_deref(), Some("cursor"));
        }
        for path in ["/?cursor=".to_owned(), format!("/a/{slug}?wall=")] {
            let page = site.get(&format!("{path}{cursor}")).expect(422).page();
            assert!(page.text().contains("`cursor` must be"), "{}", page.text());
        }
    }
}

/// An amount that cannot occur elsewhere on a page.
const UNIQUE_MINOR: i64 = 13_731;

#[test]
fn no_public_answer_has_an_amount() {
    let site = Site::open();
    let writer = site.writer("Edith", Cny);
    let slug = writer.article();
    let reader = site.person("Frank");
    let note = "a note for Edith alone";
    reader.give(&slug, &body(writer.money(UNIQUE_MINOR), Visibility::Public, Some(note)));
    let (slug, handle) = (encode(&slug), &writer.handle);
    for path in [
        "/api/v1/articles".to_owned(),
        format!("/api/v1/articles/{slug}"),
        format!("/api/v1/articles/{slug}/praises"),
    ] {
        let answer = site.get(&path).expect(200);
        for forbidden in ["amount", "minor", "currency", "note"] {
            let found = keys_named(&answer.json(), forbidden);
            assert!(found.is_empty(), "{path} has {found:?}");
        }
        assert_no_amount_or_note(&answer.text(), note, &path);
    }
    let stranger = site.person("Gwen");
    for path in ["/".to_owned(), format!("/a/{slug}"), format!("/@{handle}")] {
        assert_no_amount_or_note(&site.get(&path).expect(200).text(), note, &path);
        assert_no_amount_or_note(&stranger.get(&path).expect(200).text(), note, &path);
        assert_no_amount_or_note(&reader.get(&path).expect(200).text(), note, &path);
    }
}

/// Paths of members with this name, except in what the account offers to everybody.
fn keys_named(json: &Json, name: &str) -> Vec<String> {
    match json {
        Json::Object(members) => members
            .iter()
            .filter(|(key, _)| *key != "praise")
            .flat_map(|(key, value)| {
                let here = (key == name).then(|| key.clone());
                here.into_iter().chain(keys_named(value, name))
            })
            .collect(),
        Json::Array(items) => items.iter().flat_map(|item| keys_named(item, name)).collect(),
        _ => Vec::new(),
    }
}

#[track_caller]
fn assert_no_amount_or_note(text: &str, note: &str, path: &str) {
    // As pages show it, and as a value in JSON or in an attribute.
    let major = format!("{}.{}", UNIQUE_MINOR / 100, UNIQUE_MINOR % 100);
    let (number, attribute) = (format!(":{UNIQUE_MINOR}"), format!("\"{UNIQUE_MINOR}\""));
    for secret in [&major, &number, &attribute, note] {
        assert!(!text.contains(secret), "{path} contains {secret}");
    }
}

#[test]
fn the_openapi_document_is_served() {
    let site = Site::open();
    let answer = site.get("/api/openapi.json").expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let document = answer.json();
    let version = document["openapi"].as_str().expect("a version");
    assert!(version.starts_with("3.1."), "{version}");
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    // Every reference can be resolved.
    for reference in references(&document) {
        let pointer = reference.strip_prefix('#').expect("a reference into the document");
        assert!(document.pointer(pointer).is_some(), "{reference} cannot be resolved");
    }
    let operations: Vec<&Json> = document["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|path| path.as_object().expect("operations").values())
        .filter(|operation| operation["responses"].is_object())
        .collect();
    let ids: BTreeSet<_> = operations.iter().map(|o| o["operationId"].to_string()).collect();
    assert_eq!(ids.len(), operations.len(), "an operation without a unique name");
}

fn references(json: &Json) -> Vec<&str> {
    match json {
        Json::Object(members) => members
            .iter()
            .flat_map(|(key, value)| match (key.as_str(), value) {
                ("$ref", Json::String(reference)) => vec![reference.as_str()],
                _ => references(value),
            })
            .collect(),
        Json::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
