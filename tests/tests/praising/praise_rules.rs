//! Rules about praises that do not depend on the amount: not for one's own article, and not beyond
//! the daily cap.

use serde_json::json;
use shared::lang::Lang::{En, ZhHans};
use shared::machine::Visibility::Public;
use shared::money::Currency::{Cny, Usd};
use tests::person::{body, wall};
use tests::{Site, encode, unique};

#[test]
fn nobody_praises_their_own_article_under_any_sign_in() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let other_account = site.account_of(writer.person.clone(), Usd).article();
    let second = site.second_sign_in(&writer.person);
    for person in [&writer.person, &second] {
        for (slug, currency) in [(&slug, Cny), (&other_account, Usd)] {
            let amount = shared::money::Money::new(100, currency);
            for (lang, title) in [(En, "This is your own article"), (ZhHans, "这是你自己的文章")]
            {
                let path = format!("/api/v1/articles/{}/praises", encode(slug));
                let call = person.call("POST", &path).lang(lang);
                let call = call.header("Idempotency-Key", &unique::key());
                let answer = call.json(&body(amount, Public, None)).send();
                assert_eq!(answer.problem(403, "rule.own_article").title, title);

                let path = format!("/a/{}/praise", encode(slug));
                let form = person.get(&path).expect(200).page().form_to(&path);
                let form = form.with("preset", "100").with("visibility", "public");
                let fields = form.with("note", "to myself").with("step", "pay").fields;
                let call = person.call("POST", &path).cookie("lang", lang.tag()).form(&fields);
                let page = call.send().expect(403).page();
                assert!(page.text_of(".refusal").contains(title));
                assert_eq!(page.form_to(&path).value("note"), Some("to myself"));
            }
        }
        person.assert_nothing_stored();
    }
    assert_eq!(wall(&site, &slug).count, 0);
    // A writer may praise another writer's article.
    let other = site.writer("Bea", Cny);
    writer.person.start(&other.article(), other.money(100));
}

#[test]
fn a_readers_daily_cap_covers_all_writers() {
    let site = Site::open();
    site.avoid_midnight();
    for (currency, cap, times) in [(Cny, 20_000, 5), (Usd, 3_000, 5)] {
        let (first, second) = (site.writer("Cleo", currency), site.writer("Dot", currency));
        let (slug, other) = (first.article(), second.article());
        let reader = site.person("Eve");
        let again = site.second_sign_in(&reader);
        let mut open = Vec::new();
        for number in 0..times {
            let (who, where_to) = if number % 2 == 0 { (&reader, &slug) } else { (&again, &other) };
            open.push(who.start(where_to, first.money(cap)));
        }
        // Five attempts are open, which is the maximum. Some are paid, so that only the cap refuses.
        for started in [&open[1], &open[3], &open[4]] {
            reader.at_cashier(started, "pay");
        }
        let over = body(first.money(100), Public, None);
        for (lang, title) in [(En, "Over your daily limit"), (ZhHans, "超出你的每日限额")] {
            let path = format!("/api/v1/articles/{}/praises", encode(&slug));
            let call = again.call("POST", &path).lang(lang);
            let answer = call.header("Idempotency-Key", &unique::key()).json(&over).send();
            let problem = answer.problem(403, "rule.reader_day_cap");
            assert_eq!(problem.title, title);
            let limit = json!({ "minor": cap * times, "currency": currency.code() });
            assert_eq!(json!(problem.limit), limit);
            let tomorrow = site.now().day(currency).plus(1).starts_at(currency);
            assert_eq!(problem.reopens_at, Some(tomorrow));
        }
        // An attempt that ends unpaid releases its room.
        let path = format!("/api/v1/intents/{}/cancel", open[0].intent.id);
        reader.call("POST", &path).send().expect(200);
        let last = reader.start_with(&slug, &unique::key(), &over).expect(201);
        assert_eq!(last.json()["intent"]["state"], "awaiting_payment");
        reader.at_cashier(&open[2], "decline");
        reader.start(&slug, first.money(cap));
    }
}

#[test]
fn daily_caps_are_separate_per_currency() {
    let site = Site::open();
    site.avoid_midnight();
    let (cny, usd) = (site.writer("Fay", Cny), site.writer("Gil", Usd));
    let reader = site.person("Hana");
    let slug = cny.article();
    for _ in 0..5 {
        reader.give(&slug, &body(cny.money(20_000), Public, None));
    }
    reader.start(&usd.article(), usd.money(3_000));
}
