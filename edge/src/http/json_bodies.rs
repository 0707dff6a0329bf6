//! The JSON bodies that requests have, and what each of their members has to be.

use shared::api::operator::{
    Appeal, ApproveAction, ApproveShown, ChangeAccount, CloseRefund, CloseTask, GlobalStop,
    OpenFreeze, ProposeAction, ProposeDissolution,
};
use shared::api::reconciliation::{ProposeExplanation, ProposeFunds};
use shared::api::{
    AttachCard, ChangeVisibility, CreateToken, MakeInvitation, PublishArticle, RedeemInvitation,
    ResolveSuspense, SayReply, StartPraise, UpdateLimits, UpdateMe,
};
use shared::problem::Expected::{self, Object, OneOf, Text, WholeNumber};

use super::json::JsonBody;
use crate::limits::policy::raise::NewPolicyRaise;
use crate::limits::policy::version::NewPolicyVersion;

const CURRENCIES: Expected = OneOf("CNY, USD");
const LANGUAGES: Expected = OneOf("zh-Hans, en");
const VISIBILITIES: Expected = OneOf("public, writer, anonymous");

/// Implements [`JsonBody`] for each struct: the paths of its members, and what they have to be.
macro_rules! json_bodies {
    ($($body:ty { $($member:literal: $expected:expr),* $(,)? })*) => {$(
        impl JsonBody for $body {
            const MEMBERS: &'static [(&'static str, Expected)] = &[$(($member, $expected)),*];
        }
    )*};
}

json_bodies! {
    Appeal { "text": Text }
    ApproveAction { "shown_hash": Text }
    ApproveShown { "shown_hash": Text }
    AttachCard { "token": Text }
    ChangeAccount {
        "status": OneOf("active, suspended"),
        "kind": OneOf("individual, organization"),
    }
    ChangeVisibility { "visibility": VISIBILITIES }
    CloseRefund { "reason": Text }
    CloseTask { "kind": Text, "subject_id": Text, "reason": Text }
    CreateToken { "label": Text }
    GlobalStop { "reason": Text }
    MakeInvitation { "note": Text, "days": Expected::INVITATION_DAYS }
    NewPolicyRaise {
        "currency": CURRENCIES,
        "not_before": Expected::TIME,
        "change": Expected::POLICY_CHANGE,
        "reason": Text,
    }
    NewPolicyVersion {
        "currency": CURRENCIES,
        "effective_from": Expected::TIME,
        "change": Expected::POLICY_CHANGE,
    }
    OpenFreeze {
        "article": Text,
        "version": Expected::VERSION,
        "rule": OneOf("fundraising, gambling, selling, perks, not_original, unlawful"),
    }
    ProposeAction { "kind": OneOf("mass_return, unfreeze") }
    ProposeDissolution { "reason": Text }
    ProposeExplanation {
        "posting": OneOf("operator_loss, provider_fee, suspense, reversal, belongs_to"),
        "belongs_to": Object,
        "belongs_to.kind": Text,
        "belongs_to.number": Text,
        "reason": Text,
    }
    ProposeFunds {
        "amount": Object,
        "amount.minor": WholeNumber,
        "amount.currency": CURRENCIES,
        "reference": Text,
        "reason": Text,
    }
    PublishArticle {
        "account": Text,
        "title": Text,
        "lang": LANGUAGES,
        "author": Text,
        "slug": Text,
        "markdown": Text,
    }
    RedeemInvitation { "code": Text }
    ResolveSuspense { "resolution": OneOf("return, to_praise"), "intent_id": Text }
    SayReply { "text": Text }
    StartPraise {
        "amount": Object,
        "amount.minor": WholeNumber,
        "amount.currency": CURRENCIES,
        "visibility": VISIBILITIES,
        "note": Text,
    }
    UpdateLimits {
        "currency": CURRENCIES,
        "praise_minor": WholeNumber,
        "day_minor": WholeNumber,
        "month_minor": WholeNumber,
    }
    UpdateMe { "name": Text, "lang": LANGUAGES }
}
