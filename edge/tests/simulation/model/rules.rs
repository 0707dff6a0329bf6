//! The rules that are in force, what readers allow themselves, who may receive, and what operators
//! do about any of it.

use std::collections::HashSet;

use super::batch::Row;
use super::law::{self, Caps};
use super::{Account, Checked, Due, Model, must};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a raise of a reader's own limit waits.
const RAISE_MS: i64 = DAY_MS;
/// How long an account has to be without income before its debt is written off.
const WRITE_OFF_MS: i64 = 180 * DAY_MS;
/// Days of the longest month.
const MONTH_DAYS: i64 = 31;

/// A limit that a reader has set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnLimit {
    /// What counts now; `None` for none.
    pub limit: Option<i64>,
    /// What counts from `next_at` on.
    pub next: Option<i64>,
    /// When; `None` while nothing waits.
    pub next_at: Option<i64>,
}

/// Whose limit: person, currency, and praise, day or month.
pub type OwnKey = (String, String, String);

/// A code that opens the way to receiving.
#[derive(Clone, Debug, Default)]
pub struct Invitation {
    /// Until when it can be used.
    pub expires_at: i64,
    /// Who has used it.
    pub used_by: Option<String>,
    /// An operator took it back.
    pub revoked: bool,
}

/// Whether a limit leaves more room than another.
fn looser(limit: Option<i64>, than: Option<i64>) -> bool {
    match (limit, than) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(limit), Some(than)) => limit > than,
    }
}

impl Model {
    /// The rules for a currency at a moment.
    pub fn caps_at(&self, code: &str, at: i64) -> Caps {
        let versions =
            self.caps.iter().filter(|(currency, from, _)| *currency == code && *from <= at);
        versions.max_by_key(|(_, from, _)| *from).map(|(_, _, caps)| *caps).expect("rules")
    }

    /// Since when the rules of a moment have held.
    pub(super) fn rules_since(&self, code: &str, at: i64) -> i64 {
        let versions =
            self.caps.iter().filter(|(currency, from, _)| *currency == code && *from <= at);
        versions.map(|(_, from, _)| *from).max().unwrap_or_default()
    }

    /// A new version of the rules: never for what has been, and never wider than the product.
    pub(super) fn policy_born(&mut self, row: Row<'_>, now: i64) -> Checked {
        let currency = super::births::currency(row.text(2))?;
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
        must(
            from >= now && others.all(|(_, other, _)| *other < from),
            "rules hold for what comes, one version after the other",
            || format!("{:?} at {now}", row.0),
        )?;
        let widest = law::published(currency);
        must(
            widest.min <= caps.min
                && caps.min <= caps.cap
                && caps.cap <= widest.cap
                && caps.cap <= caps.guest
                && caps.guest <= caps.reader
                && caps.cap <= caps.article
                && caps.article <= caps.writer,
            "rules are within the product's own",
            || format!("{caps:?}"),
        )?;
        self.caps.push((code, from, caps));
        Ok(())
    }

    /// A reader's own limit is lowered at once, and raised when it has waited for a day.
    pub(super) fn own_limit_row(&mut self, row: Row<'_>, now: i64) -> Checked {
        let key = (row.string(1), row.string(2), row.string(3));
        let new = OwnLimit { limit: row.maybe(4), next: row.maybe(5), next_at: row.maybe(6) };
        let old = self.own.get(&key).cloned().unwrap_or_default();
        let say = || format!("{key:?} from {old:?} to {new:?} at {now}");
        let matured = looser(new.limit, old.limit);
        if matured {
            let waited = old.next_at.is_some_and(|at| at <= now) && old.next == new.limit;
            must(waited, "a limit is raised only after its day", say)?;
        }
        let asked = new.next_at.is_some() && (new.next, new.next_at) != (old.next, old.next_at);
        if asked {
            must(
                new.next_at == Some(now + RAISE_MS) && looser(new.next, new.limit),
                "a raise waits for a day",
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
        must(
            matured
                || chosen == old.limit
                || chosen.is_none_or(|minor| (0..=most).contains(&minor)),
            "one's own limit is within the product's",
            say,
        )?;
        self.own.insert(key, new);
        Ok(())
    }

    /// The limit that a human keeps to.
    pub fn own_limit(&self, person: &str, code: &str, scope: &str) -> Option<i64> {
        let human = self.human(person);
        let rows = self.own.iter().filter(|((other, currency, of), _)| {
            currency == code && of == scope && self.human(other) == human
        });
        rows.filter_map(|(_, own)| own.limit).min()
    }

    /// The rules of one's own that an amount on a day would break.
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

    /// What a human's attempts hold of a day, or of all days of a month.
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

    /// Whether a limit stands as somebody was told that it does: it counts, or it waits.
    pub fn limit_stands(&self, person: &str, code: &str, scope: &str, wanted: Option<i64>) -> bool {
        let in_force = self.own_limit(person, code, scope);
        if in_force == wanted {
            return true;
        }
        let human = self.human(person);
        let mut tighter = self.own.iter().filter(|((other, currency, of), own)| {
            currency == code
                && of == scope
                && self.human(other) == human
                && looser(wanted, own.limit)
        });
        looser(wanted, in_force)
            && tighter.all(|(_, own)| own.next_at.is_some() && own.next == wanted)
    }

    /// An invitation is used once, in time, and ends with its revocation.
    pub(super) fn invitation_row(&mut self, row: Row<'_>, now: i64) -> Checked {
        let id = row.string(1);
        let old = self.invitations.get(&id).cloned();
        let used_by = Some(row.string(3)).filter(|person| !person.is_empty());
        let new = Invitation { expires_at: row.int(2), used_by, revoked: row.maybe(4).is_some() };
        let say = || format!("{id} from {old:?} to {new:?} at {now}");
        let before = old.clone().unwrap_or_default();
        let used_now = before.used_by != new.used_by;
        must(
            !used_now || (before.used_by.is_none() && !before.revoked && now < new.expires_at),
            "an invitation is used once and in time",
            say,
        )?;
        must(!before.revoked || new.revoked, "what is revoked stays so", say)?;
        self.invitations.insert(id, new);
        Ok(())
    }

    /// Whether somebody may receive at all.
    pub fn invited(&self, person: &str) -> bool {
        let human = self.human(person);
        self.invitations.values().any(|invitation| {
            !invitation.revoked
                && invitation.used_by.as_deref().is_some_and(|by| self.human(by) == human)
        })
    }

    /// An account as operators and its writer leave it.
    pub(super) fn account_row(&mut self, row: Row<'_>) {
        let suspended = row.text(2) == "suspended";
        if let Some(account) = self.accounts.get_mut(row.text(1)) {
            if account.suspended && !suspended {
                self.lately.insert(row.string(1));
            }
            *account = Account { suspended, off: row.int(3) == 0, ..account.clone() };
        }
    }

    /// Something begins: what was over before does not excuse it.
    pub fn begins(&mut self) {
        self.lately.clear();
        self.released.clear();
    }

    /// What an operator changes is written down in the same breath.
    pub(super) fn is_audited(&self, rows: &[Row<'_>]) -> Checked {
        let actions: HashSet<&str> = rows
            .iter()
            .filter(|row| row.table() == "operator_audit")
            .map(|row| row.text(1))
            .collect();
        for row in rows {
            let action = match row.table() {
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
            must(actions.contains(action), "what operators do is written down", || {
                format!("{:?} without {action}", row.0)
            })?;
        }
        Ok(())
    }

    /// Whether an article offers the button: it accepts praise, and has room for the largest.
    pub fn offers(&self, article: &str, now: i64) -> bool {
        let account = &self.articles[article].account;
        let Account { currency, owner, .. } = &self.accounts[account];
        let caps = self.caps_at(currency.code(), now);
        let day = law::day_text(law::day(now, *currency));
        let room = |kind: &'static str, id: &str| {
            self.room_of(&(kind, id.to_owned(), currency.code().to_owned(), day.clone()), now)
        };
        let open = |(holds, cap): (i64, i64)| holds + caps.cap <= cap;
        self.accepts(article) && open(room("article", article)) && open(room("writer", owner))
    }

    /// What an account owes by now: what was lost while it is on its way to the card is owed when
    /// it has arrived.
    pub fn owed(&self, account: &str) -> i64 {
        let lost = |payment: &str| {
            self.disputes.values().any(|one| one.payment == payment && one.state == "lost")
        };
        let on_its_way = self.praises.values().filter(|praise| {
            praise.account == account && praise.state == "in_payout" && lost(&praise.payment)
        });
        self.debt(account) - on_its_way.map(|praise| praise.amount).sum::<i64>()
    }

    /// What an account owes, or will.
    pub fn debt(&self, account: &str) -> i64 {
        let Some(code) = self.accounts.get(account).map(|account| account.currency.code()) else {
            return 0;
        };
        let key = ("writer_debt".to_owned(), account.to_owned(), code.to_owned());
        self.balances.0.get(&key).copied().unwrap_or(0)
    }

    /// When what an account owes may be written off.
    pub fn write_off_at(&self, account: &str) -> i64 {
        self.last_income.get(account).copied().unwrap_or_default() + WRITE_OFF_MS
    }

    /// A debt is written off whole, and only after half a year without income.
    pub(super) fn written_off(&mut self, account: &str, now: i64, due: &mut Due) -> Checked {
        let debt = self.debt(account);
        must(
            debt > 0 && now >= self.write_off_at(account),
            "a debt is written off after half a year without income",
            || format!("{account} owes {debt} at {now}, not before {}", self.write_off_at(account)),
        )?;
        let code = self.accounts[account].currency.code();
        for legs in [&mut due.legs, &mut self.settled] {
            legs.add("operator_loss", "operator", code, debt);
            legs.add("writer_debt", account, code, -debt);
        }
        self.saw("debt", "owed", "written off");
        Ok(())
    }

    /// No raise waits beyond its day.
    pub(super) fn raises_have_come(&self) -> Checked {
        let waits = self.own.iter().find(|(_, own)| own.next_at.is_some());
        must(waits.is_none(), "no raise waits for ever", || format!("{waits:?}"))
    }
}
