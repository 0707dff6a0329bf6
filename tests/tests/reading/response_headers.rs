//! What every answer has in common: headers, ids, caching, methods.

use std::collections::BTreeSet;

use shared::money::Currency::Cny;
use tests::{Answer, Http, Site, encode};

/// One answer of every kind that the Worker gives.
fn one_of_each(site: &Http) -> Vec<Answer> {
    let writer = site.writer("Ann", Cny);
    let slug = encode(&writer.article());
    let reader = site.person("Ben");
    let token = writer.token("a laptop");
    let gone = format!("/api/v1/studio/tokens/{}", token.id);
    vec![
        site.get("/").expect(200),
        site.get(&format!("/a/{slug}")).expect(200),
        reader.get("/me").expect(200),
        site.get("/nowhere").expect(404),
        site.get("/me").expect(303),
        site.call("POST", "/").send().expect(405),
        site.call("POST", "/language").send().expect(415),
        site.get("/healthz").expect(200),
        site.get("/api/openapi.json").expect(200),
        site.get("/api/v1/articles").expect(200),
        site.get(&format!("/api/v1/articles/{slug}/praises")).expect(200),
        reader.get("/api/v1/me").expect(200),
        site.get("/api/v1/me").expect(401),
        site.get("/api/v1/nowhere").expect(404),
        site.call("PATCH", "/api/v1/me").send().expect(405),
        site.call("POST", "/pay/sandbox/notify").send().expect(401),
        writer.person.call("DELETE", &gone).send().expect(204),
        site.call("POST", "/sign-out").header("Sec-Fetch-Site", "cross-site").send().expect(403),
        site.get("/sandbox/cashier/nothing").expect(404),
        site.get("/sandbox/api/about").expect(200),
    ]
}

#[test]
fn every_answer_has_the_security_headers() {
    let site = Site::open();
    for answer in one_of_each(&site) {
        let header = |name| answer.header(name).unwrap_or_else(|| panic!("no {name}: {answer}"));
        let policy = header("content-security-policy");
        let directives: BTreeSet<&str> = policy.split(';').map(str::trim).collect();
        for directive in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "worker-src 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types default",
            "report-to reports",
        ] {
            assert!(directives.contains(directive), "{directive} is not in {policy}: {answer}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("reporting-endpoints"), "reports=\"/reports\"");
        assert!(answer.header("permissions-policy").is_some(), "{answer}");
    }
}

#[test]
fn every_answer_has_a_unique_id() {
    let site = Site::open();
    let answers = one_of_each(&site);
    let ids: BTreeSet<_> = answers
        .iter()
        .map(|answer| {
            let id = answer.header("x-request-id").unwrap_or_else(|| panic!("no id: {answer}"));
            assert!(id.starts_with("req_") && id.len() == 30, "{id}");
            id
        })
        .collect();
    assert_eq!(ids.len(), answers.len(), "two answers have the same id");
}

#[test]
fn only_public_answers_are_cached() {
    let site = Site::open();
    for answer in one_of_each(&site) {
        let public = answer.status == 200
            && (answer.what.contains("/api/v1/articles") || answer.what.contains("openapi"));
        let wanted = if public { "no-cache" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), Some(wanted), "{answer}");
    }
}

#[test]
fn an_unsupported_method_is_405() {
    let site = Site::open();
    let slug = encode(&site.writer("Cid", Cny).article());
    for (method, path) in [
        ("DELETE", "/api/v1/articles".to_owned()),
        ("PUT", format!("/api/v1/articles/{slug}")),
        ("GET", "/api/v1/intents/int_x/cancel".to_owned()),
        ("POST", "/api/v1/me".to_owned()),
        ("GET", "/pay/sandbox/notify".to_owned()),
        ("POST", "/healthz".to_owned()),
    ] {
        let answer = site.call(method, &path).send();
        answer.problem(405, "method_not_allowed");
        assert!(answer.header("allow").is_some(), "405 has to say what is allowed: {answer}");
    }
    for (method, path) in [
        ("POST", "/".to_owned()),
        ("PUT", "/me".to_owned()),
        ("DELETE", format!("/a/{slug}")),
        ("GET", "/sign-out".to_owned()),
    ] {
        let answer = site.call(method, &path).send().expect(405);
        assert_eq!(answer.page().text_of("h1"), "Method not allowed");
        assert!(answer.header("allow").is_some(), "405 has to say what is allowed: {answer}");
    }
}

#[test]
fn head_is_get_without_its_body() {
    let site = Site::open();
    let slug = encode(&site.writer("Dot", Cny).article());
    for path in [
        "/".to_owned(),
        format!("/a/{slug}"),
        format!("/api/v1/articles/{slug}"),
        "/nowhere".to_owned(),
        "/api/nowhere".to_owned(),
        "/me".to_owned(),
        "/healthz".to_owned(),
    ] {
        let (get, head) = (site.get(&path), site.call("HEAD", &path).send());
        assert_eq!(head.status, get.status, "{head}");
        assert!(head.body.is_empty(), "{head}");
        for name in ["content-type", "cache-control", "location", "content-security-policy"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {head}");
        }
    }
}

#[test]
fn the_health_check_is_ok() {
    let site = Site::open();
    assert_eq!(site.get("/healthz").expect(200).json()["status"], "ok");
}
