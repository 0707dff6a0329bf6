//! Praise without an account, and the signed link by which a guest comes back.

use shared::machine::IntentState;
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::http::SESSION_COOKIE;
use tests::person::{body, wall};
use tests::{Person, Site, encode, unique};

/// A guest who has paid. Returns the signed link and the page that shows it.
fn paid(site: &Site, guest: &Person, slug: &str) -> (String, tests::html::Page) {
    let amount = shared::money::Money::new(888, Cny);
    let started = guest.start_with(slug, &unique::key(), &body(amount, Public, None));
    let started = started.expect(201).read();
    let result = guest.at_cashier(&started, "pay");
    let page = guest.get(&result).expect(200).page();
    assert_eq!(guest.intent(&started.intent.id).state, IntentState::Paid);
    let link = page.one(".receipt-link a").attr("href").expect("a link").to_owned();
    assert!(site.get("/").status == 200 && link.starts_with("/r/prs_"), "{link}");
    (link, page)
}

#[test]
fn a_guest_from_the_article_to_the_wall() {
    let site = Site::open();
    let writer = site.writer("林小雨", Cny);
    let slug = writer.article();
    let form_path = format!("/a/{}/praise", encode(&slug));
    let sign_in = site.get(&form_path).see_other();
    let form = site.get(&sign_in).expect(200).page().form_to("/guest");
    let answer = site.call("POST", &form.action).form(&form.fields).send();
    assert_eq!(answer.see_other(), form_path);
    let cookie = answer.set_cookie(SESSION_COOKIE).expect("a session");
    assert!(cookie.contains("HttpOnly"), "{cookie}");
    let session = cookie.split(';').next().expect("a token").to_owned();
    let guest = Person { session: session.clone(), ..site.guest() };
    // Continuing as a guest again keeps the same person.
    let again = guest.call("POST", "/guest").form(&[("return", "/me")]).send();
    assert_eq!((again.see_other().as_str(), again.set_cookie(SESSION_COOKIE)), ("/me", None));
    let form = guest.get(&form_path).expect(200).page().form_to(&form_path);
    let form = form.with("preset", "200").with("visibility", "public");
    let review = guest.submit(&form.press("step", "review")).expect(200).page();
    let review = review.form_to(&form_path).press("step", "pay");
    let cashier = guest.submit(&review).see_other();
    let page = guest.get(&cashier).expect(200).page();
    let result = guest.submit(&page.form_to(&cashier).press("action", "pay")).see_other();
    let page = guest.get(&result).expect(200).page();
    assert_eq!(page.text_of("h1"), "Thank you");
    assert!(page.text_of(".receipt-link").contains("save this link"));
    let shown = wall(&site, &slug);
    assert_eq!((shown.count, shown.items[0].name.as_deref()), (1, None));
}

#[test]
fn the_link_alone_opens_the_receipt_and_takes_the_praise_back() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let guest = site.guest();
    let (link, _) = paid(&site, &guest, &slug);
    // In another browser, where nobody is signed in.
    let page = site.get(&link).expect(200);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let page = page.page();
    assert_eq!(page.text_of(".give"), "You gave ¥8.88 to Ann writes");
    let change = page.form_to(&format!("{link}/visibility")).with("visibility", "anonymous");
    let changed = site.call("POST", &change.action).form(&change.fields).send().see_other();
    assert_eq!(site.get(&changed).expect(200).page().all("[role=status]").len(), 1);
    assert_eq!(wall(&site, &slug).anonymous_count, 1);
    // The holder of the link cannot show the name again.
    let fields = [("visibility", "public")];
    let refused = site.call("POST", &change.action).form(&fields).send().expect(422);
    assert!(refused.page().all("form[action$='/visibility']").is_empty());
    assert_eq!(wall(&site, &slug).anonymous_count, 1);
    let undo = page.form_to(&format!("{link}/undo"));
    let undone = site.call("POST", &undo.action).form(&undo.fields).send();
    assert_eq!(undone.see_other(), link);
    assert_eq!(wall(&site, &slug).count, 0);
    assert!(site.get(&link).page().text_of(".timeline").contains("You undid it"));
}

#[test]
fn a_link_shows_the_readers_name_and_not_that_of_the_viewer() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let (link, _) = paid(&site, &site.guest(), &slug);
    let stranger = site.person("Somebody else");
    let page = stranger.get(&link).expect(200).page();
    let choices = page.text_of("form[action$='/visibility']");
    assert!(choices.contains("a reader") && !choices.contains("Somebody else"), "{choices}");
}

#[test]
fn a_link_stays_out_of_other_addresses() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let (link, _) = paid(&site, &site.guest(), &slug);
    let answer = site.get(&link).expect(200);
    assert_eq!(answer.header("referrer-policy"), Some("strict-origin"));
    let page = answer.page();
    for href in page.attributes("[href]", "href") {
        assert!(!href.contains("%2Fr%2F") && !href.contains("/r/prs_"), "{href}");
    }
    // Whoever signs in with a link as the place to return to is led to the front page.
    let sign_in = format!("/sign-in?return={}", encode(&link));
    let page = site.get(&sign_in).expect(200).page();
    assert!(
        page.attributes("form[action='/sign-in'] input[name=return]", "value")
            .iter()
            .all(|path| path == "/")
    );
    let guest = site.call("POST", "/guest").form(&[("return", &link)]).send();
    assert_eq!(guest.see_other(), "/");
    // Changing the language leads back to the receipt: its address is in the body only.
    let language = site.call("POST", "/language").form(&[("lang", "en"), ("return", &link)]).send();
    assert_eq!(language.see_other(), link);
}

#[test]
fn a_link_with_another_signature_is_not_found() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let (guest, other) = (site.guest(), site.guest());
    let (link, _) = paid(&site, &guest, &slug);
    let (others, _) = paid(&site, &other, &slug);
    let (praise, signature) = link.rsplit_once('.').expect("a signature");
    let (_, foreign) = others.rsplit_once('.').expect("a signature");
    for forged in [
        praise.to_owned(),
        format!("{praise}."),
        format!("{praise}.{foreign}"),
        format!("{praise}.{}", &signature[1..]),
        format!("{link}0"),
        "/r/nothing".to_owned(),
    ] {
        site.get(&forged).expect(404);
        for action in ["undo", "take-back", "visibility"] {
            let call = site.call("POST", &format!("{forged}/{action}"));
            call.form(&[("visibility", "anonymous")]).send().expect(404);
        }
    }
    assert_eq!(wall(&site, &slug).count, 2);
    // A guest is a person: another guest's praise is not theirs.
    let praise = praise.trim_start_matches("/r/").split('.').next().expect("an id");
    other.get(&format!("/me/praises/{praise}")).expect(404);
    guest.get(&format!("/me/praises/{praise}")).expect(200);
}

#[test]
fn a_guests_daily_cap_is_two_hundred() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let guest = site.guest();
    let start = |minor| {
        let request = body(writer.money(minor), Public, None);
        guest.start_with(&slug, &unique::key(), &request)
    };
    start(20_000).expect(201);
    let problem = start(100).problem(403, "rule.reader_day_cap");
    assert_eq!(problem.limit, Some(writer.money(20_000)));
}
