//! Checks the answers that callers were given.

use edge::database::DatabaseError;
use edge::failure::Failure;
use edge::payments::praise::intent::View;
use shared::problem::Problem;

use super::specification;
use super::{CheckResult, Model, ensure, violation};
use crate::step::Right;

/// A reader's request, to check the answer against.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The reader's id.
    pub person: String,
    /// The article's id.
    pub article: String,
    /// The amount in minor units.
    pub amount: i64,
    /// The idempotency key.
    pub key: String,
}

impl Model {
    /// The refusals of a start that are correct in the current state.
    pub fn refusals(&self, asked: &Asked, now: i64) -> Vec<&'static str> {
        let Some(article) = self.articles.get(&asked.article) else { return vec!["not_found"] };
        let Some(account) = self.accounts.get(&article.account) else { return Vec::new() };
        let code = account.currency.code().to_owned();
        let caps = self.caps_at(&code, now);
        let day = specification::day_text(specification::day(now, account.currency));
        let full = |kind: &'static str, id: &str, amount: i64| {
            let (holds, cap) = self.room_of(&(kind, id.to_owned(), code.clone(), day.clone()), now);
            holds + amount > cap
        };
        let known = self.keys.get(&(asked.person.clone(), asked.key.clone()));
        let reused = known
            .and_then(|intent| self.intents.get(intent))
            .is_some_and(|intent| intent.amount != asked.amount || intent.article != asked.article);
        let all = [
            ("key_reused", reused),
            ("global_stop", self.stopped),
            ("not_accepting", !self.accepts(&asked.article)),
            ("own_article", self.human(&asked.person) == self.human(&account.owner)),
            ("reader_day_cap", full("reader", &asked.person, asked.amount)),
            ("article_day_cap", full("article", &asked.article, caps.cap)),
            ("writer_day_cap", full("writer", &account.owner, caps.cap)),
            ("amount", !(caps.min..=caps.cap).contains(&asked.amount)),
            ("open_intents", self.waiting(&asked.person) >= specification::OPEN_INTENTS),
        ];
        let own = self.own_refusals(&asked.person, &code, &day, asked.amount);
        all.into_iter().chain(own).filter(|(_, holds)| *holds).map(|(name, _)| name).collect()
    }

    /// How many attempts of a person wait for payment.
    pub(super) fn waiting(&self, person: &str) -> i64 {
        let waiting = |state: &str| state == "awaiting_payment";
        let mine = self.intents.values().filter(|one| one.person == person && waiting(&one.state));
        mine.count() as i64
    }

    /// The refusals of a start that were correct at some time during this step, before concurrent
    /// requests released room.
    pub fn refusals_during_step(&mut self, asked: &Asked, now: i64) -> Vec<&'static str> {
        let released = self.released.clone();
        for (key, amount) in &released {
            *self.rooms.entry(key.clone()).or_default() += amount;
        }
        let mut were_true = self.refusals(asked, now);
        let ended = self.ended.get(&asked.person).copied().unwrap_or_default();
        if self.waiting(&asked.person) + ended >= specification::OPEN_INTENTS {
            were_true.push("open_intents");
        }
        for (key, amount) in &released {
            *self.rooms.entry(key.clone()).or_default() -= amount;
        }
        were_true
    }

    /// Checks the answer to a successful start.
    pub fn started(&self, asked: &Asked, view: &View) -> CheckResult {
        let key = (asked.person.clone(), asked.key.clone());
        let known = self.keys.get(&key);
        ensure(known == Some(&view.intent.id), "a 201 means one attempt under this key", || {
            format!("told {}, known {known:?}", view.intent.id)
        })?;
        let intent = &self.intents[&view.intent.id];
        ensure(
            intent.amount == asked.amount && intent.article == asked.article,
            "a 201 is for the requested praise",
            || format!("asked {asked:?}, is {intent:?}"),
        )
    }

    /// Checks the answer to a request to return a praise.
    pub fn went_back(
        &self,
        id: &str,
        right: Right,
        person: &str,
        refused: Option<&Problem>,
        alone: bool,
        now: i64,
    ) -> CheckResult {
        let praise = &self.praises[id];
        let intent = &self.intents[&praise.intent];
        let state = praise.state.as_str();
        let is_back = matches!(state, "returning" | "returned");
        let say = || format!("{right:?} was told {refused:?} at {now}: {praise:?}");
        let Some(problem) = refused else {
            return ensure(is_back, "an accepted return is in progress", say);
        };
        let month = specification::day_text(specification::day(now, praise.currency));
        let key = (self.human(&intent.person).to_owned(), month[..7].to_owned());
        let on_day = (key.0.clone(), month.clone());
        let frozen = self.articles.get(&intent.article).is_some_and(|article| article.frozen);
        let fits = match problem {
            Problem::NotFound => match right {
                Right::Nobody => true,
                Right::Writer => now < praise.undo_until || praise.reason == "undo",
                _ => person != intent.person && right != Right::Operator,
            },
            Problem::UndoOver => now >= praise.undo_until || !matches!(state, "held" | "frozen"),
            Problem::UndoDay { .. } => self.undone.get(&on_day).is_some_and(|used| *used >= 10),
            Problem::TakeBackOver => now >= praise.due_at || !matches!(state, "held" | "frozen"),
            Problem::TakeBackMonth { .. } => {
                self.taken_back.get(&key).is_some_and(|used| *used >= 3)
            }
            Problem::ArticleFrozen => frozen || state == "frozen",
            Problem::WrongState => {
                matches!(state, "in_payout" | "paid_out" | "disputed" | "lost")
            }
            _ => false,
        };
        ensure(fits || !alone, "a refused return is correct", say)
    }

    /// Checks what a reader sees of an attempt.
    pub fn shown(&self, id: &str, view: &View) -> CheckResult {
        let Some(intent) = self.intents.get(id) else {
            return violation("an attempt that is shown exists", id);
        };
        let praise = self.praise_of.get(id).map(|praise| (praise, &self.praises[praise]));
        let same = view.intent.state.as_str() == intent.state
            && view.intent.amount.minor == intent.amount
            && view.in_review != intent.in_review.is_empty()
            && (view.refusal.is_some()) == (intent.state == "returned")
            && view.intent.praise.as_ref().map(|shown| &shown.id) == praise.map(|(id, _)| id);
        ensure(same, "a reader sees what is stored", || format!("shown {view:?}, is {intent:?}"))?;
        if let (Some(shown), Some((_, praise))) = (&view.intent.praise, praise) {
            ensure(
                shown.state.as_str() == praise.state && shown.due_at.ms() == praise.due_at,
                "a reader sees where the praise stands",
                || format!("shown {shown:?}, is {praise:?}"),
            )?;
        }
        Ok(())
    }
}

/// The code of a refusal.
pub fn name(problem: &Problem) -> &'static str {
    match problem {
        Problem::NotFound => "not_found",
        Problem::KeyReused => "key_reused",
        Problem::GlobalStop => "global_stop",
        Problem::NotAccepting => "not_accepting",
        Problem::OwnArticle => "own_article",
        Problem::ReaderDayCap { .. } => "reader_day_cap",
        Problem::ArticleDayCap { .. } => "article_day_cap",
        Problem::WriterDayCap { .. } => "writer_day_cap",
        Problem::ReaderOwnPraise { .. } => "reader_own_praise",
        Problem::ReaderOwnDay { .. } => "reader_own_day",
        Problem::ReaderOwnMonth { .. } => "reader_own_month",
        Problem::OpenIntents { .. } => "open_intents",
        Problem::Amount(_) => "amount",
        _ => "another",
    }
}

/// Requires a cause for every failure: an unknown outcome needs an injected fault, and no other
/// database error may reach a caller.
pub fn failure_has_a_cause(failure: &Failure, faults: &str) -> CheckResult {
    match failure {
        Failure::Refused(Problem::Unavailable)
        | Failure::Database(DatabaseError::Unknown(_))
        | Failure::Contended(_) => {
            ensure(!faults.is_empty(), "unavailable only because of a fault", || {
                format!("{failure:?}")
            })
        }
        Failure::Refused(Problem::Internal) | Failure::Database(_) | Failure::Internal(_) => {
            violation("no internal error reaches a caller", format!("{failure:?} after {faults:?}"))
        }
        Failure::Refused(_) => Ok(()),
    }
}
