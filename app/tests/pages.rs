//! What each page shows and offers.

use std::collections::BTreeSet;

use app::page::*;
use app::render;
use shared::api::{ArticleNotReady, MoneyBackOf, MoneyBackState, NotReady, PraiseOffer};
use shared::lang::Lang;
use shared::machine::{IntentState, PraiseState, Visibility};
use shared::problem::Problem;
use shared::text::TextError;

#[path = "support/show.rs"]
mod show;
use show::{article, between, both, names, samples, show};

#[test]
fn home_lists_articles_and_leads_to_older_ones() {
    for lang in Lang::ALL {
        let page = Home { articles: samples::summaries(lang), next_cursor: Some("a/b".into()) };
        let html = show(lang, Content::Home(page));
        for article in samples::summaries(lang) {
            assert!(html.contains(&article.title));
        }
        assert!(html.contains(both(lang, "128 人赞赏", "128 people praised")));
        assert!(html.contains(both(lang, "1 人赞赏", "1 person praised")));
        assert!(!html.contains(both(lang, ">0 人", ">0 people")));
        assert!(html.contains(both(lang, "2026年11月22日", "22 November 2026")));
        assert!(html.contains("href=\"/?cursor=a%2Fb\""));
    }
}

#[test]
fn only_an_article_loads_in_place_navigation() {
    for lang in Lang::ALL {
        let page = || Content::Article(Box::new(samples::article_page(lang)));
        let mut context = samples::context(lang, "/here");
        let html = render(&context, page());
        assert!(html.contains(" data-navigation=\"/navigation.js\""));
        assert!(html.contains(" data-stale=\"") && html.contains(" data-offline=\""));
        assert!(html.contains(" data-reader=\"小满\""));
        context.viewer = Some(Viewer::default());
        let nameless = format!(" data-reader=\"{}\"", both(lang, "一位读者", "a reader"));
        assert!(render(&context, page()).contains(&nameless));
        context.viewer = None;
        // The script's own attribute names the bundle.
        assert_eq!(render(&context, page()).matches(" data-reader=\"").count(), 1);
        let home = Home { articles: samples::summaries(lang), next_cursor: None };
        let html = show(lang, Content::Home(home));
        assert!(!html.contains("data-navigation") && !html.contains("data-stale"));
    }
}

#[test]
fn a_link_holder_sees_the_readers_name_and_cannot_widen_visibility() {
    for lang in Lang::ALL {
        let choices = |can_only_narrow, visibility| {
            let mut page = samples::receipts::held(lang);
            page.detail.praise.visibility = visibility;
            (page.reader_name, page.can_only_narrow) = (Some("Reader".to_owned()), can_only_narrow);
            let html = show(lang, Content::Praise(Box::new(page)));
            // The viewer of the samples is 小满.
            let form = html.split("/visibility\"").nth(1).unwrap_or_default();
            let offered = form.matches("type=\"radio\"").count();
            // Only the choice to be on the wall says the name.
            assert_eq!(form.contains("Reader"), offered == 3);
            assert!(!form.contains("小满"));
            offered
        };
        for (visibility, can_only_narrow) in
            [(Visibility::Public, 3), (Visibility::Writer, 2), (Visibility::Anonymous, 0)]
        {
            assert_eq!(choices(false, visibility), 3);
            assert_eq!(choices(true, visibility), can_only_narrow, "{visibility:?}");
        }
    }
}

#[test]
fn an_article_is_the_same_for_every_viewer() {
    for lang in Lang::ALL {
        let page = samples::article_page(lang);
        let mut nobody_praised = page.clone();
        nobody_praised.wall = samples::wall(lang, false);
        nobody_praised.sheet = None;
        let mut context = samples::context(lang, "/here");
        let first = render(&context, Content::Article(Box::new(page)));
        context.viewer = None;
        let second = render(&context, Content::Article(Box::new(nobody_praised)));
        let text = |html| between(html, "<article", "</article>").to_owned();
        assert_eq!(text(&first), text(&second));
        assert!(first.contains(samples::article(lang).html.as_str()));
        assert!(first.contains("/me\"") && !second.contains("/me\""));
        assert!(second.contains("href=\"/sign-in?return=%2Fhere\""));
    }
}

#[test]
fn a_writer_sees_why_an_article_or_account_cannot_receive_praise() {
    for lang in Lang::ALL {
        let every = [
            NotReady::NoInvitation,
            NotReady::NoCard,
            NotReady::KindNotAllowed,
            NotReady::Suspended,
            NotReady::Off,
        ];
        let why = |yes, account: &[NotReady]| ArticleNotReady {
            account: account.to_vec(),
            off: yes,
            frozen: yes,
            stopped: yes,
        };
        let page = |why| Content::OwnArticle(Box::new(samples::article_page(lang)), why);
        let told = |html: &str| html.matches("<li>").count();
        let html = show(lang, page(why(true, &every)));
        let notice = between(&html, "<aside", "</aside>");
        assert_eq!(told(notice), 8);
        assert!(notice.contains(both(
            lang,
            "还没有绑定银行卡。",
            "You have not added a bank card yet."
        )));
        assert!(notice.contains(both(lang, "只有你能看到", "Only you can see this")));
        assert!(!show(lang, page(why(false, &[]))).contains("<aside"));

        let mut studio = samples::studio(lang);
        studio.accounts[0].account.not_ready = every.to_vec();
        let html = show(lang, Content::Studio(studio));
        assert_eq!(told(between(&html, "<aside", "</aside>")), every.len());
    }
}

#[test]
fn the_wall_shows_names_and_no_amounts() {
    for lang in Lang::ALL {
        let html = article(lang, samples::article_page(lang));
        let section = between(&html, "class=\"praise\"", "</section>");
        assert!(section.contains(both(lang, "128 人赞赏", "128 people praised")));
        assert!(section.contains("小满") && section.contains("Ada"));
        assert!(section.contains(both(lang, "一位读者", "a reader")));
        assert!(
            section.contains("+21")
                && section.contains(both(lang, "21 位匿名读者", "21 anonymous readers"))
        );
        assert!(section.contains("?wall=YWJj#praise"));
        assert!(!section.contains(['¥', '$', '￥']), "{section}");
        // The only amounts of the page are those offered in the sheet.
        let (start, end) = (html.find("<dialog").unwrap(), html.find("</dialog>").unwrap());
        let around = format!("{}{}", &html[..start], &html[end..]);
        assert!(!around.contains(['¥', '$', '￥']));
    }
}

#[test]
fn praise_is_offered_only_where_it_is_accepted() {
    for lang in Lang::ALL {
        let mut page = samples::article_page(lang);
        let html = article(lang, page.clone());
        assert!(
            html.contains("/praise\"") && html.contains("<dialog") && html.contains("PraiseSheet_")
        );
        // Without a sheet it is the plain link.
        page.sheet = None;
        let html = article(lang, page.clone());
        assert!(
            html.contains("/praise\"")
                && !html.contains("<dialog")
                && !html.contains("<leptos-island")
        );
        page.article.praise = PraiseOffer::default();
        page.sheet = Some(Sheet { key: "8e03978e-40d5-43e8".into(), room: None });
        let html = article(lang, page);
        assert!(!html.contains("/praise\"") && !html.contains("<dialog"));
        assert!(html.contains(both(lang, "128 人赞赏", "128 people praised")));
    }
}

#[test]
fn every_state_has_a_name_in_both_languages() {
    for lang in Lang::ALL {
        let mut shown = BTreeSet::new();
        for state in PraiseState::ALL {
            let mut page = samples::me(lang);
            page.praises = vec![samples::praise(lang, *state, 888, None)];
            let html = show(lang, Content::Me(page));
            let name =
                between(&html, &format!("<span class=\"state {state}\">"), "</span>").to_owned();
            assert!(name.split('>').nth(1).is_some_and(|name| name != "</span"), "{state}");
            assert_eq!(
                html.contains(both(lang, ">2026年11月29日起可结算", ">until 29 November 2026")),
                *state == PraiseState::Held,
                "{state}"
            );
            shown.insert(name);
        }
        assert_eq!(shown.len(), PraiseState::ALL.len());
    }
}

#[test]
fn a_rejected_payment_is_shown_with_its_dates_and_refund() {
    for lang in Lang::ALL {
        for (state, says) in [
            (MoneyBackState::InReview, both(lang, "正在核对", "We are reviewing it")),
            (MoneyBackState::Returning, both(lang, "ref_1，款项正在途中", "Refund ref_1 was sent")),
            (
                MoneyBackState::Returned,
                both(
                    lang,
                    "退款单号 ref_1，2026年11月24日已到账",
                    "23 November 2026 and arrived on 24 November 2026",
                ),
            ),
            (MoneyBackState::BackByBank, both(lang, "你的银行已将", "Your bank has refunded it")),
        ] {
            let money = samples::money_back(lang, state);
            let mut page = samples::intent_page(lang, IntentState::Expired);
            page.intent.money_back = vec![money.clone()];
            let html = show(lang, Content::Intent(Box::new(page)));
            let received = both(lang, "当时支付已超时", "after the payment had expired");
            assert!(html.contains(received) && html.contains(says), "{state:?}");
            assert!(!html.contains(both(lang, "没有扣款", "Nothing was charged")), "{state:?}");
            let mut page = samples::me(lang);
            let title = both(lang, "未成功的付款", "Payments that did not go through");
            assert!(!show(lang, Content::Me(page.clone())).contains(title));
            page.money_back = vec![MoneyBackOf {
                intent_id: "int_1".to_owned(),
                article: samples::article_ref(lang),
                money,
            }];
            let html = show(lang, Content::Me(page));
            assert!(html.contains(title) && html.contains(says), "{state:?}");
            assert!(html.contains("href=\"/i/int_1\""));
        }
        let nothing = samples::intent_page(lang, IntentState::Expired);
        let html = show(lang, Content::Intent(Box::new(nothing)));
        assert!(html.contains(both(lang, "没有扣款", "Nothing was charged")));
    }
}

#[test]
fn me_keeps_a_refused_name_and_shows_the_error() {
    let html = show(
        Lang::ZhHans,
        Content::Me(MePage {
            name: "名".repeat(30),
            lang: Some(Lang::En),
            problem: Some(Problem::Text { field: "name", error: TextError::TooLong(24) }),
            ..MePage::default()
        }),
    );
    assert!(html.contains(&"名".repeat(30)));
    assert!(between(&html, "id=\"name-error\"", "</p>").contains("24"));
    assert!(html.contains("value=\"en\" lang=\"en\" selected"));
    assert!(html.contains("action=\"/sign-out\"") && html.contains("action=\"/me\""));
}

#[test]
fn the_studio_never_names_anonymous_readers() {
    for lang in Lang::ALL {
        let mut page = samples::studio(lang);
        for praise in &mut page.accounts[0].praises {
            praise.visibility = Visibility::Anonymous;
            praise.reader_name = Some("Somebody Real".into());
        }
        let html = show(lang, Content::Studio(page));
        assert!(!html.contains("Somebody Real"));
        assert!(html.contains(both(lang, "匿名读者", "an anonymous reader")));
        assert!(html.contains(both(lang, "¥18,488.50", "$18,488.50")));
        assert!(html.contains(both(lang, ">2026年11月29日起可结算", ">until 29 November 2026")));
        assert!(html.contains("href=\"/studio?account="));
    }
}

#[test]
fn a_token_is_shown_only_when_it_is_created() {
    for lang in Lang::ALL {
        let made = show(lang, Content::StudioTokens(samples::tokens(lang, true)));
        let later = show(lang, Content::StudioTokens(samples::tokens(lang, false)));
        assert!(made.contains("praise_7zzz") && !later.contains("praise_7zzz"));
        assert!(later.contains("action=\"/studio/tokens/tok_1/revoke\""));
        assert!(later.contains("name=\"label\""));
    }
}

#[test]
fn the_sign_in_names_identities_of_the_same_person() {
    for lang in Lang::ALL {
        let html = show(lang, Content::SignIn(samples::sign_in(lang)));
        assert_eq!(html.matches("action=\"/sign-in\"").count(), 6);
        assert!(html.contains(both(lang, "与Ada是同一个人", "the same person as Ada")));
        let one = between(&html, "action=\"/sign-in\"", "</form>");
        assert_eq!(names(one), BTreeSet::from(["provider", "subject", "return"]));
    }
}

#[test]
fn the_cashier_offers_every_action_and_says_it_is_a_sandbox() {
    for lang in Lang::ALL {
        let open = show(lang, Content::Cashier(samples::cashier(lang, CashierState::Open)));
        assert!(open.contains(both(lang, "不涉及真实资金", "no real money")));
        assert!(open.contains("action=\"/sandbox/cashier/ord_0123456789abcdefghjkmnpqrs\""));
        for action in ["pay", "pay_silently", "decline", "leave"] {
            assert!(open.contains(&format!("name=\"action\" value=\"{action}\"")), "{action}");
        }
        for state in [CashierState::Paid, CashierState::Closed] {
            let html = show(lang, Content::Cashier(samples::cashier(lang, state)));
            assert!(!html.contains("name=\"action\""));
            assert!(html.contains("href=\"/i/int_0123456789abcdefghjkmnpqrs\""));
        }
    }
}

#[test]
fn an_error_explains_itself_and_offers_a_next_step() {
    for lang in Lang::ALL {
        let page = |problem| {
            show(lang, Content::Problem(ProblemPage { problem, request_id: "req_1".into() }))
        };
        let missing = page(Problem::NotFound);
        assert!(missing.contains(Problem::NotFound.title(lang)));
        assert!(
            missing.contains("href=\"/\"") && missing.contains("req_1") && missing.contains("404")
        );
        assert!(page(Problem::SignInNeeded).contains("href=\"/sign-in?return=%2Fhere\""));
    }
}

#[test]
fn every_code_has_a_page_that_says_what_to_do() {
    for lang in Lang::ALL {
        for problem in Problem::samples(lang) {
            let page = ProblemEntryPage { problem: problem.clone() };
            let html = show(lang, Content::ProblemEntry(page));
            let code = problem.code();
            assert!(html.contains(&format!("<h1>{}</h1>", problem.title(lang))), "{code}");
            assert!(html.contains(&format!("<code>{code}</code>")), "{code}");
            assert!(html.contains(&format!("<code>/problems/{code}</code>")), "{code}");
            assert!(html.contains(&format!("<dd>{}</dd>", problem.status())), "{code}");
            for sentence in [problem.meaning(lang), problem.way_out(lang)] {
                assert!(html.contains(&format!("<p>{sentence}</p>")), "{code}: {sentence}");
            }
            let told = html.contains(both(lang, "仅为示例", "are examples"));
            assert_eq!(told, problem.has_values(), "{code}");
            assert!(!html.contains("noindex"), "{code} is for everybody");
        }
        let page =
            ProblemEntryPage { problem: Problem::sample("rule.reader_day_cap", lang).unwrap() };
        let html = show(lang, Content::ProblemEntry(page));
        assert!(html.contains("<code>limit, reopens_at</code>"));
        assert!(html.contains(both(lang, "¥1,000.00", "$150.00")));
    }
}
