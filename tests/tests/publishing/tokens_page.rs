//! `/studio/tokens`: a token is created and shown once, listed without its value, revoked.

use serde_json::json;
use shared::money::Currency::Cny;
use tests::Site;

#[test]
fn a_token_is_created_shown_once_and_revoked() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let page = writer.person.get("/studio/tokens").expect(200).page();
    let form = page.form_to("/studio/tokens").with("label", "my <laptop>");
    let page = writer.person.submit(&form).expect(200).page();
    let token = page.text_of("code.secret");
    assert!(token.starts_with("praise_"), "{token}");
    let article = json!({ "title": "By a form's token", "lang": "en", "markdown": "Text." });
    let send = || {
        let call = site.call("POST", "/api/v1/studio/articles");
        call.header("Authorization", &format!("Bearer {token}")).json(&article).send()
    };
    send().expect(201);

    let again = writer.person.get("/studio/tokens").expect(200);
    assert!(!again.text().contains(&token), "the token is shown a second time");
    let page = again.page();
    assert_eq!(page.texts("li.token strong"), ["my <laptop>"]);
    let list = writer.person.get("/api/v1/studio/tokens").expect(200).json();
    assert_eq!(list["items"][0]["label"], "my <laptop>");
    assert_eq!(list["items"][0]["scope"], "publish");
    assert!(list["items"][0].get("token").is_none());

    let form = page.form("li.token form");
    assert_eq!(writer.person.submit(&form).see_other(), "/studio/tokens");
    assert!(writer.person.get("/studio/tokens").page().all("li.token").is_empty());
    send().problem(401, "token_refused");
}

#[test]
fn a_label_that_does_not_fit_is_kept_for_correction() {
    let site = Site::open();
    let writer = site.writer("Bea", Cny);
    let long = "长".repeat(61);
    for (label, code) in [("", "text.empty"), (long.as_str(), "text.too_long")] {
        let page = writer.person.get("/studio/tokens").page();
        let form = page.form_to("/studio/tokens").with("label", label);
        let page = writer.person.submit(&form).expect(422).page();
        assert_eq!(page.one("#label").attr("value"), Some(label));
        assert_eq!(page.one("#label").attr("aria-invalid"), Some("true"));
        let body = json!({ "label": label });
        let call = writer.person.call("POST", "/api/v1/studio/tokens").json(&body);
        assert_eq!(call.send().problem(422, code).field.as_deref(), Some("label"));
    }
    let list = writer.person.get("/api/v1/studio/tokens").expect(200).json();
    assert_eq!(list["items"], json!([]));
}
