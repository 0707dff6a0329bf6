//! One of everything, as the Worker would fill it in; for looking at pages and for their tests.

use app::page::*;
use shared::amount::AmountError;
use shared::api::*;
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::limits::Limits;
use shared::machine::{IntentState, PraiseState, RefundState, Visibility};
use shared::money::{Currency, Money};
use shared::problem::Problem;
use shared::text::TextError;

/// 22 November 2026, 17:30 in Shanghai.
pub const NOW: Moment = Moment::from_ms(1_795_339_800_000);

#[path = "samples/given.rs"]
pub mod given;

const ZH_TITLES: [&str; 4] = ["清晨五点的面包房", "外婆的晒场", "慢车上的人", "一封没有寄出的信"];
const EN_TITLES: [&str; 4] = [
    "The Bakery at Five in the Morning",
    "What the Tide Table Knows",
    "A Small Repair",
    "Notes from the Slow Train, in Which Nothing at All Happens and Somebody Almost Misses It",
];

/// A frame as a signed-in reader sees it.
pub fn frame(lang: Lang, path: &str) -> Frame {
    Frame {
        lang,
        path: path.to_owned(),
        viewer: Some(Viewer {
            tag: "0123456789abcdef".to_owned(),
            name: Some("小满".to_owned()),
            writes: false,
        }),
        assets: Assets {
            css: "/app.css".to_owned(),
            boot_js: Some("/boot.js".to_owned()),
            typed_js: Some("/typed.js".to_owned()),
            reader_js: Some("/reader.js".to_owned()),
            reader_wasm: Some("/reader.wasm".to_owned()),
            moving_js: Some("/moving.js".to_owned()),
        },
        sandbox: true,
    }
}

const ARTICLE_ZH: &str = include_str!("article.zh-Hans.html");
const ARTICLE_EN: &str = include_str!("article.en.html");

fn pick<T>(lang: Lang, zh: T, en: T) -> T {
    match lang {
        Lang::ZhHans => zh,
        Lang::En => en,
    }
}

pub fn currency(lang: Lang) -> Currency {
    pick(lang, Currency::Cny, Currency::Usd)
}

pub fn money(lang: Lang, minor: i64) -> Money {
    Money::new(minor, currency(lang))
}

pub fn account(lang: Lang) -> AccountRef {
    AccountRef {
        handle: pick(lang, "lin-xiaoyu", "tidewater").to_owned(),
        name: pick(lang, "林小雨", "Tidewater Letters").to_owned(),
        avatar: pick(lang, "林", "T").to_owned(),
    }
}

pub fn summaries(lang: Lang) -> Vec<ArticleSummary> {
    let titles = pick(lang, ZH_TITLES, EN_TITLES);
    let summary = pick(
        lang,
        "天还没亮，整条街只有一扇窗是暖的。面团在木盆里呼吸，师傅不看钟，只用手背去听。",
        "Before it is light there is one warm window in the whole street. The dough breathes in its \
         trough, and the baker does not look at the clock but listens with the back of his hand.",
    );
    let praised = [128, 12, 1, 0];
    (0..titles.len())
        .map(|i| ArticleSummary {
            id: format!("art_{i:026}"),
            slug: pick(lang, format!("文章-{i}"), format!("article-{i}")),
            title: titles[i].to_owned(),
            summary: summary.to_owned(),
            lang,
            account: account(lang),
            published_at: NOW.plus_days(-3 * i as i64),
            praise_count: praised[i],
        })
        .collect()
}

pub fn article_ref(lang: Lang) -> ArticleRef {
    let article = summaries(lang).remove(0);
    ArticleRef { slug: article.slug, title: article.title, account_name: article.account.name }
}

pub fn terms(lang: Lang) -> PraiseTerms {
    let limits = Limits::of(currency(lang));
    PraiseTerms {
        currency: limits.currency,
        presets_minor: limits.default_presets_minor.to_vec(),
        min_minor: limits.praise_min_minor,
        cap_minor: limits.praise_cap_minor,
        ask: Some(
            pick(lang, "如果这篇文字陪了你一程。", "If this kept you company for a while.")
                .to_owned(),
        ),
    }
}

pub fn wall(lang: Lang, more: bool) -> Wall {
    let names: [Option<&str>; 12] = [
        Some("小满"),
        Some("Ada"),
        None,
        Some("一个名字特别特别长的读者朋友"),
        Some("周末"),
        Some("Benedikt Aurelius"),
        Some("阿豆"),
        Some("👩‍🌾 Mo"),
        Some("海边"),
        Some("K."),
        Some("三木"),
        None,
    ];
    let items = names.iter().enumerate().map(|(i, name)| WallTile {
        name: name.map(str::to_owned),
        avatar: name.and_then(shared::text::initial).map(str::to_owned),
        praised_at: NOW.plus_minutes(-(i as i64) * 95),
    });
    Wall {
        count: if more { 128 } else { 15 },
        anonymous_count: if more { 21 } else { 3 },
        items: if more { items.clone().chain(items).collect() } else { items.collect() },
        next_cursor: more.then(|| pick(lang, "YWJj", "YWJj").to_owned()),
    }
}

pub fn article(lang: Lang) -> Article {
    Article {
        summary: summaries(lang).remove(0),
        author: Some(pick(lang, "林知夏", "Ruth Okafor").to_owned()),
        html: pick(lang, ARTICLE_ZH, ARTICLE_EN).to_owned(),
        praise: PraiseOffer { accepting: true, terms: Some(terms(lang)) },
    }
}

pub fn article_page(lang: Lang) -> ArticlePage {
    ArticlePage {
        article: article(lang),
        wall: wall(lang, true),
        wall_continued: false,
        others: summaries(lang).split_off(1),
        sheet: Some(Sheet { key: "8e03978e-40d5-43e8-bc93-6894a57f9324".to_owned(), room: None }),
    }
}

pub const NOTE_ZH: &str = "读到面团在呼吸那一段，我也跟着慢了下来。谢谢你写下这些。";
pub const NOTE_EN: &str = "I slowed down with the dough. Thank you for writing this.";

pub fn input(lang: Lang) -> PraiseInput {
    PraiseInput {
        preset: "1000".to_owned(),
        note: pick(lang, NOTE_ZH, NOTE_EN).to_owned(),
        visibility: "public".to_owned(),
        key: "8e03978e-40d5-43e8-bc93-6894a57f9324".to_owned(),
        ..PraiseInput::default()
    }
}

pub fn form(lang: Lang) -> PraiseForm {
    PraiseForm {
        article: article_ref(lang),
        terms: terms(lang),
        room: None,
        input: PraiseInput { key: input(lang).key, ..PraiseInput::default() },
        step: PraiseStep::Fill,
        problems: Vec::new(),
        open: Vec::new(),
    }
}

pub fn intent(lang: Lang, state: IntentState) -> Intent {
    Intent {
        id: "int_0123456789abcdefghjkmnpqrs".to_owned(),
        state,
        amount: money(lang, 1000),
        article: article_ref(lang).slug,
        visibility: Visibility::Public,
        note: Some(pick(lang, NOTE_ZH, NOTE_EN).to_owned()),
        expires_at: NOW.plus_minutes(30),
        refusal: None,
        praise: (state == IntentState::Paid).then(|| PraiseRef {
            id: "prs_0123456789abcdefghjkmnpqrs".to_owned(),
            state: PraiseState::Held,
            due_at: shared::calendar::due_at(NOW, currency(lang), 7),
        }),
        money_back: Vec::new(),
    }
}

/// Money that came two hours after its time, and went back.
pub fn money_back(lang: Lang, state: MoneyBackState) -> MoneyBack {
    let back = state == MoneyBackState::Returned;
    MoneyBack {
        amount: money(lang, 999),
        paid_at: NOW.plus_minutes(120),
        late: true,
        reason: "amount_differs".to_owned(),
        state,
        sent_back_at: (state != MoneyBackState::InReview).then(|| NOW.plus_days(1)),
        returned_at: back.then(|| NOW.plus_days(2)),
        refund: Some(RefundRef {
            id: "ref_1".to_owned(),
            state: if back { RefundState::Succeeded } else { RefundState::Sent },
        }),
    }
}

pub fn intent_page(lang: Lang, state: IntentState) -> IntentPage {
    let cap = Money::new(Limits::of(currency(lang)).article_day_minor, currency(lang));
    let reopens_at = NOW.day(currency(lang)).plus(1).starts_at(currency(lang));
    let refusal = Problem::ArticleDayCap { limit: cap, reopens_at };
    IntentPage {
        intent: intent(lang, state),
        article: article_ref(lang),
        pay_url: Some("/sandbox/cashier/ord_1".to_owned()),
        refusal: (state == IntentState::Returned).then_some(refusal),
        thanks: Some(
            pick(
                lang,
                "收到了。下一炉面包算你一个。",
                "Received. The next loaf has your name on it.",
            )
            .to_owned(),
        ),
        receipt: (state == IntentState::Paid).then(|| ReceiptLink {
            path: "/me/praises/prs_0123456789abcdefghjkmnpqrs".to_owned(),
            keep: false,
        }),
        others: summaries(lang).split_off(1),
    }
}

pub fn praise(lang: Lang, state: PraiseState, minor: i64, note: Option<&str>) -> ReaderPraise {
    ReaderPraise {
        id: "prs_0123456789abcdefghjkmnpqrs".to_owned(),
        state,
        amount: money(lang, minor),
        article: article_ref(lang),
        visibility: Visibility::Public,
        note: note.map(str::to_owned),
        reply: None,
        paid_at: NOW,
        due_at: shared::calendar::due_at(NOW, currency(lang), 7),
    }
}

/// What a writer says to somebody who praised.
pub fn reply(lang: Lang) -> Reply {
    let text = pick(lang, "下次来，给你留一块热的。", "Come by early; the first loaf is yours.");
    Reply { text: text.to_owned(), replied_at: NOW.plus_days(1) }
}

pub fn me(lang: Lang) -> MePage {
    MePage {
        name: "小满".to_owned(),
        open: vec![OpenIntent {
            intent: intent(lang, IntentState::AwaitingPayment),
            article: article_ref(lang),
        }],
        praises: vec![
            praise(lang, PraiseState::Held, 888, Some(pick(lang, NOTE_ZH, NOTE_EN))),
            praise(lang, PraiseState::PaidOut, 100, None),
            praise(lang, PraiseState::Returned, 3000, None),
        ],
        this_month: vec![MonthTotal { total: money(lang, 988), writers: 2 }],
        next_cursor: Some("YWJj".to_owned()),
        ..MePage::default()
    }
}

pub fn studio(lang: Lang) -> StudioPage {
    let rows = [
        (
            PraiseState::Held,
            Visibility::Public,
            Some("小满"),
            Some(pick(lang, NOTE_ZH, NOTE_EN)),
            888,
        ),
        (
            PraiseState::Held,
            Visibility::Anonymous,
            None,
            Some(pick(lang, "路过。", "Passing by.")),
            200,
        ),
        (PraiseState::Due, Visibility::Writer, None, None, 3000),
    ];
    let praises = rows.map(|(state, visibility, name, note, minor)| StudioPraise {
        id: "prs_0123456789abcdefghjkmnpqrs".to_owned(),
        state,
        amount: money(lang, minor),
        reader_name: name.map(str::to_owned),
        visibility,
        note: note.map(str::to_owned),
        reply: (minor == 888).then(|| reply(lang)),
        article: article_ref(lang),
        paid_at: NOW,
        due_at: shared::calendar::due_at(NOW, currency(lang), 7),
    });
    let account = account(lang);
    StudioPage {
        accounts: vec![StudioSection {
            account: StudioAccount {
                id: "acc_0123456789abcdefghjkmnpqrs".to_owned(),
                handle: account.handle,
                name: account.name,
                currency: currency(lang),
                confirming: 2,
                held: money(lang, 1_848_850),
                due: money(lang, 3_000),
                articles: 4,
                not_ready: Vec::new(),
            },
            praises: praises.to_vec(),
            next_cursor: Some("YWJj".to_owned()),
        }],
    }
}

pub fn sign_in(lang: Lang) -> SignInPage {
    let person = |label: &str, role, same_as: Option<&str>| SandboxPerson {
        provider: "sandbox".to_owned(),
        subject: label.to_lowercase(),
        label: label.to_owned(),
        role,
        same_as: same_as.map(str::to_owned),
    };
    SignInPage {
        return_to: "/".to_owned(),
        guests: true,
        people: vec![
            person("小满", Role::Reader, None),
            person("Ada", Role::Reader, None),
            person(pick(lang, "Ada（手机）", "Ada (phone)"), Role::Reader, Some("Ada")),
            person("林小雨", Role::Writer, None),
            person("Ruth", Role::Writer, None),
            person("Vera", Role::Operator, None),
        ],
    }
}

pub fn tokens(lang: Lang, created: bool) -> StudioTokensPage {
    let token = |id: &str, label: &str| TokenRef {
        id: format!("tok_{id}"),
        label: label.to_owned(),
        scope: "publish".to_owned(),
        created_at: NOW,
    };
    StudioTokensPage {
        tokens: vec![token("1", pick(lang, "我的笔记本电脑", "My laptop")), token("2", "CI")],
        created: created.then(|| CreatedToken {
            id: "tok_1".to_owned(),
            token: "praise_7zzzzzzzzzzzzzzzzzzzzzzzzz7zzzzzzzzzzzzzzzzzzzzzzzzz".to_owned(),
            scope: "publish".to_owned(),
        }),
        ..StudioTokensPage::default()
    }
}

pub fn cashier(lang: Lang, state: CashierState) -> CashierPage {
    CashierPage {
        order: "ord_0123456789abcdefghjkmnpqrs".to_owned(),
        payee: account(lang).name,
        description: article_ref(lang).title,
        amount: money(lang, 1000),
        expires_at: NOW.plus_minutes(30),
        state,
        return_path: "/i/int_0123456789abcdefghjkmnpqrs".to_owned(),
    }
}

fn problem(problem: Problem) -> Content {
    Content::Problem(ProblemPage {
        problem,
        request_id: "req_0123456789abcdefghjkmnpqrs".to_owned(),
    })
}

/// Every page in both languages, with its name.
pub fn all() -> Vec<(String, Frame, Content)> {
    Lang::ALL.into_iter().flat_map(each).collect()
}

fn each(lang: Lang) -> Vec<(String, Frame, Content)> {
    let mut pages: Vec<(String, Frame, Content)> = Vec::new();
    let mut add = |name: &str, path: &str, content| {
        pages.push((name.to_owned(), frame(lang, path), content));
    };
    add(
        "home",
        "/",
        Content::Home(Home { articles: summaries(lang), next_cursor: Some("YWJj".to_owned()) }),
    );
    add("article", "/a/x", Content::Article(Box::new(article_page(lang))));
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
    guest.receipt = guest.receipt.map(|link| ReceiptLink { keep: true, ..link });
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
        ("receipt", given::held(lang)),
        ("receipt-undo-over", given::undo_over(lang)),
        ("receipt-frozen", given::frozen(lang)),
        ("receipt-paid-out", given::paid_out(lang)),
        ("receipt-returning", given::returning(lang)),
    ] {
        add(name, "/me/praises/x", Content::Praise(Box::new(page)));
    }
    add("limits", "/me/limits", Content::Limits(Box::new(given::limits())));
    add("limits-wrong", "/me/limits", Content::Limits(Box::new(given::limits_wrong())));
    add("me-empty", "/me", Content::Me(MePage { saved: true, ..MePage::default() }));
    add("sign-in", "/sign-in", Content::SignIn(sign_in(lang)));
    add("studio", "/studio", Content::Studio(studio(lang)));
    for (name, page) in [
        ("studio-praise", given::received(lang)),
        ("studio-praise-wrong", given::reply_too_long(lang)),
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
    add("problem-404", "/nowhere", problem(Problem::NotFound));
    add("problem-signin", "/me", problem(Problem::SignInNeeded));
    add("problem-500", "/", problem(Problem::Internal));
    pages
}
