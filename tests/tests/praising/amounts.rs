//! Amounts: each is refused with its rule or accepted, through the API and the form, in both
//! languages, and nothing is stored for a refused one.

use serde_json::{Value as Json, json};
use shared::lang::Lang::{self, En, ZhHans};
use shared::money::Currency::{Cny, Usd};
use tests::html::Page;
use tests::{Answer, Person, Site, Writer, encode, unique};

fn request(minor: &str, currency: &str) -> Vec<u8> {
    // Written by hand, because no JSON library would produce some of these.
    format!(r#"{{"amount":{{"minor":{minor},"currency":"{currency}"}},"visibility":"public"}}"#)
        .into_bytes()
}

fn start(reader: &Person, slug: &str, key: &str, lang: Lang, body: Vec<u8>) -> Answer {
    let path = format!("/api/v1/articles/{}/praises", encode(slug));
    let call = reader.call("POST", &path).lang(lang).header("Idempotency-Key", key);
    call.body("application/json", body).send()
}

#[test]
fn amounts_through_the_api() {
    let site = Site::open();
    let min = |code| Some(json!({ "minor": 100, "currency": code }));
    let cap = |minor, code| Some(json!({ "minor": minor, "currency": code }));
    let cny = site.writer("Ann", Cny);
    let usd = site.writer("Bea", Usd);
    for (writer, minor, currency, status, code, field, limit) in [
        (&cny, "-1", "CNY", 422, "rule.praise_min", "amount", min("CNY")),
        (&cny, "0", "CNY", 422, "rule.praise_min", "amount", min("CNY")),
        (&cny, "99", "CNY", 422, "rule.praise_min", "amount", min("CNY")),
        (&cny, "20001", "CNY", 422, "rule.praise_cap", "amount", cap(20_000, "CNY")),
        (&cny, "20100", "CNY", 422, "rule.praise_cap", "amount", cap(20_000, "CNY")),
        (&cny, "9007199254740992", "CNY", 422, "rule.praise_cap", "amount", cap(20_000, "CNY")),
        (&cny, "9223372036854775807", "CNY", 422, "rule.praise_cap", "amount", cap(20_000, "CNY")),
        (&cny, "99999999999999999999", "CNY", 422, "field.invalid", "amount.minor", None),
        (&cny, "0.5", "CNY", 422, "field.invalid", "amount.minor", None),
        (&cny, "1e3", "CNY", 422, "field.invalid", "amount.minor", None),
        (&cny, "8.888", "CNY", 422, "field.invalid", "amount.minor", None),
        (&cny, "1000.0", "CNY", 422, "field.invalid", "amount.minor", None),
        (&cny, "\"1000\"", "CNY", 422, "field.invalid", "amount.minor", None),
        (&cny, "\"１００\"", "CNY", 422, "field.invalid", "amount.minor", None),
        (&cny, "null", "CNY", 422, "field.invalid", "amount.minor", None),
        (&cny, "NaN", "CNY", 400, "body.broken", "", None),
        (&cny, "１００", "CNY", 400, "body.broken", "", None),
        (&cny, "1000", "USD", 422, "rule.currency", "amount", None),
        (&cny, "1000", "EUR", 422, "field.invalid", "amount.currency", None),
        (&cny, "1000", "cny", 422, "field.invalid", "amount.currency", None),
        (&usd, "99", "USD", 422, "rule.praise_min", "amount", min("USD")),
        (&usd, "3001", "USD", 422, "rule.praise_cap", "amount", cap(3_000, "USD")),
        (&usd, "20000", "USD", 422, "rule.praise_cap", "amount", cap(3_000, "USD")),
        (&usd, "1000", "CNY", 422, "rule.currency", "amount", None),
    ] {
        let slug = writer.article();
        let reader = site.person("Cid");
        let key = unique::key();
        let mut titles = Vec::new();
        for lang in [En, ZhHans] {
            let answer = start(&reader, &slug, &key, lang, request(minor, currency));
            let problem = answer.problem(status, code);
            assert_eq!(problem.field.as_deref().unwrap_or_default(), field, "{minor} {currency}");
            assert_eq!(problem.limit.map(|limit| json!(limit)), limit, "{minor} {currency}");
            assert_eq!(answer.header("content-language"), Some(lang.tag()));
            titles.push(problem.title);
        }
        assert_ne!(titles[0], titles[1], "the same words in both languages");
        reader.assert_nothing_stored();
        // A refused request does not use up its key.
        let good = request("100", writer.currency.code());
        start(&reader, &slug, &key, En, good).expect(201);
    }
}

#[test]
fn amounts_at_the_bounds_are_accepted() {
    let site = Site::open();
    for (currency, cap) in [(Cny, 20_000), (Usd, 3_000)] {
        let writer = site.writer("Dot", currency);
        let slug = writer.article();
        let reader = site.person("Eve");
        for minor in [100, 101, cap - 1, cap] {
            let body = request(&minor.to_string(), currency.code());
            let answer = start(&reader, &slug, &unique::key(), En, body).expect(201);
            assert_eq!(answer.json()["intent"]["amount"]["minor"], minor);
        }
    }
}

/// Submits an amount typed into the form for review.
fn review(reader: &Person, slug: &str, lang: Lang, preset: &str, typed: &str) -> Answer {
    let path = format!("/a/{}/praise", encode(slug));
    let form = reader.get(&path).expect(200).page().form_to(&path);
    let form = form.with("preset", preset).with("amount", typed).with("note", "keep me");
    let form = form.with("visibility", "public").press("step", "review");
    reader.call("POST", &path).cookie("lang", lang.tag()).form(&form.fields).send()
}

#[test]
fn amounts_typed_into_the_form() {
    let site = Site::open();
    let (cny, usd) = (site.writer("Fay", Cny), site.writer("Gil", Usd));
    let not_a_number = ["in plain digits", "请用数字输入金额"];
    let too_precise = ["at most two decimal places", "最多两位小数"];
    let missing = ["Choose an amount", "请选择或输入金额"];
    let (min, cap) = (
        ["smallest praise is ¥1.00", "最低金额为 ¥1.00"],
        ["largest praise is ¥200.00", "最高金额为 ¥200.00"],
    );
    let usd_cap = ["largest praise is $30.00", "最高金额为 $30.00"];
    for (writer, preset, typed, words) in [
        (&cny, "custom", "-1", not_a_number),
        (&cny, "custom", "1e3", not_a_number),
        (&cny, "custom", "NaN", not_a_number),
        (&cny, "custom", "$5", not_a_number),
        (&cny, "custom", "5 USD", not_a_number),
        (&cny, "custom", "8.888", too_precise),
        (&cny, "custom", "1,000", too_precise),
        (&cny, "custom", "0", min),
        (&cny, "custom", "0.5", min),
        (&cny, "custom", "201", cap),
        (&cny, "custom", "9007199254740992", cap),
        (&cny, "custom", "", missing),
        (&cny, "", "", missing),
        (&cny, "20001", "", cap),
        (&cny, "-100", "", min),
        (&cny, "1e3", "", not_a_number),
        (&usd, "custom", "31", usd_cap),
        (&usd, "custom", "¥5", not_a_number),
    ] {
        let slug = writer.article();
        let reader = site.person("Hana");
        for (lang, words) in [En, ZhHans].into_iter().zip(words) {
            let page = review(&reader, &slug, lang, preset, typed).expect(422).page();
            assert_eq!(page.lang(), lang.tag());
            let wrong = page.text_of("#form-amount-error");
            assert!(wrong.contains(words), "{typed:?}: {wrong}");
            assert_kept(&page, writer, &slug, typed);
        }
        reader.assert_nothing_stored();
    }
}

/// Asserts that all entered values are still in the form, with the error beside its field.
fn assert_kept(page: &Page, _: &Writer, slug: &str, typed: &str) {
    let form = page.form_to(&format!("/a/{}/praise", encode(slug)));
    assert_eq!(form.value("amount"), Some(typed));
    assert_eq!(form.value("note"), Some("keep me"));
    assert_eq!(form.value("visibility"), Some("public"));
    let input = page.one("#form-amount");
    assert_eq!(input.attr("aria-invalid"), Some("true"));
    let described = input.attr("aria-describedby").unwrap_or_default();
    assert!(described.split(' ').any(|id| id == "form-amount-error"), "{described}");
}

#[test]
fn common_notations_are_accepted() {
    let site = Site::open();
    let (cny, usd) = (site.writer("Ida", Cny), site.writer("Jo", Usd));
    for (writer, typed, shown) in [
        (&cny, "8.88", "¥8.88"),
        (&cny, "８.８８", "¥8.88"),
        (&cny, "8,88", "¥8.88"),
        (&cny, "１００", "¥100.00"),
        (&cny, " 10 ", "¥10.00"),
        (&cny, "￥5", "¥5.00"),
        (&cny, "200", "¥200.00"),
        (&usd, "$30", "$30.00"),
        (&usd, "0001.5", "$1.50"),
    ] {
        let slug = writer.article();
        let reader = site.person("Kay");
        for (lang, sentence) in [
            (En, format!("Give {shown} to {}", writer.account_name)),
            (ZhHans, format!("赞赏{} {shown}", writer.account_name)),
        ] {
            let page = review(&reader, &slug, lang, "custom", typed).expect(200).page();
            assert_eq!(page.text_of(".give"), sentence, "{typed:?}");
        }
        // If no radio button is chosen, the typed amount counts, because without scripts nothing
        // selects the radio button.
        let page = review(&reader, &slug, En, "", typed).expect(200).page();
        assert!(page.text_of(".give").contains(shown), "{typed:?}");
    }
}

#[test]
fn a_changed_hidden_field_is_refused_like_a_typed_one() {
    let site = Site::open();
    let writer = site.writer("Lu", Cny);
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let reader = site.person("Mo");
    let form = reader.get(&path).page().form_to(&path).with("visibility", "public");
    let form = form.with("step", "pay");
    for (preset, typed) in [("custom", "201"), ("99", ""), ("20001", ""), ("custom", "0")] {
        let form = form.clone().with("preset", preset).with("amount", typed);
        reader.submit(&form).expect(422);
    }
    reader.assert_nothing_stored();
    let json: Json = reader.get("/api/v1/me/praises").json();
    assert_eq!(json["items"], json!([]));
}
