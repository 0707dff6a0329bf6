//! Bugs on order: the simulation is worth what it finds. Each of these takes one thing away that
//! keeps the money whole, and some seed has to notice.

use edge::database::{Statement, Value};

/// Something that is broken on purpose.
#[derive(Debug)]
pub struct Sabotage {
    /// For the command line.
    pub name: &'static str,
    /// What a programmer would have got wrong.
    pub what: &'static str,
    how: How,
}

#[derive(Debug)]
enum How {
    /// These triggers are missing.
    Triggers(&'static [&'static str]),
    /// A batch goes on although these guards do not hold.
    Guards(&'static [&'static str]),
    /// The statement with this text is carried out twice.
    Twice(&'static str),
    /// The statement with this text is forgotten.
    Forgotten(&'static str),
    /// Jobs of this kind are never scheduled.
    Unscheduled(&'static str),
    /// In the parameters of the statement with this text, one text stands for another.
    Confused(&'static str, &'static str, &'static str),
    /// Whatever is signed by anybody is believed.
    Believing,
    /// Each call that gives money back carries a fresh number.
    FreshNumber,
    /// A transfer whose answer is lost counts as failed.
    Impatient,
}

/// All that can be ordered.
pub const ALL: &[Sabotage] = &[
    Sabotage {
        name: "reader-cap",
        what: "nobody looks at what a reader's day holds",
        how: How::Triggers(&["reader_day_first", "reader_day_more"]),
    },
    Sabotage {
        name: "article-cap",
        what: "nobody looks at what an article's day holds",
        how: How::Triggers(&["article_day_first", "article_day_more"]),
    },
    Sabotage {
        name: "writer-cap",
        what: "nobody looks at what a writer's day holds",
        how: How::Triggers(&["writer_day_first", "writer_day_more"]),
    },
    Sabotage {
        name: "own-article",
        what: "a start asks neither whose article it is nor whether it accepts praise",
        how: How::Triggers(&["intent_start"]),
    },
    Sabotage {
        name: "take-backs",
        what: "nobody counts what is taken back",
        how: How::Triggers(&["take_back_month_first", "take_back_month_more"]),
    },
    Sabotage {
        name: "ended-twice",
        what: "an attempt that has ended ends again",
        how: How::Guards(&["intent_open", "order_open"]),
    },
    Sabotage {
        name: "room-twice",
        what: "an end gives the room back twice",
        how: How::Twice("reserved_minor = reserved_minor - intent.amount_minor"),
    },
    Sabotage {
        name: "late-room",
        what: "a praise takes no room of the article",
        how: How::Forgotten("INSERT INTO article_day"),
    },
    Sabotage {
        name: "no-poll",
        what: "a start forgets the job that asks about its order",
        how: How::Unscheduled("poll_order"),
    },
    Sabotage {
        name: "wrong-account",
        what: "a booking posts to the wrong account of the ledger",
        how: How::Confused("INSERT INTO ledger_entry", "writer_held", "writer_due"),
    },
    Sabotage {
        name: "no-settlement",
        what: "nobody lets praises become due",
        how: How::Unscheduled("settle"),
    },
    Sabotage {
        name: "raise-forgotten",
        what: "a raise of a reader's own limit never comes to count",
        how: How::Unscheduled("raise_limit"),
    },
    Sabotage {
        name: "revocation-forgotten",
        what: "a revoked invitation goes on to open the way",
        how: How::Forgotten("UPDATE invitation SET revoked_at"),
    },
    Sabotage {
        name: "start-room",
        what: "a start asks neither for room nor what its reader allows themselves",
        how: How::Triggers(&["intent_needs_room"]),
    },
    Sabotage {
        name: "event-lost",
        what: "a step of a praise leaves no event",
        how: How::Triggers(&["praise_stepped"]),
    },
    Sabotage {
        name: "believing",
        what: "the signature of a message is not looked at",
        how: How::Believing,
    },
    Sabotage {
        name: "fresh-number",
        what: "a refund is repeated under a fresh number",
        how: How::FreshNumber,
    },
    Sabotage {
        name: "impatient",
        what: "a transfer whose answer is lost counts as failed",
        how: How::Impatient,
    },
];

impl Sabotage {
    /// Triggers that are missing.
    pub fn missing(&self) -> &'static [&'static str] {
        match self.how {
            How::Triggers(triggers) => triggers,
            _ => &[],
        }
    }

    /// Whether any signature is believed.
    pub fn believes(&self) -> bool {
        matches!(self.how, How::Believing)
    }

    /// Whether each refund carries a fresh number.
    pub fn renumbers(&self) -> bool {
        matches!(self.how, How::FreshNumber)
    }

    /// Whether a lost answer counts as a failure.
    pub fn despairs(&self) -> bool {
        matches!(self.how, How::Impatient)
    }

    /// A batch as it is carried out.
    pub fn spoil(&self, statements: Vec<Statement>) -> Vec<Statement> {
        statements.into_iter().flat_map(|statement| self.spoiled(statement)).collect()
    }

    fn spoiled(&self, mut statement: Statement) -> Vec<Statement> {
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
            How::Forgotten(text) if statement.sql.contains(text) => vec![nothing()],
            How::Twice(text) if statement.sql.contains(text) => {
                vec![statement.clone(), statement]
            }
            How::Confused(text, right, wrong) if statement.sql.starts_with(text) => {
                for param in &mut statement.params {
                    if let Value::Text(value) = param {
                        *value = value.replace(right, wrong);
                    }
                }
                vec![statement]
            }
            _ => vec![statement],
        }
    }
}

/// Whether a parameter of a statement is this text.
fn names(statement: &Statement, text: &str) -> bool {
    statement.params.iter().any(|param| matches!(param, Value::Text(value) if value == text))
}
