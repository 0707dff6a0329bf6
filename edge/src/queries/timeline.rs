//! The timeline of a praise, built from the events that the schema's triggers store. Its reader and
//! its writer read the same timeline, except that only the writer sees the digits of the bank card.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::api::timeline::{Coming, Happened, NextStep, Timeline, TimelineEntry};
use shared::calendar::Moment;
use shared::machine::{FreezeState, PartState, PraiseState};
use shared::money::Currency;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// Days within which a refund usually reaches the reader.
const USUAL_REFUND_DAYS: i64 = 7;

#[derive(Deserialize)]
struct Praise {
    state: PraiseState,
    state_at: i64,
    currency: Currency,
    paid_at: i64,
    due_at: i64,
    waits_for: Option<String>,
    payout_at: Option<i64>,
    open_disputes: i64,
}

#[derive(Deserialize)]
struct Event {
    machine: String,
    subject_id: String,
    from_state: String,
    to_state: String,
    at: i64,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Part {
    id: String,
    state: PartState,
    send_day: String,
    last4: String,
}

#[derive(Deserialize)]
struct Freeze {
    rule: String,
    opened_at: i64,
    appeal_until: i64,
    decide_until: Option<i64>,
    state: FreezeState,
}

/// The rows from which a timeline is built.
struct History {
    praise: Praise,
    events: Vec<Event>,
    parts: BTreeMap<String, Part>,
    freezes: Vec<Freeze>,
}

/// Finds the timeline of a praise at `now` as its writer reads it, with the last digits of the bank
/// card. `None` if there is no such praise. The caller checks that the praise is this writer's.
pub async fn find_for_writer<D: Database>(
    db: &D,
    praise_id: &str,
    now: Moment,
) -> Result<Option<Timeline>, DatabaseError> {
    let mut results = Results::from(db.batch(statements(praise_id)).await?);
    let Some(praise) = results.take().first()? else { return Ok(None) };
    let events = results.take().decode()?;
    let parts: Vec<Part> = results.take().decode()?;
    let parts = parts.into_iter().map(|part| (part.id.clone(), part)).collect();
    let history = History { praise, events, parts, freezes: results.take().decode()? };
    Ok(Some(Timeline { entries: history.entries(), next: history.next_step(now) }))
}

/// Finds the timeline of a praise that this person gave, without the digits of the writer's bank
/// card. `None` if the praise is somebody else's.
pub async fn find_for_reader<D: Database>(
    db: &D,
    person_id: &str,
    praise_id: &str,
    now: Moment,
) -> Result<Option<Timeline>, DatabaseError> {
    let own = Statement::new(
        "SELECT id FROM praise WHERE id = ?1 AND person_id = ?2",
        [Value::from(praise_id), person_id.into()],
    );
    if !Results::from(db.batch(vec![own]).await?).take().any() {
        return Ok(None);
    }
    let mut timeline = find_for_writer(db, praise_id, now).await?;
    for entry in timeline.iter_mut().flat_map(|timeline| &mut timeline.entries) {
        entry.last4 = None;
    }
    Ok(timeline)
}

fn statements(praise_id: &str) -> Vec<Statement> {
    let id = || [Value::from(praise_id)];
    vec![
        Statement::new(
            "SELECT praise.state, praise.state_at, praise.currency, praise.paid_at, praise.due_at,
                    (SELECT state_reason FROM payout
                     WHERE account_id = praise.account_id AND state = 'waiting') AS waits_for,
                    (SELECT due_at FROM job WHERE kind = 'pay_out'
                     AND subject_id = praise.account_id AND done_at IS NULL) AS payout_at,
                    (SELECT count(*) FROM dispute
                     WHERE praise_id = praise.id AND state = 'open') AS open_disputes
             FROM praise WHERE praise.id = ?1",
            id(),
        ),
        Statement::new(
            "SELECT machine, subject_id, from_state, to_state, at, reason FROM event
             WHERE subject_id = ?1
                OR subject_id IN (SELECT part_id FROM payout_line WHERE praise_id = ?1)
                OR subject_id IN (SELECT id FROM dispute WHERE praise_id = ?1)
             ORDER BY id",
            id(),
        ),
        Statement::new(
            "SELECT part.id, part.state, part.send_day, bank_card.last4
             FROM payout_line
             JOIN payout_part AS part ON part.id = payout_line.part_id
             JOIN payout ON payout.id = part.payout_id
             JOIN bank_card ON bank_card.id = payout.card_id
             WHERE payout_line.praise_id = ?1
             ORDER BY payout_line.released_at IS NULL, payout_line.released_at",
            id(),
        ),
        Statement::new(
            "SELECT rule, opened_at, appeal_until, decide_until, freeze.state
             FROM freeze JOIN praise ON praise.article_id = freeze.article_id
             WHERE praise.id = ?1 ORDER BY opened_at",
            id(),
        ),
    ]
}

fn entry(at: i64, what: Happened) -> TimelineEntry {
    TimelineEntry {
        at: Moment::from_ms(at),
        what,
        reason: None,
        until: None,
        day: None,
        last4: None,
    }
}

impl History {
    fn entries(&self) -> Vec<TimelineEntry> {
        let mut entries = vec![entry(self.praise.paid_at, Happened::Paid)];
        for event in &self.events {
            let new_entries = match event.machine.as_str() {
                "praise" => self.praise_entries(event),
                "payout_part" => self.part_entry(event).into_iter().collect(),
                "dispute" => dispute_entry(event).into_iter().collect(),
                _ => Vec::new(),
            };
            for one in new_entries {
                // A dispute and its praise change state at the same moment and give the same entry.
                let same_moment = entries.iter().rev().take_while(|before| before.at == one.at);
                if !same_moment.into_iter().any(|before| before.what == one.what) {
                    entries.push(one);
                }
            }
        }
        entries
    }

    fn praise_entries(&self, event: &Event) -> Vec<TimelineEntry> {
        let one = |what| entry(event.at, what);
        let until = Some(Moment::from_ms(self.praise.due_at));
        let thawed = (event.from_state == "frozen").then(|| one(Happened::Unfrozen));
        let what = match event.to_state.as_str() {
            "held" => Some(TimelineEntry { until, ..one(Happened::Held) }),
            "due" => Some(one(Happened::Due)),
            "frozen" => {
                return vec![self.freeze_entry(event)];
            }
            "returning" => {
                let reason = event.reason.clone();
                return vec![TimelineEntry { reason, ..one(Happened::Returning) }];
            }
            "returned" => Some(one(Happened::Returned)),
            "paid_out" => Some(one(Happened::PaidOut)),
            "disputed" => return vec![one(Happened::Disputed)],
            // The events of the payout's parts and of the dispute give these entries.
            _ => None,
        };
        thawed.into_iter().chain(what).collect()
    }

    fn freeze_entry(&self, event: &Event) -> TimelineEntry {
        let freeze = self.freezes.iter().rev().find(|freeze| freeze.opened_at <= event.at);
        TimelineEntry {
            reason: freeze.map(|freeze| freeze.rule.clone()),
            until: freeze.map(|freeze| Moment::from_ms(freeze.appeal_until)),
            ..entry(event.at, Happened::Frozen)
        }
    }

    fn part_entry(&self, event: &Event) -> Option<TimelineEntry> {
        let part = self.parts.get(&event.subject_id);
        let one = |what| entry(event.at, what);
        Some(match event.to_state.as_str() {
            "queued" => TimelineEntry {
                day: part.map(|part| part.send_day.clone()),
                ..one(Happened::PayoutQueued)
            },
            "sent" => TimelineEntry {
                last4: part.map(|part| part.last4.clone()),
                ..one(Happened::PayoutSent)
            },
            "awaiting_confirmation" => one(Happened::PayoutAwaitingConfirmation),
            "failed" => {
                TimelineEntry { reason: event.reason.clone(), ..one(Happened::PayoutFailed) }
            }
            "dropped" => one(Happened::PayoutDropped),
            "sent_back" => one(Happened::PayoutSentBack),
            _ => return None,
        })
    }

    fn next_step(&self, now: Moment) -> Option<NextStep> {
        let praise = &self.praise;
        let step = |what, at: Option<Moment>| NextStep { what, at, reason: None };
        let next_day = now.day(praise.currency).plus(1).starts_at(praise.currency);
        Some(match praise.state {
            PraiseState::Held => step(Coming::Due, Some(Moment::from_ms(praise.due_at))),
            PraiseState::Due => match &praise.waits_for {
                Some(reason) => {
                    NextStep { reason: Some(reason.clone()), ..step(Coming::PayoutWaits, None) }
                }
                None => {
                    let at = praise.payout_at.map_or(next_day, Moment::from_ms);
                    step(Coming::Payout, Some(at))
                }
            },
            PraiseState::Frozen => self.next_step_of_freeze(),
            PraiseState::InPayout => {
                let open = self.parts.values().find(|part| {
                    use PartState::{AwaitingConfirmation, Queued, Sent};
                    matches!(part.state, Queued | Sent | AwaitingConfirmation)
                });
                match open.map(|part| part.state) {
                    Some(PartState::Queued) => step(Coming::PayoutSent, Some(next_day)),
                    Some(PartState::AwaitingConfirmation) => step(Coming::Confirmation, None),
                    _ => step(Coming::PayoutArrives, None),
                }
            }
            PraiseState::Returning => {
                let usually = Moment::from_ms(praise.state_at).plus_days(USUAL_REFUND_DAYS);
                step(Coming::Arrives, Some(usually))
            }
            PraiseState::Disputed => step(Coming::BankDecides, None),
            PraiseState::PaidOut | PraiseState::Returned | PraiseState::Lost => {
                if praise.open_disputes == 0 {
                    return None;
                }
                step(Coming::BankDecides, None)
            }
        })
    }

    fn next_step_of_freeze(&self) -> NextStep {
        let step =
            |what, at: Option<i64>| NextStep { what, at: at.map(Moment::from_ms), reason: None };
        let Some(freeze) = self.freezes.last() else { return step(Coming::GoesOn, None) };
        match freeze.state {
            FreezeState::Open => step(Coming::Appeal, Some(freeze.appeal_until)),
            FreezeState::Appealed => step(Coming::Decision, freeze.decide_until),
            FreezeState::Lifted => step(Coming::GoesOn, None),
            FreezeState::Returning | FreezeState::Returned => step(Coming::Return, None),
        }
    }
}

fn dispute_entry(event: &Event) -> Option<TimelineEntry> {
    let what = match event.to_state.as_str() {
        "open" => Happened::Disputed,
        "won" => Happened::DisputeWon,
        "lost" => Happened::DisputeLost,
        _ => return None,
    };
    Some(entry(event.at, what))
}
