//! The praise form and the page of an intent.

use std::collections::BTreeSet;

use app::page::*;
use shared::amount::AmountError;
use shared::lang::Lang;
use shared::machine::IntentState;
use shared::problem::{Expected, Problem};
use shared::text::TextError;

#[path = "support/show.rs"]
mod show;
use show::{article, between, both, form, intent, names, samples};

#[test]
fn sheet_and_page_ask_for_the_same_fields() {
    for lang in Lang::ALL {
        let sheet = article(lang, samples::article_page(lang));
        let sheet = between(&sheet, "class=\"sheet-form\"", "</form>").to_owned();
        let page = form(lang, samples::form(lang));
        let page = between(&page, "/praise\"><input", "</form>").to_owned();
        let expected = BTreeSet::from(["preset", "amount", "note", "visibility", "key", "step"]);
        assert_eq!(names(&sheet), expected);
        assert_eq!(names(&page), expected);
        assert!(sheet.contains("name=\"step\" value=\"pay\" disabled"));
        assert!(page.contains("name=\"step\" value=\"review\""));
        for html in [&sheet, &page] {
            assert!(!html.contains(" checked"), "something is preselected");
            assert!(html.contains("inputmode=\"decimal\""));
            assert_eq!(html.matches("name=\"preset\"").count(), 7);
            let optional = both(
                lang,
                "赞赏全凭心意，文章始终免费。",
                "Praise is optional; the article is free either way.",
            );
            assert!(html.contains(optional));
        }
    }
}

#[test]
fn a_refused_form_keeps_its_input_and_shows_the_errors() {
    for lang in Lang::ALL {
        let html = form(
            lang,
            PraiseForm {
                input: PraiseInput {
                    preset: "custom".into(),
                    amount: "8.888".into(),
                    note: "长话".repeat(100),
                    visibility: "writer".into(),
                    key: "the-key-of-this-form".into(),
                },
                problems: vec![
                    Problem::Amount(AmountError::TooPrecise),
                    Problem::Text { field: "note", error: TextError::TooLong(140) },
                ],
                ..samples::form(lang)
            },
        );
        assert!(html.contains("value=\"8.888\""));
        assert!(html.contains(&"长话".repeat(100)));
        assert!(html.contains("value=\"custom\" checked"));
        assert!(html.contains("value=\"writer\" checked"));
        assert!(html.contains("value=\"the-key-of-this-form\""));
        let amount = between(&html, "role=\"alert\" id=\"form-amount-error\"", "</p>");
        assert!(amount.contains(&Problem::Amount(AmountError::TooPrecise).detail(lang)));
        let note = between(&html, "role=\"alert\" id=\"form-note-error\"", "</p>");
        assert!(note.contains("140"));
        assert!(html.contains("aria-describedby=\"form-amount-hint form-amount-error\""));
        assert_eq!(html.matches("aria-invalid=\"true\"").count(), 2);
        assert!(!html.contains("form-visibility-error"));
        assert!(between(&html, "<title>", "</title>").contains(both(lang, "出错了", "Error")));
    }
}

#[test]
fn a_missing_visibility_is_shown_beside_its_field() {
    let expected = Expected::OneOf("public, writer, anonymous");
    let html = form(
        Lang::En,
        PraiseForm {
            problems: vec![Problem::Field { field: "visibility", expected }],
            ..samples::form(Lang::En)
        },
    );
    assert!(between(&html, "id=\"form-visibility-error\"", "</p>").contains("Choose who can see"));
}

#[test]
fn a_limit_is_shown_with_its_number_and_time() {
    let cap = samples::money(Lang::ZhHans, 100_000);
    let reopens_at = samples::NOW.day(cap.currency).plus(1).starts_at(cap.currency);
    let html = form(
        Lang::ZhHans,
        PraiseForm {
            problems: vec![Problem::ReaderDayCap { limit: cap, reopens_at }],
            ..samples::form(Lang::ZhHans)
        },
    );
    let refusal = between(&html, "<div role=\"alert\" class=\"refusal\"", "</div>");
    assert!(refusal.contains("¥1,000.00") && refusal.contains("2026年11月23日 00:00"), "{refusal}");
}

#[test]
fn the_review_shows_payee_and_amount_and_carries_the_fields() {
    for lang in Lang::ALL {
        let html = form(
            lang,
            PraiseForm {
                input: samples::input(lang),
                step: PraiseStep::Review { amount: samples::money(lang, 1000) },
                ..samples::form(lang)
            },
        );
        let give = between(&html, "<p class=\"give\">", "</p>");
        assert_eq!(
            give,
            both(
                lang,
                "<p class=\"give\">赞赏林小雨 <strong>¥10.00</strong></p>",
                "<p class=\"give\">Give <strong>$10.00</strong> to Tidewater Letters</p>"
            )
        );
        let sent = between(&html, "/praise\">", "</form>");
        assert_eq!(
            names(sent),
            BTreeSet::from(["preset", "amount", "note", "visibility", "key", "step"])
        );
        assert!(sent.contains("type=\"hidden\" name=\"preset\" value=\"1000\""));
        assert!(
            sent.contains("name=\"step\" value=\"pay\"")
                && sent.contains("name=\"step\" value=\"edit\"")
        );
        assert!(sent.contains(&samples::input(lang).note));
    }
}

#[test]
fn an_open_intent_is_offered_again() {
    for lang in Lang::ALL {
        let html = form(lang, PraiseForm { open: samples::me(lang).open, ..samples::form(lang) });
        let open = between(&html, "<section class=\"open-intents\">", "</section>");
        assert!(open.contains("href=\"/i/int_0123456789abcdefghjkmnpqrs\""));
        assert!(open.contains("action=\"/i/int_0123456789abcdefghjkmnpqrs/cancel\""));
        assert!(open.contains(both(lang, "18:00", "10:00 (UTC)")));
        // It does not prevent another.
        assert!(html.contains("value=\"review\""));
    }
}

#[test]
fn every_state_of_an_intent_has_its_own_page_and_keeps_amount_and_note() {
    for lang in Lang::ALL {
        let mut titles = BTreeSet::new();
        for state in IntentState::ALL {
            let html = intent(lang, samples::intent_page(lang, *state));
            titles.insert(between(&html, "<h1>", "</h1>").to_owned());
            assert!(html.contains(both(lang, "¥10.00", "$10.00")), "{state}");
            assert!(html.contains(both(lang, samples::NOTE_ZH, samples::NOTE_EN)), "{state}");
            let waits = *state == IntentState::AwaitingPayment;
            assert_eq!(html.contains("http-equiv=\"refresh\""), waits, "{state}");
            assert_eq!(html.contains("data-refresh-s=\"5\""), waits, "{state}");
            assert_eq!(html.contains("/cancel\""), waits, "{state}");
            let again = matches!(
                state,
                IntentState::Declined | IntentState::Cancelled | IntentState::Expired
            );
            assert_eq!(html.contains("name=\"step\" value=\"edit\""), again, "{state}");
            if again {
                assert!(html.contains("name=\"amount\" value=\"10.00\""));
                assert!(html.contains("name=\"key\" value=\"\""), "another try is a new intent");
            }
        }
        assert_eq!(titles.len(), IntentState::ALL.len());
    }
}

#[test]
fn an_unknown_outcome_is_not_shown_as_unpaid() {
    for lang in Lang::ALL {
        let mut page = samples::intent_page(lang, IntentState::AwaitingPayment);
        assert!(intent(lang, page.clone()).contains("href=\"/sandbox/cashier/ord_1\""));
        page.pay_url = None;
        let html = intent(lang, page);
        assert!(!html.contains("/sandbox/cashier/"));
        assert!(html.contains(both(
            lang,
            "正在向支付机构确认",
            "Checking with the payment provider"
        )));
    }
}

#[test]
fn the_thank_you_page_shows_thanks_and_asks_for_nothing() {
    for lang in Lang::ALL {
        let thanks = both(lang, "下一炉面包算你一个", "The next loaf has your name on it");
        let mut page = samples::intent_page(lang, IntentState::Paid);
        let mut fourth = page.others[0].clone();
        fourth.title = "A fourth one".into();
        page.others.push(fourth);
        let html = intent(lang, page);
        assert!(html.contains(thanks));
        assert!(html.contains(both(lang, "2026年11月29日", "29 November 2026")));
        assert_eq!(html.matches("<li class=\"entry\">").count(), 3);
        assert!(!html.contains("A fourth one"));
        assert!(!html.contains("/praise\""), "no second ask");
        let waiting = intent(lang, samples::intent_page(lang, IntentState::AwaitingPayment));
        assert!(!waiting.contains(thanks));
    }
}

#[test]
fn a_refund_names_its_rule_and_does_not_say_nothing_was_charged() {
    for lang in Lang::ALL {
        let html = intent(lang, samples::intent_page(lang, IntentState::Returned));
        assert!(html.contains(both(
            lang,
            "超出这篇文章的每日限额",
            "Over this article's daily limit"
        )));
        assert!(html.contains(both(lang, "¥20,000.00", "$3,000.00")));
        assert!(!html.contains(both(lang, "没有扣款", "othing was charged")));
    }
}

#[test]
fn the_public_choice_shows_the_name_on_the_wall() {
    for lang in Lang::ALL {
        let mut context = samples::context(lang, "/here");
        let page = |context: &PageContext| {
            app::render(context, Content::PraiseForm(Box::new(samples::form(lang))))
        };
        assert!(page(&context).contains("“小满”"));
        context.viewer = Some(Viewer::default());
        assert!(page(&context).contains(both(lang, "“一位读者”", "“a reader”")));
    }
}
