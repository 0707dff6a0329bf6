//! Injected bugs, which prove that the simulation can find bugs. Each removes one thing that keeps
//! the money correct, and some seed must detect it.

use std::cell::RefCell;
use std::collections::HashMap;

use edge::database::{Statement, Value};

/// An injected bug.
#[derive(Debug)]
pub struct Sabotage {
    /// Its name on the command line.
    pub name: &'static str,
    /// What a programmer would have done wrong.
    pub what: &'static str,
    how: How,
}

#[derive(Debug)]
enum How {
    /// These triggers are missing.
    Triggers(&'static [&'static str]),
    /// A batch continues although these guards fail.
    Guards(&'static [&'static str]),
    /// The statement that contains this text is run twice.
    Twice(&'static str),
    /// The statement that contains this text is omitted.
    Forgotten(&'static str),
    /// Jobs of this kind are never scheduled.
    Unscheduled(&'static str),
    /// In the parameters of the statement that contains the first text, the second is replaced by
    /// the third.
    Confused(&'static str, &'static str, &'static str),
    /// Every signature is accepted.
    Believing,
    /// Each refund call has a new number.
    FreshNumber,
    /// A transfer whose answer is lost counts as failed.
    Impatient,
    /// A transfer that the provider does not know counts as failed.
    NotFoundIsFailed,
    /// A transfer that was sent back counts as arrived.
    ReturnsUnseen,
    /// This SQL is added to the schema.
    Schema(&'static str),
    /// All jobs of a run get the time at which the run began.
    StoppedClock,
    /// A day without transactions counts as a bill that is not ready, and the next day's bill waits
    /// for it.
    QuietDays,
    /// A run does not count its statements.
    NoBudget,
    /// A praise is due at midnight although it can still be undone.
    EarlyDue,
    /// The triggers of the first field are missing. In the statement that contains the second field,
    /// the third is replaced by the fourth.
    Altered(&'static [&'static str], &'static str, &'static str, &'static str),
}

/// All bugs that can be injected.
pub const ALL: &[Sabotage] = &[
    Sabotage {
        name: "reader-cap",
        what: "a reader's daily cap is not checked",
        how: How::Triggers(&["reader_day_first", "reader_day_more"]),
    },
    Sabotage {
        name: "article-cap",
        what: "an article's daily cap is not checked",
        how: How::Triggers(&["article_day_first", "article_day_more"]),
    },
    Sabotage {
        name: "writer-cap",
        what: "a writer's daily cap is not checked",
        how: How::Triggers(&["writer_day_first", "writer_day_more"]),
    },
    Sabotage {
        name: "own-article",
        what: "a start checks neither the article's owner nor whether it accepts praise",
        how: How::Triggers(&["intent_start"]),
    },
    Sabotage {
        name: "take-backs",
        what: "take-backs are not counted",
        how: How::Triggers(&["take_back_month_first", "take_back_month_more"]),
    },
    Sabotage {
        name: "ended-twice",
        what: "an attempt that has ended can end again",
        how: How::Guards(&["intent_open", "order_open"]),
    },
    Sabotage {
        name: "room-twice",
        what: "the end of an attempt releases its room twice",
        how: How::Twice("reserved_minor = reserved_minor - intent.amount_minor"),
    },
    Sabotage {
        name: "late-room",
        what: "a praise does not count towards the article's cap",
        how: How::Forgotten("INSERT INTO article_day"),
    },
    Sabotage {
        name: "no-poll",
        what: "a start does not schedule the job that polls its order",
        how: How::Unscheduled("poll_order"),
    },
    Sabotage {
        name: "wrong-account",
        what: "a booking posts to the wrong ledger account",
        how: How::Confused("INSERT INTO ledger_entry", "writer_held", "writer_due"),
    },
    Sabotage {
        name: "no-settlement",
        what: "praises never become due",
        how: How::Unscheduled("settle"),
    },
    Sabotage {
        name: "raise-forgotten",
        what: "a raise of a reader's own limit never comes into force",
        how: How::Unscheduled("raise_limit"),
    },
    Sabotage {
        name: "revocation-forgotten",
        what: "a revoked invitation can still be used",
        how: How::Forgotten("UPDATE invitation SET revoked_at"),
    },
    Sabotage {
        name: "start-room",
        what: "a start checks neither the caps nor the reader's own limits",
        how: How::Triggers(&["intent_needs_room"]),
    },
    Sabotage {
        name: "event-lost",
        what: "a transition of a praise writes no event",
        how: How::Triggers(&["praise_stepped"]),
    },
    Sabotage {
        name: "believing",
        what: "the signature of a message is not checked",
        how: How::Believing,
    },
    Sabotage {
        name: "fresh-number",
        what: "a refund is repeated under a new number",
        how: How::FreshNumber,
    },
    Sabotage {
        name: "impatient",
        what: "a transfer whose answer is lost counts as failed",
        how: How::Impatient,
    },
    Sabotage {
        name: "not-found",
        what: "a transfer that was refused and is not found counts as failed",
        how: How::NotFoundIsFailed,
    },
    Sabotage {
        name: "sent-back",
        what: "a transfer that the bank sends back stays paid out",
        how: How::ReturnsUnseen,
    },
    Sabotage {
        name: "removed-card",
        what: "a queued transfer leaves although its card was removed",
        how: How::Altered(
            &["payout_part_send"],
            "AS drop_reason",
            "card.removed_at IS NOT NULL",
            "0",
        ),
    },
    Sabotage {
        name: "suspended-account",
        what: "a queued transfer leaves although its account was suspended",
        how: How::Altered(
            &["payout_part_send"],
            "AS drop_reason",
            "account.status = 'suspended'",
            "0",
        ),
    },
    Sabotage {
        name: "frozen-article",
        what: "a queued transfer leaves although one of its articles was frozen",
        how: How::Altered(
            &["payout_part_send"],
            "AS drop_reason",
            "article.status = 'frozen'",
            "article.status = 'thawed'",
        ),
    },
    Sabotage {
        name: "one-payout",
        what: "an account gets one payout a day",
        how: How::Schema(
            "CREATE UNIQUE INDEX payout_one_a_day ON payout (account_id, day)
             WHERE state <> 'waiting'",
        ),
    },
    Sabotage {
        name: "stopped-clock",
        what: "all jobs of a run get the time at which the run began",
        how: How::StoppedClock,
    },
    Sabotage {
        name: "quiet-day",
        what: "reconciliation stops at the first day without transactions",
        how: How::QuietDays,
    },
    Sabotage {
        name: "no-budget",
        what: "a run of jobs sends more statements than an invocation may",
        how: How::NoBudget,
    },
    Sabotage {
        name: "early-due",
        what: "a praise becomes due at midnight although it can still be undone",
        how: How::EarlyDue,
    },
];

/// A job's row, if the bill of the day before is stored.
const AFTER_THE_BILL_BEFORE: &str = "SELECT ?1, ?2, ?3 WHERE EXISTS (
    SELECT 1 FROM bill
    WHERE currency = substr(?2, 1, 3) AND day = date(substr(?2, 5), '-1 day'))";

impl Sabotage {
    /// The missing triggers.
    pub fn missing(&self) -> &'static [&'static str] {
        match self.how {
            How::Triggers(triggers) | How::Altered(triggers, ..) => triggers,
            _ => &[],
        }
    }

    /// The SQL that is added to the schema.
    pub fn schema(&self) -> &'static str {
        match self.how {
            How::Schema(sql) => sql,
            _ => "",
        }
    }

    /// Whether every signature is accepted.
    pub fn accepts_any_signature(&self) -> bool {
        matches!(self.how, How::Believing)
    }

    /// Whether each refund call has a new number.
    pub fn renumbers_refunds(&self) -> bool {
        matches!(self.how, How::FreshNumber)
    }

    /// Whether a lost answer counts as a failure.
    pub fn treats_lost_as_failed(&self) -> bool {
        matches!(self.how, How::Impatient)
    }

    /// Whether a transfer that the provider does not know counts as failed.
    pub fn treats_not_found_as_failed(&self) -> bool {
        matches!(self.how, How::NotFoundIsFailed)
    }

    /// Whether a transfer that was sent back counts as arrived.
    pub fn hides_returns(&self) -> bool {
        matches!(self.how, How::ReturnsUnseen)
    }

    /// Whether all jobs of a run get the time at which the run began.
    pub fn stops_the_clock(&self) -> bool {
        matches!(self.how, How::StoppedClock)
    }

    /// Whether a day without transactions counts as a bill that is not ready.
    pub fn waits_for_quiet_days(&self) -> bool {
        matches!(self.how, How::QuietDays)
    }

    /// Whether a run does not count its statements.
    pub fn ignores_the_budget(&self) -> bool {
        matches!(self.how, How::NoBudget)
    }

    /// A batch as the bug changes it.
    pub fn apply(&self, statements: Vec<Statement>) -> Vec<Statement> {
        statements.into_iter().flat_map(|statement| self.changed(statement)).collect()
    }

    fn changed(&self, mut statement: Statement) -> Vec<Statement> {
        let nothing = || Statement::new("SELECT 1 WHERE 0", []);
        match self.how {
            How::Guards(guards)
                if statement.sql.starts_with("INSERT INTO must")
                    && guards.iter().any(|guard| names(&statement, guard)) =>
            {
                vec![nothing()]
            }
            How::Unscheduled(kind)
                if statement.sql.starts_with("INSERT INTO job") && names(&statement, kind) =>
            {
                vec![nothing()]
            }
            How::Altered(_, text, right, wrong) if statement.sql.contains(text) => {
                statement.sql = altered(statement.sql, right, wrong);
                vec![statement]
            }
            How::QuietDays
                if statement.sql.starts_with("INSERT INTO job")
                    && statement.sql.ends_with("DO NOTHING")
                    && names(&statement, "reconcile") =>
            {
                let right = "VALUES (?1, ?2, ?3)";
                statement.sql = altered(statement.sql, right, AFTER_THE_BILL_BEFORE);
                vec![statement]
            }
            How::EarlyDue if statement.sql.starts_with("INSERT INTO praise (") => {
                let [.., undo_until, due_at] = &mut statement.params[..] else { unreachable!() };
                if let (Value::Integer(undo_until), Value::Integer(due_at)) = (undo_until, due_at)
                    && due_at == undo_until
                {
                    *due_at -= 60_000;
                }
                vec![statement]
            }
            How::Forgotten(text) if statement.sql.contains(text) => vec![nothing()],
            How::Twice(text) if statement.sql.contains(text) => {
                vec![statement.clone(), statement]
            }
            How::Confused(text, right, violation) if statement.sql.starts_with(text) => {
                for param in &mut statement.params {
                    if let Value::Text(value) = param {
                        *value = value.replace(right, violation);
                    }
                }
                vec![statement]
            }
            _ => vec![statement],
        }
    }
}

/// Returns the SQL with one text replaced. A statement needs `&'static` SQL, so each result is leaked,
/// but only once.
fn altered(sql: &'static str, right: &str, wrong: &str) -> &'static str {
    thread_local! {
        static KEPT: RefCell<HashMap<&'static str, &'static str>> = RefCell::default();
    }
    KEPT.with_borrow_mut(|kept| {
        *kept.entry(sql).or_insert_with(|| Box::leak(sql.replace(right, wrong).into_boxed_str()))
    })
}

/// Whether a parameter of a statement is this text.
fn names(statement: &Statement, text: &str) -> bool {
    statement.params.iter().any(|param| matches!(param, Value::Text(value) if value == text))
}
