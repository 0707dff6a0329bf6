//! What else the form refuses: each error beside its field, with all values kept.

use shared::lang::Lang::{En, ZhHans};
use shared::money::Currency::Cny;
use tests::http::SESSION_COOKIE;
use tests::{Site, encode};

#[test]
fn all_errors_are_shown_at_once() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let reader = site.person("Ben");
    let note = "好".repeat(141);
    for (lang, note_words, who_words) in [
        (En, "at most 140 characters", "Choose who can see"),
        (ZhHans, "最多 140 字", "请选择是否公开"),
    ] {
        let form = reader.get(&path).page().form_to(&path).with("note", &note);
        let form = form.press("step", "review");
        let call = reader.call("POST", &path).cookie("lang", lang.tag()).form(&form.fields);
        let page = call.send().expect(422).page();
        assert!(page.text_of("#form-note-error").contains(note_words));
        assert!(page.text_of("#form-visibility-error").contains(who_words));
        assert!(!page.text_of("#form-amount-error").is_empty());
        assert_eq!(page.form_to(&path).value("note"), Some(note.as_str()));
        assert_eq!(page.texts("[role=alert].refusal").len(), 1, "nothing says so at the top");
    }
    reader.assert_nothing_stored();
}

#[test]
fn a_note_of_140_graphemes_is_accepted() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let reader = site.person("Dan");
    for note in
        ["好".repeat(140), "👨‍👩‍👧".repeat(140), format!("{}\r\n{}", "a".repeat(70), "b".repeat(69))]
    {
        let form = reader.get(&path).page().form_to(&path).with("note", &note);
        let form = form.with("preset", "100").with("visibility", "public");
        reader.submit(&form.press("step", "review")).expect(200);
    }
}

#[test]
fn a_form_without_its_key_is_refused() {
    let site = Site::open();
    let writer = site.writer("Eve", Cny);
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let reader = site.person("Fay");
    let fields = [("preset", "100"), ("visibility", "public"), ("step", "pay"), ("key", "short")];
    let page = reader.call("POST", &path).form(&fields).send().expect(400).page();
    assert!(page.text_of(".refusal").contains("Idempotency-Key"));
    reader.call("POST", &path).form(&fields[..3]).send().expect(400);
    reader.assert_nothing_stored();
}

#[test]
fn a_form_without_a_session_leads_to_the_sign_in_and_back() {
    let site = Site::open();
    let writer = site.writer("Gil", Cny);
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let reader = site.person("Hana");
    let form = reader.get(&path).page().form_to(&path);
    let form = form.with("preset", "custom").with("amount", "8,88").with("note", "a & b? 好 #1");
    let form = form.with("visibility", "writer").press("step", "review");
    for session in [None, Some("a-session-that-never-was")] {
        let mut call = site.call("POST", &path).form(&form.fields);
        if let Some(token) = session {
            call = call.cookie(SESSION_COOKIE, token);
        }
        let refused = call.send();
        let sign_in = refused.see_other();
        let bound = refused.set_cookie("praise_form").expect("a cookie that binds the form");
        let bound = bound.split(';').next().expect("a value");
        let page = site.get(&sign_in).expect(200).page();
        let choose =
            page.form(&format!("form[action='/sign-in']:has(input[value='{}'])", reader.login));
        let back = site.call("POST", "/sign-in").form(&choose.fields).send().see_other();
        let call = reader.call("GET", &back).cookie("praise_form", bound);
        let page = call.send().expect(200).page();
        let restored = page.form_to(&path);
        for name in ["preset", "amount", "note", "visibility"] {
            assert_eq!(restored.value(name), form.value(name), "{name} is lost");
        }
        assert_ne!(restored.value("key"), form.value("key"), "a new form has a new key");
    }
    reader.assert_nothing_stored();
}

#[test]
fn an_unknown_article_is_not_found() {
    let site = Site::open();
    let reader = site.person("Ida");
    reader.get("/a/no-such-article/praise").expect(404).page();
    let fields = [("preset", "100"), ("visibility", "public"), ("step", "review")];
    reader.call("POST", "/a/no-such-article/praise").form(&fields).send().expect(404).page();
    reader.assert_nothing_stored();
}
