//! Every page.

use shared::amount::AmountError;
use shared::text::TextError;

use super::*;

fn problem(problem: Problem) -> Content {
    Content::Problem(ProblemPage {
        problem,
        request_id: "req_0123456789abcdefghjkmnpqrs".to_owned(),
    })
}

/// Every page in both languages, with its name.
pub fn all() -> Vec<(String, PageContext, Content)> {
    Lang::ALL.into_iter().flat_map(each).collect()
}

fn each(lang: Lang) -> Vec<(String, PageContext, Content)> {
    let mut pages: Vec<(String, PageContext, Content)> = Vec::new();
    let mut add = |name: &str, path: &str, content| {
        pages.push((name.to_owned(), context(lang, path), content));
    };
    add(
        "home",
        "/",
        Content::Home(Home { articles: summaries(lang), next_cursor: Some("YWJj".to_owned()) }),
    );
    add("article", "/a/x", Content::Article(Box::new(article_page(lang))));
    add("article-markup", "/a/x", Content::Article(Box::new(article_of_markup(lang))));
    let mut few = article_page(lang);
    (few.wall, few.sheet) = (wall(lang, false), None);
    add("article-few", "/a/x", Content::Article(Box::new(few)));
    let mut closed = article_page(lang);
    closed.article.praise = PraiseOffer::default();
    closed.wall = Wall { count: 0, anonymous_count: 0, items: Vec::new(), next_cursor: None };
    add("article-closed", "/a/x", Content::Article(Box::new(closed.clone())));
    let why = ArticleNotReady {
        account: vec![NotReady::NoCard],
        off: true,
        frozen: false,
        stopped: true,
    };
    add("article-own", "/a/x", Content::OwnArticle(Box::new(closed), why));
    let boxed = |form| Content::PraiseForm(Box::new(form));
    let mut with_open = form(lang);
    with_open.open = me(lang).open;
    add("praise", "/a/x/praise", boxed(form(lang)));
    add("praise-open", "/a/x/praise", boxed(with_open));
    let wrong = PraiseForm {
        input: PraiseInput {
            preset: "custom".to_owned(),
            amount: "8.888".to_owned(),
            visibility: String::new(),
            note: pick(lang, NOTE_ZH, NOTE_EN).repeat(6),
            ..input(lang)
        },
        problems: vec![
            Problem::Amount(AmountError::TooPrecise),
            Problem::Text { field: "note", error: TextError::TooLong(140) },
            Problem::Field {
                field: "visibility",
                expected: shared::problem::Expected::OneOf("public, writer, anonymous"),
            },
        ],
        ..form(lang)
    };
    add("praise-wrong", "/a/x/praise", boxed(wrong));
    let cap = Money::new(Limits::of(currency(lang)).reader_day_minor, currency(lang));
    let reopens_at = NOW.day(currency(lang)).plus(1).starts_at(currency(lang));
    let refused = PraiseForm {
        input: input(lang),
        problems: vec![Problem::ReaderDayCap { limit: cap, reopens_at }],
        ..form(lang)
    };
    let tight = Some(Room { left: money(lang, 250), own: true });
    add("praise-tight", "/a/x/praise", boxed(PraiseForm { room: tight, ..form(lang) }));
    add("praise-refused", "/a/x/praise", boxed(refused));
    let review = PraiseForm {
        input: input(lang),
        step: PraiseStep::Review { amount: money(lang, 1000) },
        ..form(lang)
    };
    add("praise-review", "/a/x/praise", boxed(review));
    for state in IntentState::ALL {
        let page = Content::Intent(Box::new(intent_page(lang, *state)));
        add(&format!("intent-{state}"), "/i/x", page);
    }
    let mut back = intent_page(lang, IntentState::Expired);
    back.intent.money_back = vec![money_back(lang, MoneyBackState::Returned)];
    add("intent-money-back", "/i/x", Content::Intent(Box::new(back)));
    let mut unknown = intent_page(lang, IntentState::AwaitingPayment);
    unknown.pay_url = None;
    add("intent-unknown", "/i/x", Content::Intent(Box::new(unknown)));
    let mut guest = intent_page(lang, IntentState::Paid);
    guest.receipt = guest.receipt.map(|link| ReceiptLink { for_guest: true, ..link });
    add("intent-guest", "/i/x", Content::Intent(Box::new(guest)));
    let about = pick(lang, "写清晨与黄昏之间的小事。", "Letters about small things near water.");
    add(
        "account",
        "/@x",
        Content::Account(AccountPage {
            account: account(lang),
            about: Some(about.to_owned()),
            articles: summaries(lang),
            next_cursor: None,
        }),
    );
    add("me", "/me", Content::Me(me(lang)));
    for (name, page) in [
        ("receipt", receipts::held(lang)),
        ("receipt-undo-over", receipts::undo_over(lang)),
        ("receipt-frozen", receipts::frozen(lang)),
        ("receipt-paid-out", receipts::paid_out(lang)),
        ("receipt-returning", receipts::returning(lang)),
    ] {
        add(name, "/me/praises/x", Content::Praise(Box::new(page)));
    }
    add("limits", "/me/limits", Content::Limits(Box::new(receipts::limits())));
    add("limits-wrong", "/me/limits", Content::Limits(Box::new(receipts::limits_wrong())));
    add("me-empty", "/me", Content::Me(MePage { saved: true, ..MePage::default() }));
    add("sign-in", "/sign-in", Content::SignIn(sign_in(lang)));
    add("studio", "/studio", Content::Studio(studio(lang)));
    for (name, page) in [
        ("studio-praise", receipts::received(lang)),
        ("studio-praise-wrong", receipts::reply_too_long(lang)),
    ] {
        add(name, "/studio/praises/x", Content::StudioPraise(Box::new(page)));
    }
    add("studio-tokens", "/studio/tokens", Content::StudioTokens(tokens(lang, true)));
    for (name, state) in [
        ("cashier", CashierState::Open),
        ("cashier-paid", CashierState::Paid),
        ("cashier-closed", CashierState::Closed),
    ] {
        add(name, "/sandbox/cashier/x", Content::Cashier(cashier(lang, state)));
    }
    for code in ["rule.reader_day_cap", "rule.own_article"] {
        let problem = Problem::sample(code, lang).expect("a code of a problem");
        let path = format!("/problems/{code}");
        add(
            &format!("problem-entry-{code}").replace(['.', '_'], "-"),
            &path,
            Content::ProblemEntry(ProblemEntryPage { problem }),
        );
    }
    add("problem-404", "/nowhere", problem(Problem::NotFound));
    add("problem-signin", "/me", problem(Problem::SignInNeeded));
    add("problem-500", "/", problem(Problem::Internal));
    pages
}
