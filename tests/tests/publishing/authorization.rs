//! Who may publish: a writer with a session or a token, and only for their own accounts.

use serde_json::json;
use shared::lang::Lang::{En, ZhHans};
use shared::money::Currency::{Cny, Usd};
use tests::{Answer, Http, Site, Writer, unique};

fn send(site: &Http, authorization: &str, account: Option<&str>) -> Answer {
    let mut article =
        json!({ "title": unique::name("By token"), "lang": "en", "markdown": "Some text." });
    if let Some(account) = account {
        article["account"] = json!(account);
    }
    let call = site.call("POST", "/api/v1/studio/articles");
    call.header("Authorization", authorization).json(&article).send()
}

#[test]
fn the_demos_token_publishes_for_the_demos_writer() {
    let site = Site::open();
    let demo = site.demo();
    let token = demo["publish_token"].as_str().expect("a token");
    let answer = send(&site, &format!("Bearer {token}"), Some("shan-jian")).expect(201);
    let path = answer.json()["path"].as_str().expect("a path").to_owned();
    let page = site.get(&path).expect(200).page();
    assert_eq!(page.attributes(".article-head a.account", "href"), ["/@shan-jian"]);
}

#[test]
fn a_wrong_token_is_refused() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let token = writer.token("a laptop");
    let good = format!("Bearer {}", token.token);
    send(&site, &good, None).expect(201);
    let mut wrong = token.token.clone();
    wrong.pop();
    for authorization in [
        format!("Bearer {wrong}"),
        "Bearer ".to_owned(),
        format!("Basic {}", token.token),
        token.id,
    ] {
        let answer = send(&site, &authorization, None);
        answer.problem(401, "token_refused");
    }
    let article = json!({ "title": "x", "lang": "en", "markdown": "x" });
    let call = site.call("POST", "/api/v1/studio/articles");
    call.json(&article).send().problem(401, "sign_in_needed");
    assert_eq!(writer.numbers().articles, 1, "something was published");
}

#[test]
fn a_revoked_token_is_refused() {
    let site = Site::open();
    let writer = site.writer("Bea", Cny);
    let token = writer.token("a lost laptop");
    let good = format!("Bearer {}", token.token);
    send(&site, &good, None).expect(201);
    let path = format!("/api/v1/studio/tokens/{}", token.id);
    writer.person.call("DELETE", &path).send().expect(204);
    send(&site, &good, None).problem(401, "token_refused");
    writer.person.call("DELETE", &path).send().problem(404, "not_found");
    assert_eq!(writer.numbers().articles, 1);
}

#[test]
fn a_token_can_only_publish() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let good = format!("Bearer {}", writer.token("publishing").token);
    for (method, path) in [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/me/praises"),
        ("GET", "/api/v1/studio/accounts"),
        ("GET", "/api/v1/studio/tokens"),
    ] {
        let answer = site.call(method, path).header("Authorization", &good).send();
        answer.problem(401, "sign_in_needed");
    }
    let call = site.call("POST", "/api/v1/studio/tokens").header("Authorization", &good);
    call.json(&json!({ "label": "another" })).send().problem(401, "sign_in_needed");
    let reader = site.writer("Dan", Cny).article();
    let call = site.call("POST", &format!("/api/v1/articles/{}/praises", tests::encode(&reader)));
    let body = json!({ "amount": { "minor": 100, "currency": "CNY" }, "visibility": "public" });
    let call = call.header("Authorization", &good).header("Idempotency-Key", &unique::key());
    call.json(&body).send().problem(401, "sign_in_needed");
}

#[test]
fn somebody_elses_account_is_refused() {
    let site = Site::open();
    let (writer, other) = (site.writer("Eve", Cny), site.writer("Fay", Usd));
    let token = format!("Bearer {}", writer.token("mine").token);
    let problem = send(&site, &token, Some(&other.handle)).problem(422, "field.invalid");
    assert_eq!(problem.field.as_deref(), Some("account"));
    let unknown = send(&site, &token, Some("nobody-has-this")).problem(422, "field.invalid");
    assert_eq!(problem.detail, unknown.detail, "reveals which handles exist");
    assert_eq!(other.numbers().articles, 0);
    let reader = site.person("Gus");
    let article = json!({ "title": "x", "lang": "en", "markdown": "x", "account": other.handle });
    let call = reader.call("POST", "/api/v1/studio/articles").json(&article);
    call.send().problem(422, "field.invalid");
    assert_eq!(other.numbers().articles, 0);
}

#[test]
fn with_several_accounts_one_has_to_be_named() {
    let site = Site::open();
    let first = site.writer("Hal", Cny);
    let token = format!("Bearer {}", first.token("both").token);
    send(&site, &token, None).expect(201);
    let second: Writer = site.account_of(first.person.clone(), Usd);
    for (lang, words) in [(En, "one of your official accounts"), (ZhHans, "其中一个公众号")]
    {
        let article = json!({ "title": "x", "lang": "en", "markdown": "x" });
        let call = site.call("POST", "/api/v1/studio/articles").header("Authorization", &token);
        let problem = call.lang(lang).json(&article).send().problem(422, "field.invalid");
        assert!(problem.detail.contains(words), "{}", problem.detail);
    }
    send(&site, &token, Some(&second.handle)).expect(201);
    assert_eq!((first.numbers().articles, second.numbers().articles), (1, 1));
}

#[test]
fn another_site_cannot_publish_through_a_writers_browser() {
    let site = Site::open();
    let writer = site.writer("Ida", Cny);
    let article = json!({ "title": "x", "lang": "en", "markdown": "x", "account": writer.handle });
    for (name, value) in
        [("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")]
    {
        let call = writer.person.call("POST", "/api/v1/studio/articles").header(name, value);
        call.json(&article).send().problem(403, "cross_site");
    }
    assert_eq!(writer.numbers().articles, 0);
}
