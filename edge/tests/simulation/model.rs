//! The reference model: plain data structures that receive every row that either database writes,
//! batch by batch, and the answers that callers got, and that check both. It shares no code with
//! what it checks.

pub mod answers;
mod disputes;
mod freezes;
mod inserts;
mod payouts;
pub mod policy_and_limits;
mod provider_records;
mod refunds;
mod rows;
pub mod specification;
mod totals;
mod transitions;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shared::money::Currency;

use crate::observed_database::{Commit, Side};
use rows::{Legs, Row};
use specification::Caps;

/// Something that violates the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The check that found it.
    pub check: String,
    /// The actual and the expected state.
    pub detail: String,
}

/// The result of a check.
pub type CheckResult = Result<(), Violation>;

/// Reports a violation.
pub fn violation<T>(check: &str, detail: impl Into<String>) -> Result<T, Violation> {
    Err(Violation { check: check.to_owned(), detail: detail.into() })
}

/// Requires that a condition holds.
pub fn ensure(holds: bool, check: &str, detail: impl FnOnce() -> String) -> CheckResult {
    if holds { Ok(()) } else { violation(check, detail()) }
}

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person who stands for all sign-ins of this human.
    pub human: String,
    /// Has no account and a guest's limits.
    pub guest: bool,
}

/// An official account.
#[derive(Clone, Debug)]
pub struct Account {
    /// The owner's id.
    pub owner: String,
    /// The currency it receives.
    pub currency: Currency,
    /// Suspended by an operator.
    pub suspended: bool,
    /// Turned off by its writer.
    pub off: bool,
    /// The id of the bank card that is attached.
    pub card: Option<String>,
}

/// An article.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its account's id.
    pub account: String,
    /// Whether it is frozen.
    pub frozen: bool,
}

/// An attempt to praise.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The reader's id.
    pub person: String,
    /// The article's id.
    pub article: String,
    /// The account's id.
    pub account: String,
    /// The amount in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
    /// The day in whose room it is reserved.
    pub day: String,
    /// Its state.
    pub state: String,
    /// When it expires.
    pub expires_at: i64,
    /// The id of its order.
    pub order: String,
    /// Whether the reader has asked to cancel.
    pub cancel_asked: bool,
    /// Payments for it that do not fit and have not been explained yet.
    pub in_review: BTreeSet<String>,
}

/// A payment that was booked.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The provider's transaction id.
    pub transaction: String,
    /// The amount in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// `praise`, `return` or `suspense`.
    pub fate: String,
    /// The attempt's id, if there is one.
    pub intent: String,
}

/// A praise.
#[derive(Clone, Debug)]
pub struct Praise {
    /// Its attempt's id.
    pub intent: String,
    /// Its payment's id.
    pub payment: String,
    /// The receiving account's id.
    pub account: String,
    /// The amount in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
    /// Its state.
    pub state: String,
    /// When it is due.
    pub due_at: i64,
    /// When a payout claimed it last.
    pub claimed_at: i64,
    /// When its undo window ends.
    pub undo_until: i64,
    /// The day of the payment.
    pub paid_day: String,
    /// Whether its money is in writer_due.
    pub matured: bool,
    /// The right by which it was returned.
    pub reason: String,
}

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its payment's id.
    pub payment: String,
    /// Its state.
    pub state: String,
}

/// The room under a daily cap: `reader`, `article` or `writer`; id, currency, day.
pub type RoomKey = (&'static str, String, String, String);

/// The complete state of the model.
#[derive(Default)]
pub struct Model {
    /// Policy versions: currency, start, and caps.
    pub caps: Vec<(&'static str, i64, Caps)>,
    /// Limits that readers have set.
    own_limits: HashMap<policy_and_limits::OwnKey, policy_and_limits::OwnLimit>,
    /// Invitations by id.
    pub invitations: HashMap<String, policy_and_limits::Invitation>,
    /// When accounts had their last income: opened, a praise booked, or a payout started.
    pub last_income: HashMap<String, i64>,
    /// Accounts and articles that were suspended or frozen when this step began.
    recently_blocked: HashSet<String>,
    /// Amounts that were reserved at the beginning of this step or during it and have been
    /// released.
    released: HashMap<RoomKey, i64>,
    /// How many attempts of each person have ended in this step.
    ended: HashMap<String, i64>,
    /// Persons by id.
    pub persons: HashMap<String, Person>,
    /// Accounts by id.
    pub accounts: HashMap<String, Account>,
    /// Articles by id.
    pub articles: HashMap<String, Article>,
    /// Whether new praises are stopped everywhere.
    pub stopped: bool,
    /// Attempts by id.
    pub intents: HashMap<String, Intent>,
    /// Attempts by person and idempotency key.
    pub keys: HashMap<(String, String), String>,
    /// Attempts by the number of their order.
    pub orders: HashMap<String, (String, String)>,
    /// Payments by id.
    pub payments: HashMap<String, Payment>,
    /// Payments by the provider's transaction id.
    pub booked: HashMap<String, String>,
    /// Praises by id.
    pub praises: HashMap<String, Praise>,
    /// Praises by attempt.
    pub praise_of: HashMap<String, String>,
    /// Refunds by id.
    pub refunds: HashMap<String, Refund>,
    /// For each payment the refund that may still succeed or has succeeded.
    pub open_refunds: HashMap<String, String>,
    /// Payouts by id, with their account and state.
    pub payouts: HashMap<String, payouts::Payout>,
    /// Transfers by id.
    pub parts: HashMap<String, payouts::Part>,
    /// Freezes by id.
    freezes: HashMap<String, freezes::Freeze>,
    /// Proposed ends of freezes, by id.
    actions: HashMap<String, freezes::Action>,
    /// Disputes by id.
    pub disputes: HashMap<String, disputes::Dispute>,
    /// The amounts and fees that bills have confirmed.
    settled: Legs,
    /// The currencies of differences, by id.
    differences: HashMap<String, String>,
    /// Movements that bills have confirmed.
    matched: BTreeSet<(String, String)>,
    /// How many praises a human has undone on a day.
    pub undone: HashMap<(String, String), i64>,
    /// How often a human has taken back in a month.
    pub taken_back: HashMap<(String, String), i64>,
    /// The expected use of every daily cap.
    rooms: HashMap<RoomKey, i64>,
    /// The policy that a daily cap is checked against: the latest of those under which room was
    /// taken.
    room_rules: HashMap<RoomKey, i64>,
    /// The use of every daily cap according to the database.
    room_rows: HashMap<RoomKey, i64>,
    /// The expected ledger balances.
    balances: Legs,
    /// The provider's own records, which are the truth about money.
    pub provider_records: provider_records::ProviderRecords,
    /// The state transitions that occurred, with their counts.
    pub seen: BTreeMap<(String, String, String), u64>,
}

/// The expected contents of one batch of the product.
#[derive(Default)]
struct Expected {
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
    /// Applies a batch and checks it as one change.
    pub fn observe(&mut self, commit: &Commit, now: i64) -> CheckResult {
        match commit.side {
            Side::Provider => commit.rows.iter().try_for_each(|row| self.provider_wrote(Row(row))),
            Side::Product => self.product_wrote(commit, now),
        }
    }

    fn product_wrote(&mut self, commit: &Commit, now: i64) -> CheckResult {
        let rows = || commit.rows.iter().map(Row);
        let mut expected = Expected::default();
        self.check_audit(&rows().collect::<Vec<_>>())?;
        for row in rows() {
            self.row_inserted(row, now, &mut expected)?;
        }
        for row in rows().filter(|row| row.table() == "event") {
            self.transitioned(row, now, &mut expected)?;
        }
        for payment in std::mem::take(&mut expected.payments) {
            self.fate(&payment, "provider_unsettled", &mut expected)?;
        }
        for payment in std::mem::take(&mut expected.explained) {
            self.fate(&payment, "suspense", &mut expected)?;
        }
        if rows().any(|row| matches!(row.table(), "article" | "freeze")) {
            self.check_freezes()?;
        }
        for refund in &expected.replaced {
            ensure(
                self.refunds.get(refund).is_some_and(|refund| refund.state == "closed"),
                "only a closed refund is replaced",
                || refund.clone(),
            )?;
        }
        self.check_rooms(rows(), &expected)?;
        let mut legs = Legs::default();
        for row in rows().filter(|row| row.table() == "ledger_entry") {
            legs.add(row.text(2), row.text(3), row.text(4), row.int(5));
        }
        ensure(
            legs == expected.legs,
            "a batch posts the ledger entries of its transitions",
            || format!("posted {:?}, expected {:?}", legs.0, expected.legs.0),
        )?;
        for ((account, owner, currency), amount) in &legs.0 {
            self.balances.add(account, owner, currency, *amount);
        }
        Ok(())
    }

    /// Takes or releases room under a daily cap; the policy is the one in force at a moment.
    fn room(&mut self, expected: &mut Expected, key: RoomKey, amount: i64, at: i64) {
        *self.rooms.entry(key.clone()).or_default() += amount;
        if amount > 0 {
            expected.fuller.insert(key.clone());
            let since = self.rules_since(&key.2, at);
            let rules = self.room_rules.entry(key.clone()).or_default();
            *rules = since.max(*rules);
        } else {
            *self.released.entry(key.clone()).or_default() -= amount;
        }
        expected.rooms.insert(key);
    }

    fn check_rooms<'a>(
        &mut self,
        rows: impl Iterator<Item = Row<'a>>,
        expected: &Expected,
    ) -> CheckResult {
        let mut keys = expected.rooms.clone();
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
            ensure(must_be == is, "the use of a daily cap is counted correctly", || {
                format!("{key:?} holds {is}, must hold {must_be}")
            })?;
        }
        for key in &expected.fuller {
            let (holds, cap) = self.room_of(key, 0);
            ensure(holds <= cap, "no cap is ever exceeded", || {
                format!("{key:?} holds {holds} of {cap}")
            })?;
            if key.0 == "reader" {
                let own = self.own_refusals(&key.1, &key.2, &key.3, 0);
                ensure(
                    own.iter().all(|(_, over)| !over),
                    "no reader's own limit is exceeded",
                    || format!("{key:?} {own:?}"),
                )?;
            }
        }
        Ok(())
    }

    /// The use of a daily cap over all sign-ins of the human, and the cap itself for something
    /// under the policy at a moment.
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

    /// Counts a state transition.
    pub fn count_transition(&mut self, machine: &str, from: &str, to: &str) {
        *self.seen.entry((machine.to_owned(), from.to_owned(), to.to_owned())).or_default() += 1;
    }

    /// The human to whom a person belongs.
    pub fn human<'a>(&'a self, person: &'a str) -> &'a str {
        self.persons.get(person).map_or(person, |person| &person.human)
    }

    /// Whether an article accepts new praises.
    pub fn accepts(&self, article: &str) -> bool {
        self.articles.get(article).is_some_and(|article| {
            !article.frozen
                && self.accounts.get(&article.account).is_some_and(|account| {
                    !account.suspended
                        && !account.off
                        && account.card.is_some()
                        && self.invited(&account.owner)
                })
        })
    }
}
