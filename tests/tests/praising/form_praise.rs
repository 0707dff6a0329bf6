//! One praise with only links and forms, as a browser without scripts does it.

use shared::lang::Lang::{En, ZhHans};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::http::SESSION_COOKIE;
use tests::person::wall;
use tests::{Person, Site, encode};

#[test]
fn a_praise_from_the_sign_in_to_the_wall() {
    let site = Site::open();
    let writer = site.writer("林小雨", Cny);
    let slug = writer.article();
    let person = site.person("Ben");
    let article = format!("/a/{}", encode(&slug));
    let form_path = format!("{article}/praise");

    // The article links to the form; the form leads to the sign-in and back.
    let page = site.get(&article).expect(200).page();
    assert_eq!(page.one("a#praise-link").attr("href"), Some(form_path.as_str()));
    let sign_in = site.get(&form_path).see_other();
    assert_eq!(sign_in, format!("/sign-in?return={}", encode(&form_path)));
    let page = site.get(&sign_in).expect(200).page();
    let people = page.all("form[action='/sign-in']");
    let mine = people.iter().position(|form| form.html().contains(&person.login));
    let choice = format!("form[action='/sign-in']:has(input[value='{}'])", person.login);
    assert!(mine.is_some(), "{} cannot be chosen", person.login);
    let form = page.form(&choice);
    let answer = site.call("POST", &form.action).form(&form.fields).send();
    assert_eq!(answer.see_other(), form_path);
    let cookie = answer.set_cookie(SESSION_COOKIE).expect("a session");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.contains(attribute), "{attribute} is not in {cookie}");
    }
    let session = cookie.split(';').next().expect("a token").to_owned();
    let reader = Person { session, ..person };

    // Fill in, review, pay.
    let page = reader.get(&form_path).expect(200).page();
    assert_eq!(page.text_of("h1"), "Praise 林小雨 writes");
    let form = page.form_to(&form_path);
    assert_eq!((form.value("preset"), form.value("visibility")), (None, None), "chosen already");
    let form = form.with("preset", "custom").with("amount", "8.88").with("note", "谢谢！");
    let form = form.with("visibility", "public").press("step", "review");
    let page = reader.submit(&form).expect(200).page();
    assert_eq!(page.text_of(".give"), "Give ¥8.88 to 林小雨 writes");
    assert!(page.text().contains("谢谢！"));
    let review = page.form_to(&form_path);
    let cashier = reader.submit(&review.clone().press("step", "pay")).see_other();
    assert!(cashier.starts_with("/sandbox/cashier/"), "{cashier}");
    // Pressing again leads to the same cashier.
    assert_eq!(reader.submit(&review.press("step", "pay")).see_other(), cashier);
    let page = reader.get(&cashier).expect(200).page();
    let result = reader.submit(&page.form_to(&cashier).press("action", "pay")).see_other();

    // The result, and where the praise appears.
    let page = reader.get(&result).expect(200).page();
    assert_eq!(page.text_of("h1"), "Thank you");
    assert!(page.text().contains("¥8.88") && page.text().contains("谢谢！"));
    assert!(page.text_of(".thanks").contains("Thank you for reading to the end."));
    assert_eq!(reader.get(&result).page().text_of("h1"), "Thank you", "reloading pays again");
    let page = site.get(&article).expect(200).page();
    assert_eq!(page.text_of("h2.count"), "1 person praised");
    assert_eq!(page.texts("ul.wall .name"), ["Ben"]);
    let page = reader.get("/me").expect(200).page();
    assert_eq!(page.texts("li.row .sum"), ["¥8.88"]);
    assert_eq!(page.texts("li.row .note"), ["谢谢！"]);
    let page = writer.person.get("/studio").expect(200).page();
    let figures = page.texts("dl.figures dd");
    assert_eq!(figures[0], "1", "confirming");
    assert!(page.all("li.row").is_empty(), "a row before the undo window is over");
    assert_eq!((reader.praises().len(), wall(&site, &slug).count), (1, 1));

    // After signing out the session is invalid.
    let page = reader.get("/me").page();
    assert_eq!(reader.submit(&page.form_to("/sign-out")).see_other(), "/");
    assert!(reader.get("/me").see_other().starts_with("/sign-in?return="));
}

#[test]
fn a_preset_amount_is_enough() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let reader = site.person("Ben");
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let page = reader.get(&path).expect(200).page();
    let presets = page.attributes("input[name=preset]", "value");
    assert_eq!(presets, ["100", "200", "500", "1000", "5000", "20000", "custom"]);
    assert_eq!(page.texts(".chips span"), ["¥1", "¥2", "¥5", "¥10", "¥50", "¥200"]);
    let form = page.form_to(&path).with("preset", "20000").with("visibility", "anonymous");
    let page = reader.submit(&form.press("step", "review")).expect(200).page();
    assert_eq!(page.text_of(".give"), "Give ¥200.00 to Ann writes");
}

#[test]
fn going_back_and_changing_a_value_is_another_praise() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let reader = site.person("Dan");
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let page = reader.get(&path).expect(200).page();
    let form = page.form_to(&path).with("preset", "100").with("visibility", Public.as_str());
    let form = form.with("note", "first").press("step", "review");
    let review = reader.submit(&form).expect(200).page().form_to(&path);
    let first = reader.submit(&review.clone().press("step", "pay")).see_other();
    // Back from the cashier with "change something": all entered values are kept.
    let page = reader.submit(&review.press("step", "edit")).expect(200).page();
    let form = page.form_to(&path);
    assert_eq!((form.value("preset"), form.value("note")), (Some("100"), Some("first")));
    assert_eq!(form.value("visibility"), Some("public"));
    let form = form.with("note", "second").press("step", "review");
    let review = reader.submit(&form).expect(200).page().form_to(&path);
    let second = reader.submit(&review.press("step", "pay")).see_other();
    assert_ne!(first, second);
    assert_eq!(reader.open_attempts(), 2);
}

#[test]
fn going_back_and_submitting_again_is_the_same_attempt() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let reader = site.person("Dan");
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let press = |note: &str| {
        // The form is loaded again, so it has a new key.
        let form = reader.get(&path).expect(200).page().form_to(&path);
        let form = form.with("preset", "100").with("visibility", "public").with("note", note);
        let review = reader.submit(&form.press("step", "review")).expect(200);
        // The browser must keep the page to which the back button leads from the cashier.
        assert_eq!(review.header("cache-control"), Some("private, no-cache"));
        reader.submit(&review.page().form_to(&path).press("step", "pay")).see_other()
    };
    let first = press("first");
    assert_eq!(press("first"), first);
    assert_eq!(reader.open_attempts(), 1);
    let other = press("other");
    assert_ne!(other, first);
    assert_eq!(reader.open_attempts(), 2);
    // After the payment, the same values are another praise.
    reader.call("POST", &first).form(&[("action", "pay")]).send().see_other();
    assert_ne!(press("first"), first);
    assert_eq!((reader.open_attempts(), reader.praises().len()), (2, 1));
    // Whoever uses the browser next cannot go back to any of it, with or without signing in.
    let other = site.person("Gwen");
    let fields = [("provider", "sandbox"), ("subject", other.login.as_str()), ("return", "/")];
    let over = reader.call("POST", "/sign-in").form(&fields).send();
    assert_eq!(over.header("clear-site-data"), Some("\"cache\""));
    // The session that the browser had is over.
    reader.get("/me").expect(303);
    let new = site.call("POST", "/sign-in").form(&fields).send();
    assert_eq!(new.header("clear-site-data"), None, "public pages stay cached");
    let reader = site.sign_in(&reader.login, &reader.subject, &reader.name);
    let out = reader.submit(&reader.get("/me").page().form_to("/sign-out"));
    assert_eq!(out.header("clear-site-data"), Some("\"cache\""));
}

#[test]
fn every_step_uses_the_readers_language() {
    let site = Site::open();
    let writer = site.writer("林小雨", Cny);
    let reader = site.person("阿力");
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let in_chinese = |method, path: &str| reader.call(method, path).cookie("lang", ZhHans.tag());
    let page = in_chinese("GET", &path).send().expect(200).page();
    assert_eq!(page.lang(), "zh-Hans");
    let form = page.form_to(&path).with("preset", "1000").with("visibility", "writer");
    let fields = form.press("step", "review").fields;
    let page = in_chinese("POST", &path).form(&fields).send().expect(200).page();
    assert_eq!(page.text_of(".give"), "赞赏林小雨 writes ¥10.00");
    let fields = page.form_to(&path).press("step", "pay").fields;
    let cashier = in_chinese("POST", &path).form(&fields).send().see_other();
    let page = in_chinese("GET", &cashier).send().expect(200).page();
    assert_eq!(page.texts("button[value=pay]"), ["支付 ¥10.00"]);
    let result = in_chinese("POST", &cashier).form(&[("action", "pay")]).send().see_other();
    let page = in_chinese("GET", &result).send().expect(200).page();
    assert_eq!(page.text_of("h1"), "谢谢你");
    // A language chosen in /me applies without this browser's cookie.
    let page = reader.get("/me").page();
    let saved = reader.submit(&page.form_to("/me").with("lang", "zh-Hans"));
    assert!(saved.set_cookie("lang").is_some_and(|cookie| cookie.starts_with("zh-Hans")));
    assert_eq!(reader.call("GET", &saved.see_other()).lang(En).send().page().lang(), "zh-Hans");
}

#[test]
fn a_name_that_is_too_long_is_kept_for_correction() {
    let site = Site::open();
    let reader = site.person("Short");
    let long = "名".repeat(25);
    let page = reader.get("/me").page();
    let page = reader.submit(&page.form_to("/me").with("name", &long)).expect(422).page();
    assert_eq!(page.one("#name").attr("value"), Some(long.as_str()));
    assert!(page.text_of(".wrong").contains("at most 24 characters"));
    assert_eq!(reader.get("/api/v1/me").json()["name"], "Short");
    let body = serde_json::json!({ "name": long });
    let problem = reader.call("PUT", "/api/v1/me").json(&body).send();
    assert_eq!(problem.problem(422, "text.too_long").field.as_deref(), Some("name"));
}

#[test]
fn only_the_browser_that_typed_them_gets_its_values_back() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let reader = site.person("Ben");
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let filled = |at: &str, cookie: Option<&str>| {
        let call = reader.call("GET", at);
        let call = match cookie {
            Some(value) => call.cookie("praise_form", value),
            None => call,
        };
        let form = call.send().expect(200).page().form_to(&path);
        let fields = ["preset", "amount", "note", "visibility"];
        fields.map(|name| form.value(name).unwrap_or_default().to_owned())
    };
    let empty = filled(&path, None);
    assert_eq!(empty[..3], ["", "", ""]);
    let link = format!("{path}?preset=custom&amount=88&note=hello&visibility=public");
    assert_eq!(filled(&link, None), empty, "a link has filled in the form");

    // Somebody who is not signed in sends the form.
    let typed =
        [("preset", "custom"), ("amount", "8.88"), ("note", "好"), ("visibility", "public")];
    let answer = site.call("POST", &path).form(&typed).send();
    let cookie = answer.set_cookie("praise_form").expect("a cookie").to_owned();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1800"] {
        assert!(cookie.contains(attribute), "{attribute} is not in {cookie}");
    }
    let cookie = cookie.split(';').next().expect("a value");
    let sign_in = site.get(&answer.see_other()).expect(200).page();
    let back = sign_in.attributes("input[name=return]", "value").remove(0);
    assert_eq!(filled(&back, Some(cookie)), ["custom", "8.88", "好", "public"]);
    assert_eq!(filled(&back, None), empty, "it was opened in another browser");
    assert_eq!(filled(&back, Some("another")), empty, "it was opened in another browser");
    let changed = back.replace("8.88", "88.8");
    assert_ne!(changed, back);
    assert_eq!(filled(&changed, Some(cookie)), empty, "an amount was changed");
}
