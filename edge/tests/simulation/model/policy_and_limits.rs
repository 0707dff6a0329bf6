//! Policies in force, readers' own limits, invitations, and the operators' changes to them.

use std::collections::HashSet;

use super::rows::Row;
use super::specification::{self, Caps};
use super::{Account, CheckResult, Expected, Model, ensure};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a raised limit waits.
const RAISE_MS: i64 = DAY_MS;
/// How long an account must be without income before its debt can be written off.
const WRITE_OFF_MS: i64 = 180 * DAY_MS;
/// Days of the longest month.
const MONTH_DAYS: i64 = 31;

/// A limit that a reader has set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnLimit {
    /// The current limit; `None` for none.
    pub limit: Option<i64>,
    /// The limit in force from `next_at` on.
    pub next: Option<i64>,
    /// When it changes; `None` if no change is pending.
    pub next_at: Option<i64>,
}

/// The key of a limit: person, currency, and praise, day or month.
pub type OwnKey = (String, String, String);

/// An invitation.
#[derive(Clone, Debug, Default)]
pub struct Invitation {
    /// When it expires.
    pub expires_at: i64,
    /// The person who has used it.
    pub used_by: Option<String>,
    /// Whether an operator has revoked it.
    pub revoked: bool,
}

/// Whether a limit is higher than another.
fn looser(limit: Option<i64>, than: Option<i64>) -> bool {
    match (limit, than) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(limit), Some(than)) => limit > than,
    }
}

impl Model {
    /// The policy for a currency at a moment.
    pub fn caps_at(&self, code: &str, at: i64) -> Caps {
        let versions =
            self.caps.iter().filter(|(currency, from, _)| *currency == code && *from <= at);
        versions.max_by_key(|(_, from, _)| *from).map(|(_, _, caps)| *caps).expect("rules")
    }

    /// The start of the policy that is in force at a moment.
    pub(super) fn rules_since(&self, code: &str, at: i64) -> i64 {
        let versions =
            self.caps.iter().filter(|(currency, from, _)| *currency == code && *from <= at);
        versions.map(|(_, from, _)| *from).max().unwrap_or_default()
    }

    /// A new policy version: never in the past, and never beyond the product's bounds.
    pub(super) fn policy_inserted(&mut self, row: Row<'_>, now: i64) -> CheckResult {
        let currency = super::inserts::currency(row.text(2))?;
        let (from, of) = (row.int(3), |place| row.int(place));
        let caps = Caps {
            min: of(4),
            cap: of(5),
            reader: of(6),
            guest: of(7),
            article: of(8),
            writer: of(9),
            hold_days: of(10),
            undo_ms: of(11) * 60 * 1000,
        };
        let code = currency.code();
        let mut others = self.caps.iter().filter(|(other, ..)| *other == code);
        ensure(
            from >= now && others.all(|(_, other, _)| *other < from),
            "a policy is in force only for the future, one version after the other",
            || format!("{:?} at {now}", row.0),
        )?;
        let latest = self.caps.iter().filter(|(other, ..)| *other == code);
        let latest = latest.max_by_key(|(_, from, _)| *from).map_or(caps, |(.., caps)| *caps);
        let raised = caps.cap > latest.cap
            || caps.reader > latest.reader
            || caps.guest > latest.guest
            || caps.article > latest.article
            || caps.writer > latest.writer;
        ensure(
            !raised || from >= now + DAY_MS,
            "a cap is raised a day later at the earliest",
            || format!("{caps:?} after {latest:?} from {from} on, at {now}"),
        )?;
        let widest = specification::published(currency);
        ensure(
            widest.min <= caps.min
                && caps.min <= caps.cap
                && caps.cap <= widest.cap
                && caps.cap <= caps.guest
                && caps.guest <= caps.reader
                && caps.cap <= caps.article
                && caps.article <= caps.writer,
            "a policy is within the product's bounds",
            || format!("{caps:?}"),
        )?;
        self.caps.push((code, from, caps));
        Ok(())
    }

    /// A reader's own limit is lowered immediately, and raised after a day.
    pub(super) fn own_limit_row(&mut self, row: Row<'_>, now: i64) -> CheckResult {
        let key = (row.string(1), row.string(2), row.string(3));
        let new = OwnLimit { limit: row.maybe(4), next: row.maybe(5), next_at: row.maybe(6) };
        let old = self.own_limits.get(&key).cloned().unwrap_or_default();
        let say = || format!("{key:?} from {old:?} to {new:?} at {now}");
        let matured = looser(new.limit, old.limit);
        if matured {
            let waited = old.next_at.is_some_and(|at| at <= now) && old.next == new.limit;
            ensure(waited, "a limit is raised only after its day of waiting", say)?;
        }
        let asked = new.next_at.is_some() && (new.next, new.next_at) != (old.next, old.next_at);
        if asked {
            ensure(
                new.next_at == Some(now + RAISE_MS) && looser(new.next, new.limit),
                "a raised limit waits for a day",
                say,
            )?;
        }
        let caps = self.caps_at(&key.1, now);
        let guest = self.persons.get(&key.0).is_some_and(|person| person.guest);
        let day = if guest { caps.guest } else { caps.reader };
        let most = match key.2.as_str() {
            "praise" => caps.cap,
            "day" => day,
            _ => day * MONTH_DAYS,
        };
        let chosen = if asked { new.next } else { new.limit };
        ensure(
            matured
                || chosen == old.limit
                || chosen.is_none_or(|minor| (0..=most).contains(&minor)),
            "a reader's own limit is within the product's",
            say,
        )?;
        self.own_limits.insert(key, new);
        Ok(())
    }

    /// The limit in force for a human.
    pub fn own_limit(&self, person: &str, code: &str, scope: &str) -> Option<i64> {
        let human = self.human(person);
        let rows = self.own_limits.iter().filter(|((other, currency, of), _)| {
            currency == code && of == scope && self.human(other) == human
        });
        rows.filter_map(|(_, own)| own.limit).min()
    }

    /// The reader's own limits that an amount on a day would exceed.
    pub(super) fn own_refusals(
        &self,
        person: &str,
        code: &str,
        day: &str,
        amount: i64,
    ) -> [(&'static str, bool); 3] {
        let over = |scope: &str, sum: &dyn Fn() -> i64| {
            self.own_limit(person, code, scope).is_some_and(|limit| sum() + amount > limit)
        };
        [
            ("reader_own_praise", over("praise", &|| 0)),
            ("reader_own_day", over("day", &|| self.reserved(person, code, day))),
            ("reader_own_month", over("month", &|| self.reserved(person, code, &day[..7]))),
        ]
    }

    /// What a human's attempts reserve on a day, or on all days of a month.
    fn reserved(&self, person: &str, code: &str, days: &str) -> i64 {
        let human = self.human(person);
        let rooms = self.rooms.iter().filter(|((kind, id, currency, day), _)| {
            *kind == "reader"
                && currency == code
                && day.starts_with(days)
                && self.human(id) == human
        });
        rooms.map(|(_, minor)| *minor).sum()
    }

    /// Whether a limit is what the reader was told: it is in force, or it is pending.
    pub fn limit_stands(&self, person: &str, code: &str, scope: &str, wanted: Option<i64>) -> bool {
        let in_force = self.own_limit(person, code, scope);
        if in_force == wanted {
            return true;
        }
        let human = self.human(person);
        let mut tighter = self.own_limits.iter().filter(|((other, currency, of), own)| {
            currency == code
                && of == scope
                && self.human(other) == human
                && looser(wanted, own.limit)
        });
        looser(wanted, in_force)
            && tighter.all(|(_, own)| own.next_at.is_some() && own.next == wanted)
    }

    /// An invitation is used once and in time, and is over when it is revoked.
    pub(super) fn invitation_row(&mut self, row: Row<'_>, now: i64) -> CheckResult {
        let id = row.string(1);
        let old = self.invitations.get(&id).cloned();
        let used_by = Some(row.string(3)).filter(|person| !person.is_empty());
        let new = Invitation { expires_at: row.int(2), used_by, revoked: row.maybe(4).is_some() };
        let say = || format!("{id} from {old:?} to {new:?} at {now}");
        let before = old.clone().unwrap_or_default();
        let used_now = before.used_by != new.used_by;
        ensure(
            !used_now || (before.used_by.is_none() && !before.revoked && now < new.expires_at),
            "an invitation is used once and in time",
            say,
        )?;
        ensure(!before.revoked || new.revoked, "a revoked invitation stays revoked", say)?;
        self.invitations.insert(id, new);
        Ok(())
    }

    /// Whether a person may receive at all.
    pub fn invited(&self, person: &str) -> bool {
        self.invitations
            .values()
            .any(|invitation| !invitation.revoked && invitation.used_by.as_deref() == Some(person))
    }

    /// An account after a change by an operator or its writer.
    pub(super) fn account_row(&mut self, row: Row<'_>) {
        let suspended = row.text(2) == "suspended";
        if let Some(account) = self.accounts.get_mut(row.text(1)) {
            if account.suspended && !suspended {
                self.recently_blocked.insert(row.string(1));
            }
            *account = Account { suspended, off: row.int(3) == 0, ..account.clone() };
        }
    }

    /// Begins a step: what was over before it does not explain a refusal.
    pub fn begin_step(&mut self) {
        self.recently_blocked.clear();
        self.released.clear();
        self.ended.clear();
    }

    /// Requires an audit row in the same batch as an operator's change.
    pub(super) fn check_audit(&self, rows: &[Row<'_>]) -> CheckResult {
        let actions: HashSet<&str> = rows
            .iter()
            .filter(|row| row.table() == "operator_audit")
            .map(|row| row.text(1))
            .collect();
        for row in rows {
            let action = match row.table() {
                "policy" if actions.contains("policy.raise") => continue,
                "policy" => "policy.add",
                "global_stop" if row.0.len() == 2 => "stop.off",
                "global_stop" => "stop.on",
                "invitation" if !self.invitations.contains_key(row.text(1)) => "invitation.make",
                "invitation"
                    if row.maybe(4).is_some() && !self.invitations[row.text(1)].revoked =>
                {
                    "invitation.revoke"
                }
                "official_account"
                    if self.accounts.get(row.text(1)).is_some_and(|account| {
                        account.suspended != (row.text(2) == "suspended")
                    }) =>
                {
                    "account.change"
                }
                _ => continue,
            };
            ensure(actions.contains(action), "an operator's change is audited", || {
                format!("{:?} without {action}", row.0)
            })?;
        }
        Ok(())
    }

    /// Whether an article offers the button: it accepts praise and has room for the largest amount.
    pub fn offers(&self, article: &str, now: i64) -> bool {
        let account = &self.articles[article].account;
        let Account { currency, owner, .. } = &self.accounts[account];
        let caps = self.caps_at(currency.code(), now);
        let day = specification::day_text(specification::day(now, *currency));
        let room = |kind: &'static str, id: &str| {
            self.room_of(&(kind, id.to_owned(), currency.code().to_owned(), day.clone()), now)
        };
        let open = |(holds, cap): (i64, i64)| holds + caps.cap <= cap;
        self.accepts(article) && open(room("article", article)) && open(room("writer", owner))
    }

    /// What an account owes now. A praise that is lost while its transfer is pending is owed only
    /// when the transfer has arrived.
    pub fn owed(&self, account: &str) -> i64 {
        let on_its_way = self.praises.values().filter(|praise| {
            praise.account == account
                && praise.state == "in_payout"
                && self.disputes.values().any(|one| {
                    one.payment == praise.payment
                        && one.state == "lost"
                        && one.state_at >= praise.claimed_at
                })
        });
        self.debt(account) - on_its_way.map(|praise| praise.amount).sum::<i64>()
    }

    /// What an account owes now or later.
    pub fn debt(&self, account: &str) -> i64 {
        let Some(code) = self.accounts.get(account).map(|account| account.currency.code()) else {
            return 0;
        };
        let key = ("writer_debt".to_owned(), account.to_owned(), code.to_owned());
        self.balances.0.get(&key).copied().unwrap_or(0)
    }

    /// When an account's debt may be written off.
    pub fn write_off_at(&self, account: &str) -> i64 {
        self.last_income.get(account).copied().unwrap_or_default() + WRITE_OFF_MS
    }

    /// A debt is written off in full, and only after half a year without income.
    pub(super) fn written_off(
        &mut self,
        account: &str,
        now: i64,
        expected: &mut Expected,
    ) -> CheckResult {
        let debt = self.debt(account);
        ensure(
            debt > 0 && now >= self.write_off_at(account),
            "a debt is written off only after half a year without income",
            || format!("{account} owes {debt} at {now}, not before {}", self.write_off_at(account)),
        )?;
        let code = self.accounts[account].currency.code();
        for legs in [&mut expected.legs, &mut self.settled] {
            legs.add("operator_loss", "operator", code, debt);
            legs.add("writer_debt", account, code, -debt);
        }
        self.count_transition("debt", "owed", "written off");
        Ok(())
    }

    /// No raised limit waits longer than its day.
    pub(super) fn check_raises(&self) -> CheckResult {
        let waits = self.own_limits.iter().find(|(_, own)| own.next_at.is_some());
        ensure(waits.is_none(), "no raised limit waits for ever", || format!("{waits:?}"))
    }
}
