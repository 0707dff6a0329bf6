//! A person's own settings: the name on the wall and the language.

use serde_json::json;
use shared::lang::Lang::{En, ZhHans};
use tests::Site;

#[test]
fn name_and_language_are_stored() {
    let site = Site::open();
    let reader = site.person("Ann");
    let me = reader.get("/api/v1/me").expect(200).json();
    assert_eq!((&me["name"], &me["lang"]), (&json!("Ann"), &json!(null)));
    let id = me["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("per_"), "{id}");
    for (sent, name, lang) in [
        (json!({"name": " 林  小雨 ", "lang": "zh-Hans"}), json!("林 小雨"), json!("zh-Hans")),
        (json!({"name": "Bea", "lang": "en-GB"}), json!("Bea"), json!("en")),
        (json!({"name": "", "lang": null}), json!(null), json!(null)),
        (json!({"name": "👨‍👩‍👧".repeat(24)}), json!("👨‍👩‍👧".repeat(24)), json!(null)),
    ] {
        let answer = reader.call("PUT", "/api/v1/me").json(&sent).send().expect(200).json();
        assert_eq!(answer, json!({ "id": id, "name": name, "lang": lang }), "{sent}");
        assert_eq!(reader.get("/api/v1/me").expect(200).json(), answer);
    }
}

#[test]
fn invalid_settings_are_refused_and_change_nothing() {
    let site = Site::open();
    let reader = site.person("Cid");
    for (sent, field, code) in [
        (json!({"name": 7}), "name", "field.invalid"),
        (json!({"name": "名".repeat(25)}), "name", "text.too_long"),
        (json!({"name": "Dot", "lang": "fr"}), "lang", "field.invalid"),
        (json!({"name": "Dot", "lang": 1}), "lang", "field.invalid"),
    ] {
        let mut details = Vec::new();
        for lang in [En, ZhHans] {
            let call = reader.call("PUT", "/api/v1/me").lang(lang).json(&sent);
            let problem = call.send().problem(422, code);
            assert_eq!(problem.field.as_deref(), Some(field), "{sent}");
            details.push(problem.detail);
        }
        assert_ne!(details[0], details[1], "the same words in both languages");
    }
    assert_eq!(reader.get("/api/v1/me").expect(200).json()["name"], "Cid");
}
