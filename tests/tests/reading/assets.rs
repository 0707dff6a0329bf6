//! The files that pages link to: they exist, have the correct type, and are cached as long as
//! possible.

use std::collections::BTreeSet;

use shared::money::Currency::Cny;
use tests::{Http, Site, encode};

/// Every URL that a page makes a browser fetch.
fn linked(site: &Http, path: &str) -> BTreeSet<String> {
    let page = site.get(path).page();
    let mut found = BTreeSet::new();
    for (selector, attribute) in [
        ("link[href]:not([rel=canonical])", "href"),
        ("script[src]", "src"),
        ("script[data-reader]", "data-reader"),
        ("script[data-wasm]", "data-wasm"),
        ("img[src]", "src"),
    ] {
        found.extend(page.attributes(selector, attribute));
    }
    assert!(
        page.all("style, [style], script:not([src], [type='application/ld+json'])").is_empty(),
        "{path} has inline content"
    );
    found
}

#[test]
fn linked_files_exist_with_their_type_and_cache_time() {
    let site = Site::open();
    let slug = encode(&site.writer("Ann", Cny).article());
    let mut addresses = BTreeSet::new();
    for path in ["/", "/sign-in", "/nowhere", &format!("/a/{slug}")] {
        addresses.extend(linked(&site, path));
    }
    let kinds: BTreeSet<_> = addresses.iter().filter_map(|a| a.rsplit('.').next()).collect();
    for kind in ["css", "js", "wasm", "svg", "webmanifest"] {
        assert!(kinds.contains(kind), "no page links a {kind}: {addresses:?}");
    }
    let manifest = site.get("/manifest.webmanifest").expect(200).json();
    for icon in manifest["icons"].as_array().expect("icons") {
        addresses.insert(icon["src"].as_str().expect("an address").to_owned());
    }
    for address in addresses {
        assert!(
            address.starts_with('/') && !address.starts_with("//"),
            "{address} is on another site"
        );
        let answer = site.get(&address).expect(200);
        assert!(!answer.body.is_empty(), "{address} is empty");
        let kind = match address.rsplit('.').next() {
            Some("css") => "text/css",
            Some("js") => "text/javascript",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("webmanifest") => "application/manifest+json",
            other => panic!("an unexpected type: {other:?}"),
        };
        let header = answer.header("content-type").expect("a type");
        assert_eq!(header.split(';').next(), Some(kind), "{address}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{address}");
        let keep = answer.header("cache-control").expect("a Cache-Control header");
        if address.starts_with("/assets/") {
            assert_eq!(keep, "public, max-age=31536000, immutable", "{address}");
        } else {
            assert!(!keep.contains("immutable") && keep.contains("max-age="), "{address}: {keep}");
        }
    }
}

#[test]
fn missing_files_are_not_found() {
    let site = Site::open();
    let answer = site.get("/assets/app-000000000000.css");
    assert_eq!(answer.status, 404, "{answer}");
    assert!(!answer.header("cache-control").unwrap_or_default().contains("immutable"), "{answer}");
}
