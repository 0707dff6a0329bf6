//! English.

use shared::api::NotReady;
use shared::machine::{IntentState, PraiseState, Visibility};

use super::{Words, Zone, reading};

pub(super) static WORDS: Words = Words {
    reading: &reading::EN,

    site: "Praise",
    tagline: "Every article is free. A praise is a gift, and all of it goes to the writer.",
    skip: "Skip to the text",
    nav: "Main",
    nav_me: "My praises",
    nav_studio: "Studio",
    nav_sign_in: "Sign in",
    language: "Language",
    sandbox: "Sandbox: no money is real",
    older: "Older",
    kept: "No connection: you see this article as it was when you last read it.",
    offline: "No connection, and you have not read this article here yet.",

    praise_state: |state| match state {
        PraiseState::Held => "Held",
        PraiseState::Due => "Due",
        PraiseState::Frozen => "Under review",
        PraiseState::InPayout => "Being paid out",
        PraiseState::PaidOut => "Paid out",
        PraiseState::Returning => "Going back",
        PraiseState::Returned => "Returned",
        PraiseState::Disputed => "Disputed",
        PraiseState::Lost => "Lost to a dispute",
    },
    intent_state: |state| match state {
        IntentState::AwaitingPayment => "Waiting for payment",
        IntentState::Paid => "Paid",
        IntentState::Returned => "Returned",
        IntentState::Declined => "Declined",
        IntentState::Cancelled => "Cancelled",
        IntentState::Expired => "Expired",
    },
    held_until: |date| format!("held until {date}"),

    home_title: "Articles",
    home_intro: "Free to read, by people who write for the love of it.",
    home_empty: "There are no articles yet.",

    account_empty: "Nothing published yet.",

    form_for: |title| format!("For “{title}”"),
    review: "Continue",
    review_title: "Is this right?",
    review_note: "Your note",
    review_visibility: "Who may see that it was you",
    all_of_it: |payee| format!("All of it goes to {payee}."),
    edit: "Change something",
    back_to_article: "Back to the article",
    check_fields: "Please look at the marked fields again.",
    open_title: |count| match count {
        1 => "A payment is still open".into(),
        _ => format!("{count} payments are still open"),
    },
    open_until: |time| format!("Can be paid until {time}."),
    resume: "Continue",
    cancel: "Cancel it",

    awaiting_title: "Waiting for your payment",
    awaiting_text: |time| {
        format!(
            "No payment has arrived yet. If you have paid, wait a moment: this page goes on by \
             itself. Otherwise you can pay until {time}."
        )
    },
    waiting_title: "We are asking the payment provider",
    waiting_text: "It has not answered yet. This page goes on by itself, and nothing can be \
                   charged twice.",
    look_again: "Look again",
    paid_title: "Thank you",
    paid_text: |payee| format!("Your praise has arrived. All of it goes to {payee}."),
    paid_due: |payee, date| format!("It is held until {date}, then it goes to {payee}."),
    thanks_from: |payee| format!("{payee} says"),
    declined_title: "The payment was declined",
    declined_text: "Nothing was charged. Your amount and your note are kept here.",
    cancelled_title: "You cancelled",
    cancelled_text: "Nothing was charged. Should a payment still arrive, all of it goes back to \
                     you.",
    expired_title: "The time to pay is over",
    expired_text: "Nothing was charged. Your amount and your note are kept here.",
    returned_title: "Your payment goes back to you",
    returned_text: "All of it goes back the way you paid. You need not do anything.",
    returned_why: "Why",
    money_arrived: |amount, date, late| match late {
        true => format!("We received {amount} on {date}, after the time to pay was over."),
        false => format!("We received {amount} on {date}, which could not become this praise."),
    },
    money_in_review: "Somebody decides about it, and it is not lost. Please do not pay again.",
    money_returning: |date, number| {
        format!(
            "It was sent back the way you paid on {date} as refund {number}, and is on its way."
        )
    },
    money_returned: |date, number, back| {
        format!(
            "It was sent back the way you paid on {date} as refund {number}, and has been back \
             since {back}."
        )
    },
    money_back_by_bank: "Your bank has given it back to you.",
    money_back_title: "Payments that went back",
    the_limit: |limit| format!("The limit is {limit}."),
    try_again: "Try again",
    reopens: |time| format!("Possible again from {time}."),
    to_me: "All my praises",
    your_amount: "Amount",
    your_note: "Note",
    read_on: |account| format!("Read on at {account}"),

    me_title: "My praises",
    me_praises: "Given",
    me_empty: "You have not praised anything yet. There is no hurry.",
    me_about: "About me",
    name_label: "Name on the wall",
    name_hint: |max| format!("At most {max} characters. Left empty, you appear as “a reader”."),
    name_too_long: |max| format!("The name may have at most {max} characters."),
    lang_label: "Language",
    lang_follow: "As my browser asks",
    save: "Save",
    saved: "Saved.",
    sign_out: "Sign out",
    praised_on: |date| format!("given on {date}"),
    seen_by: |payee, visibility| match visibility {
        Visibility::Public => "on the wall".into(),
        Visibility::Writer => format!("seen by {payee} only"),
        Visibility::Anonymous => "anonymous".into(),
    },

    sign_in_title: "Who are you?",
    sign_in_intro: "In the sandbox you choose a person. No password, and no money is real.",
    role_reader: "Reader",
    role_writer: "Writer",
    role_operator: "Operator",
    same_as: |other| format!("the same person as {other}"),
    nobody: "There is nobody to choose.",

    studio_title: "Studio",
    not_ready_title: "Readers cannot praise this",
    not_ready_hint: "Only you see this.",
    not_ready: |why| match why {
        NotReady::NoInvitation => "Receiving is by invitation, and you have not redeemed one.",
        NotReady::NoCard => "No bank card is attached.",
        NotReady::KindNotAllowed => "For now, only individuals receive.",
        NotReady::Suspended => "The account is suspended.",
        NotReady::Off => "Praise is switched off for this account.",
    },
    not_ready_article_off: "Praise is switched off for this article.",
    not_ready_frozen: "This article is under review.",
    not_ready_stopped: "Nobody can be praised at the moment. What is owed to you still moves.",
    studio_empty: "You have no official account yet.",
    studio_confirming: "Confirming",
    studio_confirming_hint: |minutes| {
        format!(
            "A praise is confirmed {minutes} minutes after it arrived. Until then it is only counted here."
        )
    },
    studio_held: "Held",
    studio_due: "Due",
    studio_articles: "Articles",
    studio_praises: "Praises",
    studio_no_praises: "No praises yet.",
    studio_praise: "A praise",
    studio_received: "Details",
    studio_from: |reader| format!("from {reader}"),
    reply_done: "Your reply",
    reply_label: "Say thank you",
    reply_hint: |max| {
        format!(
            "Once, at most {max} characters. It reaches the reader on the receipt; who is anonymous \
             stays so."
        )
    },
    reply_too_long: |max| format!("The reply may have at most {max} characters."),
    reply_empty: "Write a word or two.",
    reply_send: "Send the reply",
    reply_open: |reader| format!("The praise from {reader}, and a reply"),
    fact_article: "Article",
    fact_state: "State",

    tokens_title: "Tokens",
    tokens_intro: "A token lets a program publish in your name. It can do nothing else.",
    tokens_empty: "You have no tokens.",
    tokens_list: "Your tokens",
    token_label: "What is it for?",
    token_hint: "For example: my laptop.",
    token_create: "Make a token",
    token_created: "Your new token",
    token_once: "Copy it now: it is shown this once, and only its fingerprint is kept.",
    token_scope: |scope| format!("may {scope}"),
    token_made: |date| format!("made on {date}"),
    token_revoke: |label| format!("Revoke {label}"),
    revoke: "Revoke",

    request_id: "Request",
    to_home: "All articles",
    to_sign_in: "Sign in",
    error: |title| format!("Error: {title}"),

    time: |time, zone| match zone {
        Zone::Beijing => format!("{time} (Beijing)"),
        Zone::Utc => format!("{time} (UTC)"),
    },
};
