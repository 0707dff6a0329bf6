//! What can be done about a praise as its days go by.

use shared::machine::PraiseState::{Held, Returned};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::body;

use crate::Clock;

#[test]
fn after_ten_minutes_it_is_taken_back_and_asks_once_more() {
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

    // The tab was open too long: it says so, and shows what can be done instead.
    let page = reader.submit(&undo).expect(409).page();
    assert!(page.text_of("[role=alert]").contains("Too late to undo"));
    assert_eq!(reader.praises()[0].state, Held);
    let details = page.text_of("details.option");
    assert!(details.contains("3 more praises this month"), "{details}");
    let take_back = page.form_to(&format!("{path}/take-back"));
    assert_eq!(reader.submit(&take_back).see_other(), path);
    clock.run_jobs();
    let page = reader.get(&path).expect(200).page();
    assert_eq!(reader.praises()[0].state, Returned);
    assert!(page.text_of(".timeline").contains("taken back by the reader"));
    assert!(page.all(".timeline .coming").is_empty(), "nothing is left to happen");
    assert!(page.all("form[action$='/take-back']").is_empty());
}
