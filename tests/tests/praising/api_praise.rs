//! One praise through the API, from the start to the wall, `/me` and the studio.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use shared::api::{Page, ReaderPraise, StartedPraise};
use shared::calendar;
use shared::machine::Visibility::{Anonymous, Public, Writer as OnlyWriter};
use shared::machine::{IntentState, PraiseState};
use shared::money::Currency::{Cny, Usd};
use tests::person::{body, wall};
use tests::{Site, unique};

#[track_caller]
fn assert_members(json: &Json, members: &[&str]) {
    let found: BTreeSet<&str> =
        json.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(found, members.iter().copied().collect(), "{json}");
}

#[test]
fn a_praise_from_the_start_to_the_wall() {
    let site = Site::open();
    for (currency, minor) in [(Cny, 888), (Usd, 3_000)] {
        let writer = site.writer("Ada", currency);
        let slug = writer.article();
        let reader = site.person("Ben");
        let note = "写得真好 👨‍👩‍👧 <b>truly</b>";

        // Start: 201, with the payment URL.
        let key = unique::key();
        let request = body(writer.money(minor), Public, Some(note));
        let answer = reader.start_with(&slug, &key, &request).expect(201);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let shape = answer.json();
        assert_members(&shape, &["intent", "payment"]);
        assert_members(&shape["payment"], &["action", "provider", "url"]);
        let members = ["amount", "article", "expires_at", "id", "note", "state", "visibility"];
        assert_members(&shape["intent"], &members);
        assert_eq!(shape["intent"]["amount"], json!({"minor": minor, "currency": currency.code()}));
        assert_eq!(shape["intent"]["state"], "awaiting_payment");
        assert_eq!(shape["payment"]["provider"], "sandbox");
        assert_eq!(shape["payment"]["action"], "redirect");
        let started: StartedPraise = answer.read();
        let id = &started.intent.id;
        assert!(id.starts_with("int_"), "{id}");
        assert_eq!(answer.header("location"), Some(format!("/api/v1/intents/{id}").as_str()));
        assert_eq!(reader.intent(id), started.intent);
        let left_s = (started.intent.expires_at.ms() - site.now().ms()) / 1000;
        assert!((29 * 60..=30 * 60).contains(&left_s), "{left_s} s to pay");
        assert_eq!(wall(&site, &slug).count, 0, "not before it is paid");
        assert_eq!(writer.numbers().confirming, 0);
        assert_eq!(reader.praises(), []);

        // Pay: the cashier leads back to the result.
        let url = started.payment.url.as_deref().expect("a cashier");
        let cashier = reader.get(url).expect(200).page();
        assert_eq!(cashier.text_of(".total"), writer.money(minor).to_string());
        assert!(cashier.text().contains(&writer.account_name));
        assert_eq!(reader.at_cashier(&started, "pay"), format!("/i/{id}"));

        // Booked: the intent has its praise.
        let intent = reader.intent(id);
        assert_eq!(intent.state, IntentState::Paid);
        let praise = intent.praise.expect("a praise");
        assert!(praise.id.starts_with("prs_"));
        assert_eq!(praise.state, PraiseState::Held);

        // The reader's list contains it.
        let given: Page<ReaderPraise> = reader.get("/api/v1/me/praises").expect(200).read();
        let [given] = &given.items[..] else { panic!("{given:?}") };
        assert_eq!((&given.id, given.state), (&praise.id, PraiseState::Held));
        assert_eq!(given.amount, writer.money(minor));
        assert_eq!(given.note.as_deref(), Some(note));
        assert_eq!(
            (&given.article.slug, &given.article.account_name),
            (&slug, &writer.account_name)
        );
        let due_at = calendar::due_at(given.paid_at, currency, 7);
        assert_eq!((given.due_at, praise.due_at), (due_at, due_at));

        // The wall shows the reader's name; the writer sees only that there is one.
        let wall = wall(&site, &slug);
        assert_eq!((wall.count, wall.anonymous_count), (1, 0));
        assert_eq!(wall.items[0].name.as_deref(), Some("Ben"));
        let numbers = writer.numbers();
        assert_eq!((numbers.confirming, numbers.articles), (1, 1));
        assert_eq!((numbers.held, numbers.due), (writer.money(0), writer.money(0)));
        assert_eq!(writer.praises(), []);
        let studio = writer.person.get("/studio").expect(200).page();
        assert!(!studio.text().contains("写得真好"), "the note is shown too early");

        // Repeating the request returns the same praise.
        let again: StartedPraise = reader.start_with(&slug, &key, &request).expect(201).read();
        assert_eq!(&again.intent.id, id);
        assert_eq!(json!(again.payment), json!({"provider": "sandbox", "action": "none"}));
        assert_eq!(reader.praises().len(), 1);
    }
}

#[test]
fn only_a_public_praise_puts_a_name_on_the_wall() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let slug = writer.article();
    site.person("Dan Public").give(&slug, &body(writer.money(100), Public, None));
    site.person("Eve Writer").give(&slug, &body(writer.money(200), OnlyWriter, None));
    site.person("Fay Nobody").give(&slug, &body(writer.money(300), Anonymous, None));
    let wall = wall(&site, &slug);
    assert_eq!((wall.count, wall.anonymous_count), (3, 2));
    let names: Vec<_> = wall.items.iter().map(|tile| tile.name.as_deref()).collect();
    assert_eq!(names, [Some("Dan Public")]);
    assert_eq!(writer.numbers().confirming, 3);
}

#[test]
fn a_note_is_delivered_unchanged() {
    let site = Site::open();
    let writer = site.writer("Gil", Cny);
    let slug = writer.article();
    let reader = site.person("Hana");
    for (note, stored) in [
        (json!("  two\r\nlines  "), json!("two\nlines")),
        (json!("a\u{202E}b\u{200B}c"), json!("abc")),
        (json!("   "), json!(null)),
        (json!(null), json!(null)),
        (json!("👨‍👩‍👧".repeat(140)), json!("👨‍👩‍👧".repeat(140))),
        (json!("'); DROP TABLE praise; --"), json!("'); DROP TABLE praise; --")),
    ] {
        let mut request = body(writer.money(100), Public, None);
        request["note"] = note;
        let intent = reader.give(&slug, &request);
        assert_eq!(json!(intent.note), stored);
        assert_eq!(json!(reader.praises()[0].note), stored);
    }
}

#[test]
fn an_open_attempt_does_not_prevent_another() {
    let site = Site::open();
    let writer = site.writer("Ines", Cny);
    let slug = writer.article();
    let reader = site.person("Jo");
    let first = reader.start(&slug, writer.money(100));
    let second = reader.start(&slug, writer.money(100));
    assert_ne!(first.intent.id, second.intent.id);
    assert_eq!(reader.open_attempts(), 2);
    reader.at_cashier(&second, "pay");
    assert_eq!(reader.open_attempts(), 1);
    reader.at_cashier(&first, "pay");
    assert_eq!((reader.open_attempts(), reader.praises().len()), (0, 2));
    assert_eq!(wall(&site, &slug).count, 1);
}
