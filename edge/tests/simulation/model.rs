//! What must be true, in plain structures: fed with every row that either record writes, batch by
//! batch, and with the answers that callers got. It shares no line with the code that it judges.

pub mod answers;
mod batch;
mod births;
mod disputes;
mod end;
mod freezes;
pub mod law;
mod payouts;
mod provider;
mod returns;
pub mod rules;
mod steps;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shared::money::Currency;

use crate::watch::{Commit, Side};
use batch::{Legs, Row};
use law::Caps;

/// Something that must not be and is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which check found it.
    pub check: String,
    /// What was found, and what should have been.
    pub detail: String,
}

/// How a check ends.
pub type Checked = Result<(), Wrong>;

/// A check that found something.
pub fn wrong<T>(check: &str, detail: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { check: check.to_owned(), detail: detail.into() })
}

/// Demands that something holds.
pub fn must(holds: bool, check: &str, detail: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { wrong(check, detail()) }
}

/// Somebody.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who stands for all sign-ins of this human.
    pub human: String,
    /// Without an account, with a guest's limits.
    pub guest: bool,
}

/// An official account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose.
    pub owner: String,
    /// What it receives.
    pub currency: Currency,
    /// Stopped by an operator.
    pub suspended: bool,
    /// Switched off by its writer.
    pub off: bool,
    /// A bank card is attached.
    pub has_card: bool,
}

/// An article.
#[derive(Clone, Debug)]
pub struct Article {
    /// Of which account.
    pub account: String,
    /// Under suspicion.
    pub frozen: bool,
}

/// An attempt.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Whose.
    pub person: String,
    /// For what.
    pub article: String,
    /// Of which account.
    pub account: String,
    /// How much.
    pub amount: i64,
    /// In what.
    pub currency: Currency,
    /// Whose room it takes, on which day.
    pub day: String,
    /// Where it stands.
    pub state: String,
    /// Until when it can be paid.
    pub expires_at: i64,
    /// Its order.
    pub order: String,
    /// The reader has asked to cancel.
    pub cancel_asked: bool,
    /// Money for it that does not fit, and that nobody has explained yet.
    pub in_review: BTreeSet<String>,
}

/// Money that arrived.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The provider's number.
    pub transaction: String,
    /// How much.
    pub amount: i64,
    /// In what.
    pub currency: String,
    /// praise, return or suspense.
    pub fate: String,
    /// The attempt, where there is one.
    pub intent: String,
}

/// Money booked for a writer.
#[derive(Clone, Debug)]
pub struct Praise {
    /// Of which attempt.
    pub intent: String,
    /// Its money.
    pub payment: String,
    /// For whom.
    pub account: String,
    /// How much.
    pub amount: i64,
    /// In what.
    pub currency: Currency,
    /// Where it stands.
    pub state: String,
    /// When it is due.
    pub due_at: i64,
    /// Until when it is undone with one tap.
    pub undo_until: i64,
    /// The day it was paid.
    pub paid_day: String,
    /// Whether its money stands in writer_due.
    pub matured: bool,
    /// By which right it went back.
    pub reason: String,
}

/// Money on its way back.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Of which payment.
    pub payment: String,
    /// Where it stands.
    pub state: String,
}

/// Whose room: reader, article or writer; id, currency, day.
pub type RoomKey = (&'static str, String, String, String);

/// Everything.
#[derive(Default)]
pub struct Model {
    /// Versions of the rules: currency, since when, and what they say.
    pub caps: Vec<(&'static str, i64, Caps)>,
    /// Limits that readers have set.
    own: HashMap<rules::OwnKey, rules::OwnLimit>,
    /// Invitations by id.
    pub invitations: HashMap<String, rules::Invitation>,
    /// When accounts had income last: opened, a praise booked, a payout begun.
    pub last_income: HashMap<String, i64>,
    /// Accounts and articles that were suspended or frozen when this step began.
    lately: HashSet<String>,
    /// What rooms held when this step began, or in its midst, and hold no more.
    released: HashMap<RoomKey, i64>,
    /// Persons by id.
    pub persons: HashMap<String, Person>,
    /// Accounts by id.
    pub accounts: HashMap<String, Account>,
    /// Articles by id.
    pub articles: HashMap<String, Article>,
    /// No new praise may start anywhere.
    pub stopped: bool,
    /// Attempts by id.
    pub intents: HashMap<String, Intent>,
    /// Attempts by person and key.
    pub keys: HashMap<(String, String), String>,
    /// Attempts by the number of their order.
    pub orders: HashMap<String, (String, String)>,
    /// Payments by id.
    pub payments: HashMap<String, Payment>,
    /// Payments by the provider's number.
    pub booked: HashMap<String, String>,
    /// Praises by id.
    pub praises: HashMap<String, Praise>,
    /// Praises by attempt.
    pub praise_of: HashMap<String, String>,
    /// Refunds by id.
    pub refunds: HashMap<String, Refund>,
    /// The refund of a payment that may still succeed, or has.
    pub open_refunds: HashMap<String, String>,
    /// Payouts by id, with their account and state.
    pub payouts: HashMap<String, payouts::Payout>,
    /// Transfers by id.
    pub parts: HashMap<String, payouts::Part>,
    /// Freezes by id.
    freezes: HashMap<String, freezes::Freeze>,
    /// Ends that operators proposed, by id.
    actions: HashMap<String, freezes::Action>,
    /// Disputes by id.
    pub disputes: HashMap<String, disputes::Dispute>,
    /// What bills have confirmed, and what they said it cost.
    settled: Legs,
    /// Movements that bills have confirmed.
    matched: BTreeSet<(String, String)>,
    /// How often a human took back in a month.
    pub taken_back: HashMap<(String, String), i64>,
    /// What rooms must hold.
    rooms: HashMap<RoomKey, i64>,
    /// Since when the rules have held that a room is measured by: the latest of those by which
    /// anything took room of it.
    room_rules: HashMap<RoomKey, i64>,
    /// What the record says they hold.
    room_rows: HashMap<RoomKey, i64>,
    /// What the ledger must hold.
    balances: Legs,
    /// What is really true about money.
    pub truth: provider::Truth,
    /// Steps of machines that were seen.
    pub seen: BTreeMap<(String, String, String), u64>,
}

/// What one batch of the product must come to.
#[derive(Default)]
struct Due {
    legs: Legs,
    rooms: BTreeSet<RoomKey>,
    fuller: BTreeSet<RoomKey>,
    payments: Vec<String>,
    praises: Vec<String>,
    refunds: Vec<String>,
    replaced: Vec<String>,
    explained: Vec<String>,
    lines: Vec<(String, String)>,
}

impl Model {
    /// Takes in a batch, and judges it as one change.
    pub fn observe(&mut self, commit: &Commit, now: i64) -> Checked {
        match commit.side {
            Side::Provider => {
                commit.touches.iter().try_for_each(|touch| self.provider_wrote(Row(touch)))
            }
            Side::Product => self.product_wrote(commit, now),
        }
    }

    fn product_wrote(&mut self, commit: &Commit, now: i64) -> Checked {
        let rows = || commit.touches.iter().map(Row);
        let mut due = Due::default();
        self.is_audited(&rows().collect::<Vec<_>>())?;
        for row in rows() {
            self.born(row, now, &mut due)?;
        }
        for row in rows().filter(|row| row.table() == "event") {
            self.stepped(row, now, &mut due)?;
        }
        for payment in std::mem::take(&mut due.payments) {
            self.fate(&payment, "provider_unsettled", &mut due)?;
        }
        for payment in std::mem::take(&mut due.explained) {
            self.fate(&payment, "suspense", &mut due)?;
        }
        if rows().any(|row| matches!(row.table(), "article" | "freeze")) {
            self.freezes_hold()?;
        }
        for refund in &due.replaced {
            must(
                self.refunds.get(refund).is_some_and(|refund| refund.state == "closed"),
                "only what the provider has closed is replaced",
                || refund.clone(),
            )?;
        }
        self.rooms_are(rows(), &due)?;
        let mut legs = Legs::default();
        for row in rows().filter(|row| row.table() == "ledger_entry") {
            legs.add(row.text(2), row.text(3), row.text(4), row.int(5));
        }
        must(legs == due.legs, "the legs of a batch are those of its steps", || {
            format!("posted {:?}, due {:?}", legs.0, due.legs.0)
        })?;
        for ((account, owner, currency), amount) in &legs.0 {
            self.balances.add(account, owner, currency, *amount);
        }
        Ok(())
    }

    /// Adds to a room that must hold it, by the rules of a moment.
    fn room(&mut self, due: &mut Due, key: RoomKey, amount: i64, at: i64) {
        *self.rooms.entry(key.clone()).or_default() += amount;
        if amount > 0 {
            due.fuller.insert(key.clone());
            let since = self.rules_since(&key.2, at);
            let rules = self.room_rules.entry(key.clone()).or_default();
            *rules = since.max(*rules);
        } else {
            *self.released.entry(key.clone()).or_default() -= amount;
        }
        due.rooms.insert(key);
    }

    fn rooms_are<'a>(&mut self, rows: impl Iterator<Item = Row<'a>>, due: &Due) -> Checked {
        let mut keys = due.rooms.clone();
        for row in rows {
            let kind = match row.table() {
                "reader_day" => "reader",
                "article_day" => "article",
                "writer_day" => "writer",
                _ => continue,
            };
            let key = (kind, row.string(1), row.string(2), row.string(3));
            self.room_rows.insert(key.clone(), row.int(4));
            keys.insert(key);
        }
        for key in keys {
            let must_be = self.rooms.get(&key).copied().unwrap_or(0);
            let is = self.room_rows.get(&key).copied().unwrap_or(0);
            must(must_be == is, "a room holds what it must", || {
                format!("{key:?} holds {is}, must hold {must_be}")
            })?;
        }
        for key in &due.fuller {
            let (holds, cap) = self.room_of(key, 0);
            must(holds <= cap, "no cap is exceeded at any instant", || {
                format!("{key:?} holds {holds} of {cap}")
            })?;
            if key.0 == "reader" {
                let own = self.own_refusals(&key.1, &key.2, &key.3, 0);
                must(
                    own.iter().all(|(_, over)| !over),
                    "nobody gives more than they allow",
                    || format!("{key:?} {own:?}"),
                )?;
            }
        }
        Ok(())
    }

    /// What a room holds over all sign-ins of its human, and its cap for something by the rules of
    /// a moment.
    fn room_of(&self, key: &RoomKey, at: i64) -> (i64, i64) {
        let (kind, id, currency, day) = key;
        let rules = self.room_rules.get(key).copied().unwrap_or_default();
        let caps = self.caps_at(currency, rules.max(at));
        if *kind == "article" {
            return (self.rooms.get(key).copied().unwrap_or(0), caps.article);
        }
        let Some(person) = self.persons.get(id) else { return (0, 0) };
        let holds = self
            .persons
            .iter()
            .filter(|(_, other)| other.human == person.human)
            .map(|(id, _)| (*kind, id.clone(), currency.clone(), day.clone()))
            .map(|key| self.rooms.get(&key).copied().unwrap_or(0))
            .sum();
        let cap = match (*kind, person.guest) {
            ("writer", _) => caps.writer,
            (_, true) => caps.guest,
            (_, false) => caps.reader,
        };
        (holds, cap)
    }

    /// Counts a step that was seen.
    pub fn saw(&mut self, machine: &str, from: &str, to: &str) {
        *self.seen.entry((machine.to_owned(), from.to_owned(), to.to_owned())).or_default() += 1;
    }

    /// The human behind a person.
    pub fn human<'a>(&'a self, person: &'a str) -> &'a str {
        self.persons.get(person).map_or(person, |person| &person.human)
    }

    /// Whether an article would receive a new praise.
    pub fn accepts(&self, article: &str) -> bool {
        self.articles.get(article).is_some_and(|article| {
            !article.frozen
                && self.accounts.get(&article.account).is_some_and(|account| {
                    !account.suspended
                        && !account.off
                        && account.has_card
                        && self.invited(&account.owner)
                })
        })
    }
}
