//! English.

use shared::api::NotReady;
use shared::machine::{IntentState, PraiseState, Visibility};
use shared::text::isolated;

use super::article;
use super::page_texts::{Words, Zone};

pub(super) static WORDS: Words = Words {
    article: &article::EN,

    site: "Praise",
    tagline: "Every article is free to read. Praise is a gift, and all of it goes to the writer.",
    skip: "Skip to content",
    nav: "Main",
    nav_me: "My praises",
    nav_studio: "Studio",
    nav_sign_in: "Sign in",
    language: "Language",
    sandbox: "Sandbox: no real money",
    older_articles: "Older articles",
    older_praises: "Older praises",
    stale_article: "No connection. This is the version you read last time.",
    offline: "No connection. Go online to open this article.",

    praise_state: |state| match state {
        PraiseState::Held => "Held",
        PraiseState::Due => "Ready to pay out",
        PraiseState::Frozen => "Under review",
        PraiseState::InPayout => "Being paid out",
        PraiseState::PaidOut => "Paid out",
        PraiseState::Returning => "Being refunded",
        PraiseState::Returned => "Refunded",
        PraiseState::Disputed => "Disputed",
        PraiseState::Lost => "Refunded by the bank",
    },
    intent_state: |state| match state {
        IntentState::AwaitingPayment => "Waiting for payment",
        IntentState::Paid => "Paid",
        IntentState::Returned => "Not accepted",
        IntentState::Declined => "Declined",
        IntentState::Cancelled => "Cancelled",
        IntentState::Expired => "Expired",
    },
    held_until: |date| format!("until {date}"),

    home_title: "Articles",
    home_intro: "Free to read, by people who write for the love of it.",
    home_empty: "No articles yet.",

    account_empty: "No articles yet.",

    form_for: |title| format!("For “{title}”", title = isolated(title)),
    note: "Note",
    visibility_label: "Visibility",
    review: "Continue",
    review_title: "Check your praise",
    all_of_it: |payee| format!("All of it goes to {payee}.", payee = isolated(payee)),
    edit: "Edit",
    back_to_article: "Back to the article",
    check_fields: |fields| format!("Please check: {}.", fields.join(", ")),
    open_title: |count| match count {
        1 => "You have an unfinished payment".into(),
        _ => format!("You have {count} unfinished payments"),
    },
    open_until: |time| format!("Pay by {time}."),
    resume: "Pay now",
    cancel: "Cancel payment",

    awaiting_title: "Waiting for your payment",
    awaiting_text: |time| {
        format!(
            "We have not received a payment yet. If you have just paid, this page updates by \
             itself. Otherwise, please pay by {time}."
        )
    },
    unknown_title: "Checking with the payment provider",
    unknown_text: "The provider has not replied yet. This page updates by itself, and you will not \
                   be charged twice.",
    refresh: "Refresh",
    paid_title: "Thank you",
    paid_text: |payee| {
        format!("Your praise went through. All of it goes to {payee}.", payee = isolated(payee))
    },
    paid_due: |payee, date| {
        format!("It is held until {date} and then paid out to {payee}.", payee = isolated(payee))
    },
    thanks_from: |payee| format!("A message from {payee}", payee = isolated(payee)),
    declined_title: "Your payment was declined",
    declined_text: "Nothing was charged. Your amount and note are still here.",
    cancelled_title: "Payment cancelled",
    cancelled_text: "Nothing was charged. If a payment still arrives, we refund it in full.",
    expired_title: "This payment has expired",
    expired_text: "Nothing was charged. Your amount and note are still here.",
    returned_title: "Your praise did not go through",
    returned_text: "The full amount goes back to your original payment method. You don’t need to do \
                    anything.",
    returned_why: "Why",
    money_arrived: |amount, date, late| match late {
        true => format!("We received {amount} on {date}, after the payment had expired."),
        false => format!("We received {amount} on {date}, but it could not become a praise."),
    },
    money_in_review: "We are reviewing it. Your money is safe. Please don’t pay again.",
    money_returning: |date, number| {
        format!(
            "Refund {number} was sent to your original payment method on {date} and is on its way."
        )
    },
    money_returned: |date, number, back| {
        format!(
            "Refund {number} was sent to your original payment method on {date} and arrived on \
             {back}."
        )
    },
    money_back_by_bank: "Your bank has refunded it.",
    money_back_title: "Payments that did not go through",
    money_under_review: "Under review",
    money_refunding: "Being refunded",
    money_refunded: "Refunded",
    the_limit: |limit| format!("The limit is {limit}."),
    try_again: "Try again",
    reopens: |time| format!("Available again from {time}."),
    to_me: "All my praises",

    me_title: "My praises",
    me_praises: "Praises you gave",
    me_empty: "You have not praised an article yet.",
    me_about: "Profile",
    name_label: "Name on the wall",
    name_hint: |max| format!("Up to {max} characters. Leave empty to appear as “a reader”."),
    name_too_long: |max| format!("Your name is too long. Use at most {max} characters."),
    lang_label: "Language",
    lang_follow: "Same as my browser",
    save: "Save",
    saved: "Saved.",
    sign_out: "Sign out",
    sign_out_everywhere: "Sign out on all devices",
    seen_by: |payee, visibility| match visibility {
        Visibility::Public => "On the wall".into(),
        Visibility::Writer => format!("Visible to {payee} only", payee = isolated(payee)),
        Visibility::Anonymous => "Anonymous".into(),
    },
    off_the_wall: "No longer on the wall",

    sign_in_title: "Sign in",
    sign_in_intro: "This is a sandbox. Choose a person to sign in as: no password, no real money.",
    role_reader: "Reader",
    role_writer: "Writer",
    role_operator: "Operator",
    same_as: |other| format!("the same person as {other}", other = isolated(other)),
    nobody: "There is no one to choose from yet.",

    studio_title: "Studio",
    not_ready_title: "Readers can’t praise this right now",
    not_ready_hint: "Only you can see this.",
    not_ready: |why| match why {
        NotReady::NoInvitation => "You need an invitation to receive praise.",
        NotReady::NoCard => "You have not added a bank card yet.",
        NotReady::KindNotAllowed => "Only individuals can receive praise for now.",
        NotReady::Suspended => "This account is suspended.",
        NotReady::Off => "Praise is turned off for this account.",
    },
    not_ready_article_off: "Praise is turned off for this article.",
    not_ready_frozen: "This article is under review.",
    not_ready_stopped: "Praise is paused for everyone. What you have already received is not \
                        affected.",
    studio_empty: "You don’t have an official account yet.",
    studio_confirming: "Confirming",
    studio_confirming_hint: |minutes| {
        format!(
            "Readers can undo a praise for {minutes} minutes. Until then you only see how many \
             there are."
        )
    },
    studio_held: "Held",
    studio_due: "Ready to pay out",
    studio_articles: "Articles",
    studio_praises: "Praises",
    studio_no_praises: "No praises yet.",
    studio_praise: "Praise details",
    studio_details: "Details",
    studio_anonymous: "an anonymous reader",
    studio_from: |reader| format!("from {reader}", reader = isolated(reader)),
    reply_done: "Your reply",
    reply_label: "Say thank you",
    reply_hint: |max| {
        format!(
            "You can reply once, with up to {max} characters. The reader sees it on the receipt, and \
             anonymous readers stay anonymous."
        )
    },
    reply_too_long: |max| format!("Your reply is too long. Use at most {max} characters."),
    reply_empty: "Please write a few words.",
    reply_send: "Send reply",
    reply_open: |reader| format!("Details of the praise from {reader}", reader = isolated(reader)),
    fact_article: "Article",
    fact_state: "Status",

    tokens_title: "API tokens",
    tokens_intro: "A token lets a program publish articles in your name, and nothing else.",
    tokens_empty: "No tokens yet.",
    tokens_list: "Your tokens",
    token_label: "What is it for?",
    token_hint: "For example: my laptop.",
    token_create: "Create token",
    token_created: "Your new token",
    token_once: "Copy it now. You won’t see it again, because we store only its fingerprint.",
    token_scope: |scope| format!("can {scope}"),
    token_made: |date| format!("created on {date}"),
    token_expires: |date| format!("expires on {date}"),
    token_revoke: |label| format!("Revoke {label}", label = isolated(label)),
    revoke: "Revoke",

    request_id: "Request ID",
    to_home: "All articles",
    to_sign_in: "Sign in",
    error: |title| format!("Error: {title}"),

    time: |time, zone| match zone {
        Zone::Beijing => format!("{time} (Beijing)"),
        Zone::Utc => format!("{time} (UTC)"),
    },
};
