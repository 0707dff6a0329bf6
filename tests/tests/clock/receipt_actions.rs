//! What a reader can do with a praise as time passes.

use shared::machine::PraiseState::{Held, Returned};
use shared::machine::Visibility::{Anonymous, Public};
use shared::money::Currency::Cny;
use tests::person::body;

use crate::Clock;

#[test]
fn after_ten_minutes_take_back_replaces_undo_and_asks_for_confirmation() {
    let clock = Clock::take();
    clock.next_morning();
    let writer = clock.writer("Ada", Cny);
    let slug = writer.article();
    let reader = clock.person("Ben");
    let request = body(writer.money(888), Public, None);
    let praise = reader.give(&slug, &request).praise.expect("a praise");
    let path = format!("/me/praises/{}", praise.id);
    let undo = reader.get(&path).expect(200).page().form_to(&format!("{path}/undo"));
    clock.advance_s(10 * 60 + 1);

    // The tab was open too long: the page says so and offers what is possible instead.
    let page = reader.submit(&undo).expect(409).page();
    assert!(page.text_of("[role=alert]").contains("Too late to undo"));
    assert_eq!(reader.praises()[0].state, Held);
    let details = page.text_of("details.option");
    assert!(details.contains("3 take-backs left this month"), "{details}");
    let take_back = page.form_to(&format!("{path}/take-back"));
    assert_eq!(reader.submit(&take_back).see_other(), path);
    clock.run_jobs();
    let page = reader.get(&path).expect(200).page();
    assert_eq!(reader.praises()[0].state, Returned);
    assert!(page.text_of(".timeline").contains("You took it back"));
    assert!(page.all(".timeline .coming").is_empty(), "nothing is left to happen");
    assert!(page.all("form[action$='/take-back']").is_empty());
}

#[test]
fn a_writers_reply_is_shown_on_the_receipt() {
    let clock = Clock::take();
    clock.next_morning();
    let writer = clock.writer("Ada", Cny);
    let slug = writer.article();
    let reader = clock.person("Ben");
    let request = body(writer.money(888), Anonymous, Some("for you"));
    let praise = reader.give(&slug, &request).praise.expect("a praise");
    let (receipt, path) =
        (format!("/me/praises/{}", praise.id), format!("/studio/praises/{}", praise.id));
    writer.person.get(&path).expect(404);
    clock.advance_s(10 * 60 + 1);

    let page = writer.person.get("/studio").expect(200).page();
    assert_eq!(page.attributes("li.row .row-foot a", "href"), [path.as_str()]);
    let page = writer.person.get(&path).expect(200).page();
    let text = page.text();
    assert!(text.contains("¥8.88 from an anonymous reader") && text.contains("for you"), "{text}");
    assert!(!text.contains("Ben"), "{text}");
    // Too long: the text is kept in the form and nothing is sent.
    let form = page.form_to(&format!("{path}/reply"));
    let long = "ever so much ".repeat(20);
    let page = writer.person.submit(&form.clone().with("text", &long)).expect(422).page();
    assert_eq!(page.text_of("#reply-error"), "Your reply is too long. Use at most 140 characters.");
    let form_again = page.form_to(&format!("{path}/reply"));
    assert_eq!(form_again.value("text").map(str::trim), Some(long.trim()));
    let said = writer.person.submit(&form.clone().with("text", "Thank you, whoever you are."));
    assert_eq!(said.see_other(), path);
    let page = writer.person.get(&path).expect(200).page();
    assert!(page.text_of(".thanks").contains("Thank you, whoever you are."));
    assert!(page.all("form[action$='/reply']").is_empty(), "a second reply");
    let other = form.with("text", "And another thing");
    let page = writer.person.submit(&other).expect(409).page();
    assert!(page.text_of(".thanks").contains("Thank you, whoever you are."));
    let thanks = reader.get(&receipt).expect(200).page().text_of(".thanks");
    assert_eq!(thanks, "Reply from Ada writesThank you, whoever you are.");
}
