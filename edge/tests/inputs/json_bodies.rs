//! The JSON body of every route that takes one.

use std::fmt::Debug;

use edge::http::json::{self, JsonBody};
use edge::limits::policy::raise::NewPolicyRaise;
use edge::limits::policy::version::NewPolicyVersion;
use serde::Serialize;
use shared::api::operator::{
    Appeal, ApproveAction, ApproveShown, ChangeAccount, CloseRefund, CloseTask, GlobalStop,
    OpenFreeze, ProposeAction, ProposeDissolution,
};
use shared::api::reconciliation::{ProposeExplanation, ProposeFunds};
use shared::api::{
    AttachCard, ChangeVisibility, CreateToken, MakeInvitation, PublishArticle, RedeemInvitation,
    ResolveSuspense, SayReply, StartPraise, UpdateLimits, UpdateMe,
};
use shared::problem::Problem;

use super::rng::Rng;
use super::{feed, text};

const AMOUNT: &str = r#"{"minor":100,"currency":"CNY"}"#;

/// What a body is read as: whether it was accepted.
type Reader = fn(&str) -> bool;

/// Reads a body as one of the structs. What it accepts is written and read again as the same; what it
/// refuses, it refuses for a member that the struct has.
fn read<T: JsonBody + Serialize + PartialEq + Debug>(sent: &str) -> bool {
    match json::read::<T>(sent.as_bytes()) {
        Ok(body) => {
            let again = serde_json::to_string(&body).expect("it can be written");
            assert_eq!(json::read::<T>(again.as_bytes()).as_ref(), Ok(&body), "{sent:?}");
            true
        }
        Err(Problem::Field { field, .. }) => {
            let known = T::MEMBERS.iter().any(|(member, _)| *member == field);
            assert!(known || field == "body", "{field} of {sent:?}");
            false
        }
        Err(Problem::BrokenBody | Problem::DuplicateMember(_)) => false,
        Err(other) => panic!("{other:?} for {sent:?}"),
    }
}

/// Every struct with bodies that it accepts.
fn bodies() -> Vec<(Reader, String)> {
    let change = r#"{"hold_days":9,"receivers":"any"}"#;
    let own = |reader: Reader, body: &str| (reader, body.to_owned());
    vec![
        own(read::<Appeal>, r#"{"text":"I wrote it."}"#),
        own(read::<ApproveAction>, r#"{"shown_hash":"00ff"}"#),
        own(read::<ApproveShown>, r#"{"shown_hash":"00ff"}"#),
        own(read::<AttachCard>, r#"{"token":"sbxcard_6222020000001234"}"#),
        own(read::<ChangeAccount>, r#"{"status":"suspended","kind":"individual"}"#),
        own(read::<ChangeVisibility>, r#"{"visibility":"anonymous"}"#),
        own(read::<CloseRefund>, r#"{"reason":"it came back"}"#),
        own(read::<CloseTask>, r#"{"kind":"dispute","subject_id":"d","reason":"none"}"#),
        own(read::<CreateToken>, r#"{"label":"CI"}"#),
        own(read::<GlobalStop>, r#"{"reason":"the provider is down"}"#),
        own(read::<MakeInvitation>, r#"{"note":null,"days":30}"#),
        own(
            read::<NewPolicyRaise>,
            &format!(
                r#"{{"currency":"USD","not_before":"2026-11-29T00:00:00Z","change":{change},
                     "reason":"more readers"}}"#
            ),
        ),
        own(
            read::<NewPolicyVersion>,
            &format!(
                r#"{{"currency":"CNY","effective_from":"2026-11-29T08:00:00+08:00",
                     "change":{change}}}"#
            ),
        ),
        own(read::<OpenFreeze>, r#"{"article":"snow","version":1,"rule":"gambling"}"#),
        own(read::<ProposeAction>, r#"{"kind":"unfreeze"}"#),
        own(read::<ProposeDissolution>, r#"{"reason":"two sisters"}"#),
        own(
            read::<ProposeExplanation>,
            r#"{"posting":"belongs_to","belongs_to":{"kind":"funds","number":"7"},"reason":"x"}"#,
        ),
        own(
            read::<ProposeFunds>,
            &format!(r#"{{"amount":{AMOUNT},"reference":"bank-1","reason":"float"}}"#),
        ),
        own(
            read::<PublishArticle>,
            r##"{"account":"lin","title":"雪","lang":"zh-Hans","author":null,"slug":"snow",
                 "markdown":"# 雪\n\n\u96ea"}"##,
        ),
        own(read::<RedeemInvitation>, r#"{"code":"abcd"}"#),
        own(read::<ResolveSuspense>, r#"{"resolution":"to_praise","intent_id":"int_1"}"#),
        own(read::<SayReply>, r#"{"text":"谢谢"}"#),
        own(
            read::<StartPraise>,
            &format!(r#"{{"amount":{AMOUNT},"visibility":"public","note":"好"}}"#),
        ),
        own(read::<UpdateLimits>, r#"{"currency":"CNY","praise_minor":null,"day_minor":500}"#),
        own(read::<UpdateMe>, r#"{"name":"Ben","lang":"en"}"#),
    ]
}

/// A JSON value of any kind, to put in place of another.
fn value(rng: &mut Rng) -> &'static str {
    let values = [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e999",
        "9223372036854775808",
        "\"\"",
        "\"public\"",
        "[]",
        "[1,\"CNY\"]",
        "{}",
        "{\"a\":{\"a\":[]}}",
        "[[[[[[[[]]]]]]]]",
    ];
    text::one(rng, &values)
}

#[test]
fn json_bodies() {
    let bodies = bodies();
    for (reader, body) in &bodies {
        assert!(reader(body), "{body}");
    }
    feed("json_bodies", |rng| {
        let (reader, body) = &bodies[rng.below(bodies.len())];
        let sent = match rng.below(5) {
            0 => body.clone(),
            1 => text::mutated(rng, body),
            // Another value for a member, or a member more.
            2 => {
                let colons: Vec<_> = body.match_indices(':').map(|(at, _)| at).collect();
                let (head, tail) = body.split_at(colons[rng.below(colons.len())] + 1);
                let end = tail.find([',', '}']).unwrap_or(tail.len());
                format!("{head}{}{}", value(rng), &tail[end..])
            }
            3 => body.replacen('{', &format!("{{\"more\":{},", value(rng)), 1),
            _ => text::noise(rng, 80),
        };
        reader(&sent)
    });
}
