//! What a reader does with a praise afterwards, with only links and forms.

use shared::machine::Visibility::Public;
use shared::money::Currency::{Cny, Usd};
use tests::person::{body, wall};
use tests::{Person, Site, Writer, encode};

/// A writer's article, and a praise for it with the path of its receipt.
fn given(site: &Site, reader: &Person) -> (Writer, String, String) {
    let writer = site.writer("林小雨", Cny);
    let slug = writer.article();
    let request = body(writer.money(888), Public, Some("谢谢！"));
    let praise = reader.give(&slug, &request).praise.expect("a praise");
    (writer, slug, format!("/me/praises/{}", praise.id))
}

#[test]
fn a_receipt_shows_the_praise_and_the_next_step() {
    let site = Site::open();
    let reader = site.person("Ben");
    let (_, _, path) = given(&site, &reader);
    let me = reader.get("/me").expect(200).page();
    assert_eq!(me.attributes("li.row .row-foot a", "href"), [path.as_str()]);
    assert_eq!(me.text_of("dl.month dd"), "¥8.88 to one writer");
    let page = reader.get(&path).expect(200).page();
    assert_eq!(page.text_of(".give"), "You gave ¥8.88 to 林小雨 writes");
    assert!(page.text().contains("谢谢！"));
    assert_eq!(page.texts(".timeline li > strong")[..2], ["Paid", "Held for the writer"]);
    assert!(page.text_of(".timeline .coming").starts_with("Next Ready to pay out"));
    // Somebody else's receipt is not found, for reading or for any action.
    let other = site.person("Cleo");
    other.get(&path).expect(404);
    for action in ["undo", "take-back", "visibility"] {
        let path = format!("{path}/{action}");
        other.call("POST", &path).form(&[("visibility", "anonymous")]).send().expect(404);
    }
    assert_eq!(reader.praises()[0].visibility, Public);
}

#[test]
fn undo_needs_one_press() {
    let site = Site::open();
    let reader = site.person("Ben");
    let (writer, slug, path) = given(&site, &reader);
    let undo = reader.get(&path).expect(200).page().form_to(&format!("{path}/undo"));
    assert_eq!(reader.submit(&undo).see_other(), path);
    let page = reader.get(&path).expect(200).page();
    assert!(page.all("form[action$='/undo']").is_empty(), "it can be undone again");
    assert!(page.all("form[action$='/visibility']").is_empty(), "nothing is left to see");
    assert!(page.text_of(".timeline").contains("You undid it"));
    // Pressed again in another tab that was still open: idempotent.
    assert_eq!(reader.submit(&undo).see_other(), path);
    assert_eq!(wall(&site, &slug).count, 0);
    assert_eq!(writer.numbers().confirming, 0);
    assert!(reader.get("/me").page().all("dl.month").is_empty(), "it still counts");
}

#[test]
fn the_wall_follows_a_changed_visibility() {
    let site = Site::open();
    let reader = site.person("Ben");
    let (_, slug, path) = given(&site, &reader);
    assert_eq!(wall(&site, &slug).items.len(), 1);
    let form = reader.get(&path).expect(200).page().form_to(&format!("{path}/visibility"));
    assert_eq!(form.value("visibility"), Some("public"));
    let changed = reader.submit(&form.clone().with("visibility", "anonymous")).see_other();
    let page = reader.get(&changed).expect(200).page();
    assert_eq!(page.text_of("[role=status]"), "Saved. The wall is up to date.");
    let after = wall(&site, &slug);
    assert_eq!((after.items.len(), after.anonymous_count, after.count), (0, 1, 1));
    let nonsense = reader.submit(&form.with("visibility", "nobody"));
    assert_eq!(nonsense.expect(422).page().all("[role=alert]").len(), 1);
    assert_eq!(wall(&site, &slug).anonymous_count, 1);
}

#[test]
fn limits_accept_the_same_notations_as_amounts() {
    let site = Site::open();
    let writer = site.writer("Ann", Usd);
    let slug = writer.article();
    let reader = site.person("Ben");
    let page = reader.get("/me/limits").expect(200).page();
    let form = page.form("form#USD");
    assert_eq!((form.value("praise"), form.value("month")), (Some(""), Some("")));
    let saved = reader.submit(&form.with("praise", "２，５").with("day", "$20")).see_other();
    assert_eq!(saved, "/me/limits?saved=USD#USD");
    let page = reader.get("/me/limits?saved=USD").expect(200).page();
    assert_eq!(page.text_of("form#USD [role=status]"), "Saved.");
    assert!(page.all("form#CNY [role=status]").is_empty());
    let form = page.form("form#USD");
    assert_eq!((form.value("praise"), form.value("day")), (Some("2.50"), Some("20.00")));
    // It is in force immediately, and the refusal links here.
    let request = body(writer.money(251), Public, None);
    let refused = reader.start_with(&slug, &tests::unique::key(), &request);
    refused.problem(403, "rule.reader_own_praise");
    // The limit is shown before it is reached, on the page and in the sheet.
    let article = format!("/a/{}", encode(&slug));
    let page = reader.get(&format!("{article}/praise")).expect(200).page();
    let said = page.text_of("#form-amount-hint");
    assert!(said.ends_with("Within your own limits, you can give $2.50 more."), "{said}");
    let page = reader.get(&article).expect(200).page();
    assert_eq!(page.attributes("form[data-room]", "data-room"), ["250"]);
    // The entered values are kept, and nothing is saved while a field is invalid.
    let wrong = form.clone().with("praise", "lots").with("day", "10");
    let page = reader.submit(&wrong).expect(422).page();
    let kept = page.form("form#USD");
    assert_eq!((kept.value("praise"), kept.value("day")), (Some("lots"), Some("10")));
    assert_eq!(
        page.texts("form#USD .wrong"),
        ["Enter an amount from 0 to $30.00, or leave it empty."]
    );
    // A higher limit waits, and saving the shown values again does not change that.
    let raised = form.clone().with("day", "30");
    reader.submit(&raised).see_other();
    let page = reader.get("/me/limits").expect(200).page();
    let waiting = page.text_of("form#USD .raise");
    assert!(waiting.starts_with("Changes to $30.00 on "), "{waiting}");
    reader.submit(&page.form("form#USD")).see_other();
    assert_eq!(reader.get("/me/limits").page().text_of("form#USD .raise"), waiting);
}
