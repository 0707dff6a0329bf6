//! Giving a praise: the form, the intent, the cashier.

use super::*;

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

/// A payment that arrived after the intent had expired.
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
            for_guest: false,
        }),
        others: summaries(lang).split_off(1),
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
