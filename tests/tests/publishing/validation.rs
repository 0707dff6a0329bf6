//! Articles that cannot be published; the answer names the invalid field.

use serde_json::json;
use shared::lang::Lang::{En, ZhHans};
use shared::limits::TITLE_MAX_GRAPHEMES;
use shared::money::Currency::Cny;
use tests::{Site, encode};

#[test]
fn a_refusal_names_the_field() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let good = json!({
        "account": writer.handle, "title": "A title", "lang": "en", "markdown": "Text.",
    });
    for (field, value, code) in [
        ("title", json!(null), "field.invalid"),
        ("title", json!(7), "field.invalid"),
        ("title", json!("  "), "text.empty"),
        ("title", json!("字".repeat(TITLE_MAX_GRAPHEMES + 1)), "text.too_long"),
        ("lang", json!(null), "field.invalid"),
        ("lang", json!("fr"), "field.invalid"),
        ("markdown", json!(null), "field.invalid"),
        ("markdown", json!(["a"]), "field.invalid"),
        ("markdown", json!(" \n\n "), "text.empty"),
        ("markdown", json!("<!-- nothing to read -->"), "text.empty"),
        ("author", json!({}), "field.invalid"),
        ("author", json!("x".repeat(500)), "text.too_long"),
        ("slug", json!("Not A Slug"), "field.invalid"),
        ("slug", json!("../../etc"), "field.invalid"),
        ("account", json!(1), "field.invalid"),
    ] {
        let mut article = good.clone();
        article[field] = value.clone();
        for (lang, quote) in [(En, format!("`{field}`")), (ZhHans, format!("“{field}”"))] {
            let call = writer.person.call("POST", "/api/v1/studio/articles").lang(lang);
            let problem = call.json(&article).send().problem(422, code);
            assert_eq!(problem.field.as_deref(), Some(field), "{value}");
            assert!(problem.detail.contains(&quote), "{}", problem.detail);
        }
    }
    let mut nameless = good.clone();
    nameless["title"] = json!("……");
    let call = writer.person.call("POST", "/api/v1/studio/articles").json(&nameless);
    assert_eq!(call.send().problem(422, "field.invalid").field.as_deref(), Some("slug"));
    assert_eq!(writer.numbers().articles, 0, "something was published");
    // The corrected article is published.
    writer.send(&good).expect(201);
}

#[test]
fn a_title_without_letters_needs_a_slug() {
    let site = Site::open();
    let writer = site.writer("Bea", Cny);
    let slug = tests::unique::name("dots");
    let article = json!({ "title": "……", "lang": "zh-Hans", "slug": slug, "markdown": "无言。" });
    writer.send(&article).expect(201);
    let page = site.get(&format!("/a/{}", encode(&slug))).expect(200).page();
    assert_eq!(page.text_of("h1"), "……");
}
