//! Readers' own limits, and the limit on attempts.

use serde_json::json;
use shared::api::ReaderLimits;
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::body;
use tests::{Site, encode, unique};

#[test]
fn a_reader_limit_is_in_force_at_once_and_its_refusal_names_it() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let reader = site.person("Ben");
    let set = |fields| reader.call("PUT", "/api/v1/me/limits").json(&fields).send();
    let limits: ReaderLimits =
        set(json!({ "currency": "CNY", "praise_minor": 500 })).expect(200).read();
    assert_eq!(limits.items[0].praise.limit, Some(writer.money(500)));
    assert_eq!(limits.items[0].praise.most, writer.money(20_000));
    let request = body(writer.money(501), Public, None);
    let refused = reader.start_with(&slug, &unique::key(), &request);
    let problem = refused.problem(403, "rule.reader_own_praise");
    assert_eq!(problem.limit, Some(writer.money(500)));
    // The form refuses before the review step and keeps the entered values.
    let path = format!("/a/{}/praise", encode(&slug));
    let review = |amount| {
        let fields = [("preset", "custom"), ("amount", amount), ("visibility", "public")];
        reader.call("POST", &path).form(&[&fields[..], &[("step", "review")]].concat()).send()
    };
    let page = review("5.01").expect(403).page();
    assert!(page.text_of("main").contains("¥5.00"), "{}", page.text_of("main"));
    assert_eq!(page.all("input[name=amount][value='5.01']").len(), 1);
    assert_eq!(review("5.00").expect(200).page().all("button[value=pay]").len(), 1);
    reader.start(&slug, writer.money(500));
    // The open attempt has used up the day, and the same request returns it.
    set(json!({ "currency": "CNY", "day_minor": 500 })).expect(200);
    assert_eq!(review("5.00").expect(200).page().all("button[value=pay]").len(), 1);
    review("4.00").expect(403);
    // A raise has to wait, and a malformed limit is refused with its field.
    let limits: ReaderLimits =
        set(json!({ "currency": "CNY", "praise_minor": null })).expect(200).read();
    assert_eq!(limits.items[0].praise.limit, Some(writer.money(500)));
    assert!(limits.items[0].praise.raise.is_some());
    assert_eq!(limits.items[0].used_today, writer.money(500));
    for (fields, field) in [
        (json!({ "praise_minor": 1 }), "currency"),
        (json!({ "currency": "CNY", "praise_minor": 0.5 }), "praise_minor"),
        (json!({ "currency": "CNY", "day_minor": -1 }), "day_minor"),
        (json!({ "currency": "CNY", "month_minor": 3_100_001 }), "month_minor"),
    ] {
        let problem = set(fields).problem(422, "field.invalid");
        assert_eq!(problem.field.as_deref(), Some(field));
    }
}

#[test]
fn sixty_attempts_a_minute_with_the_remaining_number_in_every_answer() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let slug = writer.article();
    let reader = site.person("Dan");
    let request = body(writer.money(20_000), Public, None);
    // Five may wait for payment; the others are refused, and count as attempts too. A minute may
    // end in between, so at most a hundred and twenty-one requests are needed.
    let mut refused = None;
    for _ in 0..121 {
        let answer = reader.start_with(&slug, &unique::key(), &request);
        let policy = "\"person-minute\";q=60;w=60, \"person-day\";q=300;w=86400, \
                      \"address-minute\";q=600;w=60";
        assert_eq!(answer.header("ratelimit-policy"), Some(policy), "{answer}");
        let left = answer.header("ratelimit").expect("what is left").to_owned();
        if answer.status == 429 {
            assert!(left.starts_with("\"person-minute\";r=0;t="), "{left}");
            refused = Some(answer);
            break;
        }
        assert!(matches!(answer.status, 201 | 409), "{answer}");
    }
    let refused = refused.expect("refused within two minutes' attempts");
    let wait: i64 = refused.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    let problem = refused.problem(429, "rule.attempts");
    assert!(problem.reopens_at.is_some());
}

#[test]
fn the_form_shows_the_same_refusal_and_keeps_its_values() {
    let site = Site::open();
    let writer = site.writer("Eve", Cny);
    let path = format!("/a/{}/praise", encode(&writer.article()));
    let reader = site.person("Fay");
    let note = "Thank you for the snow.";
    let form = reader.get(&path).page().form_to(&path);
    let form = form.with("preset", "20000").with("visibility", "public");
    for number in 0..121 {
        let form = form.clone().with("note", &format!("{note} {number}")).with("step", "pay");
        let answer = reader.submit(&form);
        if answer.status != 429 {
            assert!(matches!(answer.status, 303 | 409), "{answer}");
            continue;
        }
        assert!(answer.header("retry-after").is_some(), "{answer}");
        assert!(answer.header("ratelimit").is_some(), "{answer}");
        let page = answer.page();
        assert!(page.text_of("[role=alert].refusal").contains("Too many attempts"));
        let kept = format!("{note} {number}");
        assert_eq!(page.form_to(&path).value("note"), Some(kept.as_str()));
        return;
    }
    panic!("never refused");
}
