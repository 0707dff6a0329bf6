//! Pagination of the praise lists of a reader and of a writer.

use std::collections::BTreeSet;

use shared::api::{Page, ReaderPraise, StudioPraise};
use shared::limits::LIST_PAGE;
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::encode;
use tests::person::body;

use crate::Clock;

#[test]
fn pages_contain_every_praise_once() {
    let clock = Clock::take();
    clock.next_morning();
    let writer = clock.writer("Ann", Cny);
    let slug = writer.article();
    let reader = clock.person("Ben");
    let total = LIST_PAGE + 3;
    for minor in 0..total {
        let amount = writer.money(100 + minor as i64);
        reader.give(&slug, &body(amount, Public, None));
    }
    clock.advance_s(10 * 60 + 1);

    let path = "/api/v1/me/praises";
    let first: Page<ReaderPraise> = reader.get(path).expect(200).read();
    let cursor = encode(&first.next_cursor.expect("more"));
    let rest: Page<ReaderPraise> =
        reader.get(&format!("{path}?cursor={cursor}")).expect(200).read();
    assert_eq!((first.items.len(), rest.items.len(), rest.next_cursor), (LIST_PAGE, 3, None));
    let mine: Vec<_> = first.items.iter().chain(&rest.items).collect();
    assert!(mine.is_sorted_by(|newer, older| newer.paid_at >= older.paid_at), "not newest first");
    let ids: BTreeSet<_> = mine.iter().map(|praise| praise.id.as_str()).collect();
    assert_eq!(ids.len(), total);

    let path = format!("/api/v1/studio/accounts/{}/praises", writer.handle);
    let first: Page<StudioPraise> = writer.person.get(&path).expect(200).read();
    let cursor = encode(&first.next_cursor.expect("more"));
    let next = format!("{path}?cursor={cursor}");
    let rest: Page<StudioPraise> = writer.person.get(&next).expect(200).read();
    assert_eq!((first.items.len(), rest.items.len(), rest.next_cursor), (LIST_PAGE, 3, None));
    let theirs: BTreeSet<_> =
        first.items.iter().chain(&rest.items).map(|praise| praise.id.as_str()).collect();
    assert_eq!(theirs, ids);
    let sum: i64 = first.items.iter().chain(&rest.items).map(|praise| praise.amount.minor).sum();
    assert_eq!(writer.numbers().held, writer.money(sum));

    // The pages have links to the next page.
    for (person, path) in [(&reader, "/me"), (&writer.person, "/studio")] {
        let page = person.get(path).expect(200).page();
        assert_eq!(page.all("li.row").len(), LIST_PAGE, "{path}");
        let next = page.attributes(".more a", "href").pop().expect("a way to more");
        let page = person.get(&next).expect(200).page();
        assert_eq!(page.all("li.row").len(), 3, "{next}");
        assert!(page.all(".more a").is_empty(), "{next} goes on after the end");
    }
    for path in ["/api/v1/me/praises?cursor=x", "/me?cursor=x"] {
        reader.get(path).expect(422);
    }
}
