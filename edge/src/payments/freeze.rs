//! The freeze of an article that is suspected of breaking a rule.
//!
//! Its praises wait until operators have decided. Both sides know the deadlines: seven days to
//! appeal, fourteen to decide the appeal. When the freeze is lifted, the praises continue by their
//! own dates. Otherwise, also when a deadline passes, every praise that has not been paid out goes
//! back to its reader.
//!
//! A freeze is about one version of the article: the one that the operator has read, which need not
//! be the newest. The article cannot change while it is judged, and what two operators decide is
//! bound to the version's hash.
//!
//! One operator can open a freeze, because that takes no money from anybody. Ending it takes two.
//! The freeze's job moves the praises in chunks, one batch each, and acts when a deadline passes.

pub mod actions;
mod chunk;

use serde::Deserialize;
use serde_json::json;
use shared::api::operator::OpenFreeze;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::limits::{APPEAL_DAYS, APPEAL_MAX_GRAPHEMES, DECIDE_DAYS};
use shared::machine::FreezeState;
use shared::problem::{Expected, Problem};
use shared::text;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::people::operator;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind, Next};

/// Freezes an article, a version of which is suspected of breaking a rule. Returns the freeze's id and
/// whether it is new; an article that is already frozen under the same rule keeps its freeze. The
/// operator names the version, because the writer may publish another between reading and freezing.
///
/// Refused: an article or a version that does not exist, an article that is frozen under another rule
/// or whose praises have been or are being returned.
pub async fn freeze<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    open: &OpenFreeze,
) -> Result<(String, bool), Failure> {
    let (slug, rule) = (&open.article, open.rule);
    #[derive(Deserialize)]
    struct ArticleFreeze {
        article_id: String,
        versions: i64,
        freeze_id: Option<String>,
        rule: Option<String>,
        state: Option<FreezeState>,
    }
    let find = Statement::new(
        "SELECT article.id AS article_id, article.version AS versions, freeze.id AS freeze_id,
                freeze.rule, freeze.state
         FROM article
         LEFT JOIN freeze ON freeze.article_id = article.id AND freeze.state <> 'lifted'
         WHERE article.slug = ?1",
        [Value::from(slug)],
    );
    let found: Option<ArticleFreeze> =
        Results::from(ctx.db.batch(vec![find]).await?).take().first()?;
    let found = found.ok_or(Problem::NotFound)?;
    if !(1..=found.versions).contains(&open.version) {
        return Err(Problem::Field { field: "version", expected: Expected::VERSION }.into());
    }
    if let Some(freeze_id) = found.freeze_id {
        let under_way = matches!(found.state, Some(FreezeState::Open | FreezeState::Appealed));
        if under_way && found.rule.as_deref() == Some(rule.as_str()) {
            return Ok((freeze_id, false));
        }
        return Err(Problem::WrongState.into());
    }
    let id = ctx.id(Kind::Freeze);
    let statements = vec![
        Statement::new(
            "UPDATE article SET status = 'frozen' WHERE id = ?1 AND status = 'published'",
            [Value::from(&found.article_id)],
        ),
        Statement::must_change(1, "article_status"),
        Statement::new(
            "INSERT INTO freeze (id, article_id, version, rule, opened_by, opened_at, appeal_until,
                                 state, state_at)
             SELECT ?1, id, ?7, ?3, ?4, CAST(?5 AS INTEGER), CAST(?6 AS INTEGER), 'open',
                    CAST(?5 AS INTEGER)
             FROM article WHERE id = ?2",
            [
                Value::from(&id),
                (&found.article_id).into(),
                rule.as_str().into(),
                operator_id.into(),
                ctx.now.into(),
                ctx.now.plus_days(APPEAL_DAYS).into(),
                open.version.into(),
            ],
        ),
        operator::audit(
            operator_id,
            "freeze.open",
            &id,
            &json!({ "article": slug, "version": open.version, "rule": rule }),
            ctx.now,
        ),
        jobs::schedule(JobKind::Freeze, &id, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok((id, true)),
        // Another operator has just frozen the article.
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) if error.rule() == Some("freeze_open") => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

/// Stores a writer's appeal against the freeze of an article. One appeal per freeze; idempotent.
///
/// Refused: an article that is not the writer's or was never frozen, an appeal after the deadline,
/// a second appeal with another text, a freeze that is decided.
pub async fn appeal<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    writer_id: &str,
    slug: &str,
    text: &str,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct WriterFreeze {
        id: String,
        state: FreezeState,
        state_reason: Option<String>,
        appeal_until: i64,
        appeal: Option<String>,
    }
    let find = Statement::new(
        "SELECT freeze.id, freeze.state, freeze.state_reason, freeze.appeal_until, freeze.appeal
         FROM freeze
         JOIN article ON article.id = freeze.article_id
         JOIN official_account AS account ON account.id = article.account_id
         WHERE article.slug = ?1 AND account.owner_id = ?2
         ORDER BY freeze.opened_at DESC, freeze.id DESC LIMIT 1",
        [Value::from(slug), writer_id.into()],
    );
    let found: Option<WriterFreeze> =
        Results::from(ctx.db.batch(vec![find]).await?).take().first()?;
    let found = found.ok_or(Problem::NotFound)?;
    let text = text::clean(text, APPEAL_MAX_GRAPHEMES)
        .map_err(|error| Problem::Text { field: "text", error })?;
    if found.appeal.as_deref() == Some(text.as_str()) {
        return Ok(());
    }
    let missed = found.state_reason.as_deref() == Some("appeal_missed")
        || (found.state == FreezeState::Open && ctx.now.ms() >= found.appeal_until);
    if missed {
        return Err(Problem::AppealOver.into());
    }
    if found.state != FreezeState::Open {
        return Err(Problem::WrongState.into());
    }
    let statements = vec![
        Statement::new(
            "UPDATE freeze SET state = 'appealed', state_at = ?2, state_reason = NULL,
               appeal = ?3, appealed_at = ?2, decide_until = ?4
             WHERE id = ?1 AND state = 'open'",
            [
                Value::from(&found.id),
                ctx.now.into(),
                text.into(),
                ctx.now.plus_days(DECIDE_DAYS).into(),
            ],
        ),
        Statement::must_change(1, "freeze_state"),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(()),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) if error.rule() == Some("appeal_over") => Err(Problem::AppealOver.into()),
        Err(error) => Err(error.into()),
    }
}

/// A freeze, with what its job depends on.
#[derive(Deserialize)]
struct FreezeRow {
    id: String,
    state: FreezeState,
    rule: String,
    appeal_until: i64,
    decide_until: Option<i64>,
    article_frozen: i64,
    /// Why its praises are returned, once they are. A freeze that returns more praises later keeps
    /// the first reason.
    return_reason: Option<String>,
}

impl FreezeRow {
    fn select(freeze_id: &str) -> Statement {
        Statement::new(
            "SELECT freeze.id, freeze.state, freeze.rule, freeze.appeal_until, freeze.decide_until,
                    article.status = 'frozen' AS article_frozen,
                    (SELECT reason FROM event
                     WHERE machine = 'freeze' AND subject_id = freeze.id
                       AND from_state IN ('open', 'appealed') AND to_state = 'returning'
                     ORDER BY event.id LIMIT 1) AS return_reason
             FROM freeze JOIN article ON article.id = freeze.article_id
             WHERE freeze.id = ?1",
            [Value::from(freeze_id)],
        )
    }

    /// Returns the next deadline, and the reason for returning the praises when it passes.
    fn deadline(&self) -> (Moment, &'static str) {
        match self.decide_until {
            Some(decide_until) => (Moment::from_ms(decide_until), "appeal_undecided"),
            None => (Moment::from_ms(self.appeal_until), "appeal_missed"),
        }
    }
}

/// Runs [`JobKind::Freeze`]: freezes, thaws or returns one chunk of praises, depending on the
/// freeze's state. After its deadline, an undecided freeze starts to return all praises. The
/// next run continues where an interrupted one stopped.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    freeze_id: &str,
) -> Result<Next, Failure> {
    let statements = vec![
        FreezeRow::select(freeze_id),
        chunk::select_frozen(freeze_id),
        chunk::select_active(freeze_id),
    ];
    let mut results = Results::from(ctx.db.batch(statements).await?);
    let Some(freeze) = results.take().first::<FreezeRow>()? else { return Ok(Next::Done) };
    let frozen: Vec<chunk::FreezablePraise> = results.take().decode()?;
    let active: Vec<chunk::FreezablePraise> = results.take().decode()?;
    let to_return = if frozen.is_empty() { &active } else { &frozen };
    let (statements, next) = match freeze.state {
        FreezeState::Open | FreezeState::Appealed => {
            let (deadline, reason) = freeze.deadline();
            if ctx.now >= deadline {
                (return_all(&freeze, reason, ctx.now), Next::At(ctx.now))
            } else if active.is_empty() {
                return Ok(Next::At(deadline));
            } else {
                (chunk::freeze(&active, &freeze.rule, ctx.now)?, Next::At(ctx.now))
            }
        }
        // If the article is frozen again, its praises belong to the new freeze.
        FreezeState::Lifted if frozen.is_empty() || freeze.article_frozen == 1 => {
            return Ok(Next::Done);
        }
        FreezeState::Lifted => (chunk::thaw(&frozen, ctx.now)?, Next::At(ctx.now)),
        FreezeState::Returning if to_return.is_empty() => {
            (finish_returning(&freeze.id, ctx.now), Next::Done)
        }
        FreezeState::Returning => {
            let reason = freeze.return_reason.as_deref().unwrap_or("operator");
            (chunk::return_praises(ctx, to_return, reason)?, Next::At(ctx.now))
        }
        FreezeState::Returned if to_return.is_empty() => return Ok(Next::Done),
        FreezeState::Returned => (resume_returning(&freeze.id, ctx.now), Next::At(ctx.now)),
    };
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(next),
        // The rows have changed since they were read: the job reads them again.
        Err(DatabaseError::Guard(_)) => Ok(Next::At(ctx.now.plus_seconds(1))),
        Err(error) if matches!(error.rule(), Some("article_frozen" | "article_not_frozen")) => {
            Ok(Next::At(ctx.now.plus_seconds(1)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Starts returning all praises because a deadline has passed.
fn return_all(freeze: &FreezeRow, reason: &'static str, now: Moment) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE freeze SET state = 'returning', state_at = ?3, state_reason = ?4
             WHERE id = ?1 AND state = ?2",
            [Value::from(&freeze.id), freeze.state.as_str().into(), now.into(), reason.into()],
        ),
        Statement::must_change(1, "freeze_state"),
        // A proposal that was not approved before the deadline ends with it.
        Statement::new(
            "UPDATE operator_action SET withdrawn_at = ?2
             WHERE subject_id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
            [Value::from(&freeze.id), now.into()],
        ),
    ]
}

/// Marks a freeze as returned. The batch fails if a praise that could be returned has appeared.
fn finish_returning(freeze_id: &str, now: Moment) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE freeze SET state = 'returned', state_at = ?2
             WHERE id = ?1 AND state = 'returning'
               AND NOT EXISTS (SELECT 1 FROM praise WHERE praise.article_id = freeze.article_id
                                 AND praise.state IN ('held', 'due')
                                 AND NOT EXISTS (SELECT 1 FROM lost_praise
                                                 WHERE praise_id = praise.id))
               AND NOT EXISTS (SELECT 1 FROM praise WHERE praise.article_id = freeze.article_id
                                 AND praise.state = 'frozen')",
            [Value::from(freeze_id), now.into()],
        ),
        Statement::must_change(1, "freeze_state"),
    ]
}

/// Starts returning again, after a praise has come back from a payout or a dispute.
fn resume_returning(freeze_id: &str, now: Moment) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE freeze SET state = 'returning', state_at = ?2
             WHERE id = ?1 AND state = 'returned'",
            [Value::from(freeze_id), now.into()],
        ),
        Statement::must_change(1, "freeze_state"),
    ]
}
