//! Malformed requests: each has its own answer, in both languages, and nothing is stored.

use serde_json::{Value as Json, json};
use shared::lang::Lang::{En, ZhHans};
use shared::limits::JSON_MAX_BYTES;
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::body;
use tests::{Call, Person, Site, Writer, encode, unique};

fn call<'a>(reader: &'a Person, slug: &str) -> Call<'a> {
    let path = format!("/api/v1/articles/{}/praises", encode(slug));
    reader.call("POST", &path).header("Idempotency-Key", &unique::key())
}

fn good(writer: &Writer) -> Json {
    body(writer.money(100), Public, None)
}

#[test]
fn a_body_that_is_too_large_is_413() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let (slug, reader) = (writer.article(), site.person("Ben"));
    let mut text = good(&writer).to_string().into_bytes();
    text.resize(JSON_MAX_BYTES + 1, b' ');
    for (lang, words) in [(En, "at most 16 KB"), (ZhHans, "最多 16 KB")] {
        let answer = call(&reader, &slug).lang(lang).body("application/json", text.clone()).send();
        let problem = answer.problem(413, "body.too_large");
        assert!(problem.detail.contains(words), "{}", problem.detail);
    }
    let chunked = call(&reader, &slug).body("application/json", text.clone()).chunked().send();
    chunked.problem(413, "body.too_large");
    let huge = call(&reader, &slug).body("application/json", vec![b'x'; 65_536]).send();
    huge.problem(413, "body.too_large");
    reader.assert_nothing_stored();
    // With one byte less the body is read.
    text.truncate(JSON_MAX_BYTES);
    call(&reader, &slug).body("application/json", text.clone()).send().expect(201);
    call(&reader, &slug).body("application/json", text).chunked().send().expect(201);
}

#[test]
fn a_form_that_is_too_large_is_413() {
    let site = Site::open();
    let path = format!("/a/{}/praise", encode(&site.writer("Ann", Cny).article()));
    let reader = site.person("Ben");
    let long = "信".repeat(JSON_MAX_BYTES / 9);
    let fields = [("preset", "100"), ("visibility", "public"), ("note", &long), ("step", "review")];
    let page = reader.call("POST", &path).form(&fields).send().expect(422).page();
    assert_eq!(page.text_of("textarea[name=note]").trim(), long, "a long letter is lost");
    let note = "x".repeat(16 * JSON_MAX_BYTES);
    let fields = [("preset", "100"), ("visibility", "public"), ("note", &note), ("step", "review")];
    for (lang, title) in [(En, "Too large"), (ZhHans, "内容过大")] {
        let page = reader.call("POST", &path).lang(lang).form(&fields).send().expect(413).page();
        assert_eq!(page.text_of("h1"), title);
    }
    reader.assert_nothing_stored();
}

#[test]
fn broken_json_is_400() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let (slug, reader) = (writer.article(), site.person("Dan"));
    let valid = good(&writer).to_string();
    for broken in ["", "{", "{'a':1}", &valid[..valid.len() - 1], &format!("{valid}}}"), "\u{0}"] {
        for (lang, title) in [(En, "The request cannot be read"), (ZhHans, "无法读取请求")] {
            let call = call(&reader, &slug).lang(lang);
            let answer = call.body("application/json", broken.as_bytes().to_vec()).send();
            assert_eq!(answer.problem(400, "body.broken").title, title, "{broken:?}");
        }
    }
    let latin = b"{\"note\":\"\xe9\"}".to_vec();
    call(&reader, &slug).body("application/json", latin).send().problem(400, "body.broken");
    for other in ["[]", "null", "7", "\"text\""] {
        let answer = call(&reader, &slug).body("application/json", other.into()).send();
        assert_eq!(answer.problem(422, "field.invalid").field.as_deref(), Some("body"));
    }
    reader.assert_nothing_stored();
}

#[test]
fn a_duplicate_member_is_refused_and_an_unknown_one_skipped() {
    let site = Site::open();
    let writer = site.writer("Ivy", Cny);
    let (slug, reader) = (writer.article(), site.person("Jo"));
    let valid = good(&writer).to_string();
    let send = |text: &str, lang| {
        call(&reader, &slug).lang(lang).body("application/json", text.into()).send()
    };
    let twice = valid.replace("\"minor\":100", "\"minor\":100,\"minor\":20000");
    assert_ne!(twice, valid);
    for (lang, words) in [(En, "“minor” twice"), (ZhHans, "两个“minor”")] {
        let problem = send(&twice, lang).problem(400, "body.duplicate_member");
        assert!(problem.detail.contains(words), "{}", problem.detail);
    }
    // What the API does not know is skipped, whatever its size and depth.
    let zeros = vec!["0"; 5_000].join(",");
    for unknown in [zeros, format!("{}{}", "[".repeat(100), "]".repeat(100))] {
        let more = valid.replacen('{', &format!("{{\"a\":[{unknown}],"), 1);
        call(&reader, &slug).body("application/json", more.into()).send().expect(201);
    }
    let deep = "{\"a\":".repeat(2_000);
    call(&reader, &slug).body("application/json", deep.into()).send().problem(400, "body.broken");
}

#[test]
fn unsafe_requests_with_a_cookie_or_to_sign_in_need_an_origin() {
    let site = Site::open();
    let reader = site.person("Kim");
    for path in ["/me", "/sign-out", "/api/v1/me"] {
        let call = reader.call("POST", path).without_origin().json(&json!({}));
        let answer = call.send();
        assert_eq!(answer.status, 403, "{answer}");
    }
    for path in ["/guest", "/sign-in"] {
        let kind = "application/x-www-form-urlencoded";
        let answer = site.call("POST", path).body(kind, b"return=/".to_vec()).send();
        assert_eq!(answer.status, 403, "{answer}");
    }
}

#[test]
fn a_wrong_content_type_is_415() {
    let site = Site::open();
    let writer = site.writer("Eve", Cny);
    let (slug, reader) = (writer.article(), site.person("Fay"));
    let text = good(&writer).to_string().into_bytes();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "text/json", "", "json"] {
        for (lang, words) in [(En, "as application/json"), (ZhHans, "以 application/json")] {
            let answer = call(&reader, &slug).lang(lang).body(kind, text.clone()).send();
            let problem = answer.problem(415, "body.wrong_content_type");
            assert!(problem.detail.contains(words), "{}", problem.detail);
        }
    }
    let path = format!("/a/{}/praise", encode(&slug));
    let sent = reader.call("POST", &path).json(&json!({ "preset": "100" })).send();
    assert_eq!(sent.expect(415).page().text_of("h1"), "Wrong content type");
    reader.assert_nothing_stored();
    let kind = "Application/JSON; charset=utf-8";
    call(&reader, &slug).body(kind, text).send().expect(201);
}

#[test]
fn a_wrong_field_is_named() {
    let site = Site::open();
    let writer = site.writer("Gil", Cny);
    let (slug, reader) = (writer.article(), site.person("Hana"));
    for (pointer, value, field, code) in [
        ("/amount", json!(null), "amount", "field.invalid"),
        ("/amount", json!(1000), "amount", "field.invalid"),
        ("/amount/currency", json!(null), "amount.currency", "field.invalid"),
        ("/visibility", json!(null), "visibility", "field.invalid"),
        ("/visibility", json!("everyone"), "visibility", "field.invalid"),
        ("/visibility", json!(1), "visibility", "field.invalid"),
        ("/note", json!(7), "note", "field.invalid"),
        ("/note", json!("好".repeat(141)), "note", "text.too_long"),
        ("/note", json!(format!("a{}", "\u{301}".repeat(5_000))), "note", "text.too_long"),
    ] {
        let mut request = good(&writer);
        request["note"] = json!("fine");
        *request.pointer_mut(pointer).expect("a member") = value;
        for (lang, quote) in [(En, format!("`{field}`")), (ZhHans, format!("“{field}”"))] {
            let problem = call(&reader, &slug).lang(lang).json(&request).send().problem(422, code);
            assert_eq!(problem.field.as_deref(), Some(field), "{request}");
            assert!(problem.detail.contains(&quote), "{}", problem.detail);
        }
    }
    reader.assert_nothing_stored();
}

#[test]
fn a_request_without_a_session_is_401() {
    let site = Site::open();
    let writer = site.writer("Ida", Cny);
    let slug = writer.article();
    let nobody = Person { session: "a-session-that-never-was".into(), ..site.person("Jo") };
    for (lang, title) in [(En, "Please sign in"), (ZhHans, "请先登录")] {
        let answer = call(&nobody, &slug).lang(lang).json(&good(&writer)).send();
        assert_eq!(answer.problem(401, "sign_in_needed").title, title);
    }
    let path = format!("/api/v1/articles/{}/praises", encode(&slug));
    let call = site.call("POST", &path).header("Idempotency-Key", &unique::key());
    call.json(&good(&writer)).send().problem(401, "sign_in_needed");
    // Signing out ends a session everywhere at once.
    let reader = site.person("Kay");
    reader.call("POST", "/sign-out").send().see_other();
    self::call(&reader, &slug).json(&good(&writer)).send().problem(401, "sign_in_needed");
}

#[test]
fn a_request_from_another_site_is_403() {
    let site = Site::open();
    let writer = site.writer("Lu", Cny);
    let (slug, reader) = (writer.article(), site.person("Mo"));
    let page_path = format!("/a/{}/praise", encode(&slug));
    let form = reader.get(&page_path).page().form_to(&page_path);
    let form = form.with("preset", "100").with("visibility", "public").with("step", "pay");
    let open = reader.start(&slug, writer.money(100));
    let cancel = format!("/i/{}/cancel", open.intent.id);
    for (name, value) in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://localhost.evil.example"),
    ] {
        for (lang, title) in [(En, "Request from another site"), (ZhHans, "请求来自其他网站")]
        {
            let api = call(&reader, &slug).lang(lang).header(name, value).json(&good(&writer));
            assert_eq!(api.send().problem(403, "cross_site").title, title);
            // As a browser would submit another site's form: with the cookie, without our origin.
            let mut text = form_urlencoded::Serializer::new(String::new());
            text.extend_pairs(&form.fields);
            let kind = "application/x-www-form-urlencoded";
            let body = text.finish().into_bytes();
            for path in [page_path.as_str(), "/me", "/sign-in", "/sign-out", "/language", &cancel] {
                let call = reader.call("POST", path).lang(lang).header(name, value);
                let page = call.body(kind, body.clone()).send().expect(403).page();
                assert_eq!(page.text_of("h1"), title, "{path}");
            }
        }
    }
    assert_eq!(reader.open_attempts(), 1, "an attempt was started or cancelled");
    assert_eq!(reader.get("/api/v1/me").expect(200).json()["name"], "Mo");
    // Reading is open to everybody, because it changes nothing.
    reader.call("GET", "/").header("Sec-Fetch-Site", "cross-site").send().expect(200);
}

#[test]
fn a_request_for_an_unknown_article_is_404() {
    let site = Site::open();
    let writer = site.writer("Nan", Cny);
    let reader = site.person("Oz");
    for (lang, title) in [(En, "Not found"), (ZhHans, "没有找到")] {
        let answer = call(&reader, "no-such-article").lang(lang).json(&good(&writer)).send();
        assert_eq!(answer.problem(404, "not_found").title, title);
    }
    reader.assert_nothing_stored();
}
