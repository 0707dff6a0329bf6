//! Personal pages: a reader's praises, a writer's studio, the sign-in.

use super::*;

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

/// A writer's reply.
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
        refusal: None,
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
        expires_at: NOW.plus_days(shared::limits::TOKEN_DAYS),
    };
    StudioTokensPage {
        tokens: vec![token("1", pick(lang, "我的笔记本电脑", "My laptop")), token("2", "CI")],
        created: created.then(|| CreatedToken {
            id: "tok_1".to_owned(),
            token: "praise_7zzzzzzzzzzzzzzzzzzzzzzzzz7zzzzzzzzzzzzzzzzzzzzzzzzz".to_owned(),
            scope: "publish".to_owned(),
            expires_at: NOW.plus_days(shared::limits::TOKEN_DAYS),
        }),
        ..StudioTokensPage::default()
    }
}
