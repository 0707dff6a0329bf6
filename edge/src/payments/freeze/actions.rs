//! The end of a freeze takes two humans: one proposes it, with the version of the article that was
//! judged and with the number and sum of the praises that it would move, and another approves exactly
//! these. The batch that approves counts again; the version cannot change.

use serde::Deserialize;
use serde_json::json;
use shared::api::operator::{Counts, FreezeAction};
use shared::calendar::Moment;
use shared::id::Kind;
use shared::machine::{FreezeEnd, FreezeState};
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::digest::sha256;
use crate::failure::Failure;
use crate::people::operator;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};

/// Hashes what the second operator approves.
fn hash(kind: FreezeEnd, freeze_id: &str, counts: &Counts, content_hash: &str) -> String {
    let Counts { praises, amount: Money { minor, currency } } = counts;
    let currency = currency.code();
    sha256(format!("{kind}\n{freeze_id}\n{praises}\n{minor}\n{currency}\n{content_hash}"))
}

/// A row of `operator_action`, with its freeze's account.
#[derive(Deserialize)]
pub(crate) struct StoredAction {
    id: String,
    kind: FreezeEnd,
    subject_id: String,
    praises: i64,
    amount_minor: i64,
    currency: Currency,
    shown_hash: String,
    proposed_by: String,
    proposed_at: i64,
    approved_by: Option<String>,
    withdrawn_at: Option<i64>,
    account_id: String,
}

impl StoredAction {
    /// Selects the open action of a freeze: proposed, neither approved nor withdrawn.
    pub(crate) fn select_open(freeze_id: &str) -> Statement {
        Statement::new(
            "SELECT action.*, account.id AS account_id, account.currency
             FROM operator_action AS action
             JOIN freeze ON freeze.id = action.subject_id
             JOIN article ON article.id = freeze.article_id
             JOIN official_account AS account ON account.id = article.account_id
             WHERE action.subject_id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
            [Value::from(freeze_id)],
        )
    }

    fn select(action_id: &str) -> Statement {
        Statement::new(
            "SELECT action.*, account.id AS account_id, account.currency
             FROM operator_action AS action
             JOIN freeze ON freeze.id = action.subject_id
             JOIN article ON article.id = freeze.article_id
             JOIN official_account AS account ON account.id = article.account_id
             WHERE action.id = ?1",
            [Value::from(action_id)],
        )
    }

    fn counts(&self) -> Counts {
        Counts { praises: self.praises, amount: Money::new(self.amount_minor, self.currency) }
    }

    /// Converts it to its API form.
    pub(crate) fn into_api(self) -> FreezeAction {
        FreezeAction {
            counts: self.counts(),
            id: self.id,
            kind: self.kind,
            freeze_id: self.subject_id,
            shown_hash: self.shown_hash,
            proposed_by: self.proposed_by,
            proposed_at: Moment::from_ms(self.proposed_at),
        }
    }
}

/// Proposes the end of a freeze and returns the proposal with its counts. Idempotent: an operator's
/// open proposal of the same end with the same counts is returned. An open proposal whose counts
/// have changed is withdrawn and replaced.
///
/// Refused: a freeze that does not exist, that is decided, whose deadline has passed, or that has
/// another open proposal.
pub async fn propose<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    freeze_id: &str,
    kind: FreezeEnd,
) -> Result<FreezeAction, Failure> {
    #[derive(Deserialize)]
    struct FreezeTotals {
        state: FreezeState,
        until: i64,
        currency: Currency,
        content_hash: String,
        praises: i64,
        amount_minor: i64,
    }
    let find = Statement::new(
        "SELECT freeze.state, coalesce(freeze.decide_until, freeze.appeal_until) AS until,
                account.currency, judged.content_hash, count(praise.id) AS praises,
                coalesce(sum(praise.amount_minor), 0) AS amount_minor
         FROM freeze
         JOIN article ON article.id = freeze.article_id
         JOIN official_account AS account ON account.id = article.account_id
         JOIN article_version AS judged
           ON judged.article_id = freeze.article_id AND judged.version = freeze.version
         LEFT JOIN praise ON praise.article_id = article.id
           AND praise.state IN ('held', 'due', 'frozen')
           AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = praise.id)
         WHERE freeze.id = ?1 GROUP BY freeze.id",
        [Value::from(freeze_id)],
    );
    let mut results =
        Results::from(ctx.db.batch(vec![find, StoredAction::select_open(freeze_id)]).await?);
    let found = results.take().first::<FreezeTotals>()?.ok_or(Problem::NotFound)?;
    if !matches!(found.state, FreezeState::Open | FreezeState::Appealed)
        || ctx.now.ms() >= found.until
    {
        return Err(Problem::WrongState.into());
    }
    let amount = Money::new(found.amount_minor, found.currency);
    let counts = Counts { praises: found.praises, amount };
    let mut statements = Vec::new();
    if let Some(open) = results.take().first::<StoredAction>()? {
        if open.counts() != counts {
            statements.extend(withdrawal(&open.id, operator_id, "outdated", ctx.now));
        } else if open.kind == kind && open.proposed_by == operator_id {
            return Ok(open.into_api());
        } else {
            return Err(Problem::WrongState.into());
        }
    }
    let action = FreezeAction {
        id: ctx.id(Kind::Action),
        kind,
        freeze_id: freeze_id.to_owned(),
        shown_hash: hash(kind, freeze_id, &counts, &found.content_hash),
        counts,
        proposed_by: operator_id.to_owned(),
        proposed_at: ctx.now,
    };
    statements.push(Statement::new(
        "INSERT INTO operator_action (id, kind, subject_id, praises, amount_minor, shown_hash,
                                      proposed_by, proposed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        [
            Value::from(&action.id),
            kind.as_str().into(),
            freeze_id.into(),
            action.counts.praises.into(),
            action.counts.amount.minor.into(),
            (&action.shown_hash).into(),
            operator_id.into(),
            ctx.now.into(),
        ],
    ));
    let detail = json!({ "action": action.id, "kind": kind, "counts": action.counts });
    statements.push(operator::audit(operator_id, "freeze.propose", freeze_id, &detail, ctx.now));
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(action),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) if error.rule() == Some("action_open") => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

/// Approves an action, which ends its freeze as proposed. Returns the freeze's id. Idempotent for
/// the operator who approved it.
///
/// Refused: an action that does not exist, is approved or withdrawn; an operator who is the same
/// human as the proposer; another hash; counts that have changed; a freeze whose deadline has
/// passed.
pub async fn approve<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    action_id: &str,
    shown_hash: &str,
) -> Result<String, Failure> {
    let read = ctx.db.batch(vec![StoredAction::select(action_id)]).await?;
    let action: Option<StoredAction> = Results::from(read).take().first()?;
    let action = action.ok_or(Problem::NotFound)?;
    if action.approved_by.as_deref() == Some(operator_id) && action.shown_hash == shown_hash {
        return Ok(action.subject_id);
    }
    if action.approved_by.is_some() || action.withdrawn_at.is_some() {
        return Err(Problem::WrongState.into());
    }
    if action.shown_hash != shown_hash {
        return Err(Problem::CountsChanged.into());
    }
    match ctx.db.batch(approval(ctx.now, operator_id, &action)).await {
        Ok(_) => Ok(action.subject_id),
        Err(error) => Err(match (error.rule(), error.guard()) {
            (Some("two_persons"), _) => Problem::TwoPersons.into(),
            (_, Some("action_counts")) => Problem::CountsChanged.into(),
            (_, Some(_)) => Problem::WrongState.into(),
            _ => error.into(),
        }),
    }
}

fn approval(now: Moment, operator_id: &str, action: &StoredAction) -> Vec<Statement> {
    let freeze_id = action.subject_id.as_str();
    let (state, audit_action) = match action.kind {
        FreezeEnd::MassReturn => (FreezeState::Returning, "freeze.return"),
        FreezeEnd::Unfreeze => (FreezeState::Lifted, "freeze.lift"),
    };
    let mut statements = vec![
        Statement::new(
            "UPDATE operator_action SET approved_by = ?2, approved_at = ?3
             WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
            [Value::from(&action.id), operator_id.into(), now.into()],
        ),
        Statement::must_change(1, "action_state"),
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT count(*), CAST(?2 AS INTEGER), 'action_counts' FROM praise
             WHERE article_id = (SELECT article_id FROM freeze WHERE id = ?1)
               AND state IN ('held', 'due', 'frozen')
               AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = praise.id)",
            [Value::from(freeze_id), action.praises.into()],
        ),
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT coalesce(sum(amount_minor), 0), CAST(?2 AS INTEGER), 'action_counts'
             FROM praise
             WHERE article_id = (SELECT article_id FROM freeze WHERE id = ?1)
               AND state IN ('held', 'due', 'frozen')
               AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = praise.id)",
            [Value::from(freeze_id), action.amount_minor.into()],
        ),
        Statement::new(
            "UPDATE freeze SET state = ?2, state_at = ?3, state_reason = ?4
             WHERE id = ?1 AND state IN ('open', 'appealed')
               AND coalesce(decide_until, appeal_until) > CAST(?3 AS INTEGER)",
            [
                Value::from(freeze_id),
                state.as_str().into(),
                now.into(),
                action.kind.as_str().into(),
            ],
        ),
        Statement::must_change(1, "freeze_state"),
    ];
    if action.kind == FreezeEnd::Unfreeze {
        statements.push(Statement::new(
            "UPDATE article SET status = 'published'
             WHERE id = (SELECT article_id FROM freeze WHERE id = ?1) AND status = 'frozen'",
            [Value::from(freeze_id)],
        ));
        statements.push(Statement::must_change(1, "article_status"));
        // Praises that were due and not yet frozen can be paid out at once.
        statements.push(jobs::wake(JobKind::PayOut, &action.account_id, now));
    }
    let detail = json!({
        "action": action.id, "proposed_by": action.proposed_by, "counts": action.counts(),
    });
    statements.push(operator::audit(operator_id, audit_action, freeze_id, &detail, now));
    statements.push(jobs::wake(JobKind::Freeze, freeze_id, now));
    statements
}

/// Withdraws a proposal; any operator may do so. Idempotent. Refused: an action that does not exist
/// or is approved.
pub async fn withdraw<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    action_id: &str,
) -> Result<(), Failure> {
    let read = ctx.db.batch(vec![StoredAction::select(action_id)]).await?;
    let action: Option<StoredAction> = Results::from(read).take().first()?;
    let action = action.ok_or(Problem::NotFound)?;
    if action.withdrawn_at.is_some() {
        return Ok(());
    }
    match ctx.db.batch(withdrawal(&action.id, operator_id, "withdrawn", ctx.now)).await {
        Ok(_) => Ok(()),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

/// Returns the statements that withdraw a proposal.
fn withdrawal(action_id: &str, operator_id: &str, why: &str, now: Moment) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE operator_action SET withdrawn_at = ?2
             WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
            [Value::from(action_id), now.into()],
        ),
        Statement::must_change(1, "action_state"),
        operator::audit(operator_id, "freeze.withdraw", action_id, &json!({ "why": why }), now),
    ]
}
