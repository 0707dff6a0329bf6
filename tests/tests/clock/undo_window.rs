//! The ten minutes in which the reader can undo: the writer sees only a count.

use serde_json::json;
use shared::calendar::{self, Moment};
use shared::machine::PraiseState::Held;
use shared::machine::Visibility::{Anonymous, Public, Writer as OnlyWriter};
use shared::money::Currency::{self, Cny, Usd};
use tests::Answer;
use tests::person::{body, wall};

use crate::Clock;

#[test]
fn the_writer_sees_the_praise_after_the_undo_window() {
    let clock = Clock::take();
    for currency in [Cny, Usd] {
        clock.next_morning();
        let writer = clock.writer("Ada", currency);
        let slug = writer.article();
        let reader = clock.person("Ben");
        let note = "for Ada's eyes";
        let request = body(writer.money(888), Public, Some(note));
        let praise = reader.give(&slug, &request).praise.expect("a praise");
        assert_eq!(wall(&clock, &slug).count, 1, "the wall does not wait");

        let hidden = |answer: Answer| {
            let text = answer.expect(200).text();
            assert!(!text.contains("8.88") && !text.contains(note), "too early: {text}");
            assert!(!text.contains("Ben") && !text.contains(&praise.id), "too early: {text}");
        };
        let numbers = writer.numbers();
        assert_eq!((numbers.confirming, numbers.held), (1, writer.money(0)));
        hidden(writer.person.get("/studio"));
        hidden(writer.person.get("/api/v1/studio/accounts"));
        let list = format!("/api/v1/studio/accounts/{}/praises", writer.handle);
        hidden(writer.person.get(&list));
        clock.advance_s(10 * 60 - 30);
        assert_eq!(writer.numbers().confirming, 1, "over before ten minutes");
        hidden(writer.person.get("/studio"));

        clock.advance_s(31);
        let numbers = writer.numbers();
        assert_eq!((numbers.confirming, numbers.held), (0, writer.money(888)));
        let rows = writer.praises();
        let [row] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((&row.id, row.state, row.amount), (&praise.id, Held, writer.money(888)));
        assert_eq!((row.reader_name.as_deref(), row.note.as_deref()), (Some("Ben"), Some(note)));
        // Held until the start of the seventh day after the payment, in the currency's time zone.
        let due_at = calendar::due_at(row.paid_at, currency, 7);
        assert_eq!((row.due_at, praise.due_at), (due_at, due_at));
        assert_eq!(due_at, row.paid_at.day(currency).plus(7).starts_at(currency));
        let page = writer.person.get("/studio").expect(200).page();
        let row = page.text_of("li.row");
        let held_until = format!("until {}", in_english(due_at, currency));
        for part in ["Ben", note, &writer.money(888).to_string(), &held_until] {
            assert!(row.contains(part), "{part} is not in: {row}");
        }
        assert_eq!(page.attributes("li.row .state + time", "datetime"), [due_at.to_rfc3339()]);
        assert_eq!(page.texts("dl.figures dd")[1], writer.money(888).to_string());
        // The reader sees the same date.
        assert!(reader.get("/me").page().text_of("li.row").contains(&held_until));
    }
}

#[test]
fn an_anonymous_reader_is_not_named_to_the_writer() {
    let clock = Clock::take();
    let writer = clock.writer("Cleo", Cny);
    let slug = writer.article();
    let (hana, quinn) = (clock.person("Hidden Hana"), clock.person("Quiet Quinn"));
    hana.give(&slug, &body(writer.money(300), Anonymous, Some("from nobody")));
    quinn.give(&slug, &body(writer.money(200), OnlyWriter, None));
    clock.advance_s(10 * 60 + 1);
    let names: Vec<_> = writer.praises().into_iter().map(|row| row.reader_name).collect();
    assert_eq!(json!(names), json!(["Quiet Quinn", null]));
    for path in ["/studio".to_owned(), format!("/api/v1/studio/accounts/{}/praises", writer.handle)]
    {
        let answer = writer.person.get(&path).expect(200);
        assert!(!answer.text().contains("Hana"), "{path} names somebody anonymous");
        assert!(answer.text().contains("from nobody"), "the note arrives all the same");
    }
}

/// The format `29 November 2026`.
fn in_english(moment: Moment, currency: Currency) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let local = moment.local(currency);
    format!("{} {} {}", local.day, MONTHS[usize::from(local.month) - 1], local.year)
}
