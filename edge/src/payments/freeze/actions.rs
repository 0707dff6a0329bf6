//! The end of a freeze, which takes two humans: one proposes it with the counts that it would move,
//! another approves exactly those. In the batch that approves, the counts are counted again.

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

/// What the second operator agrees to.
fn hash(kind: FreezeEnd, freeze_id: &str, counts: &Counts) -> String {
    let Counts { praises, amount: Money { minor, currency } } = counts;
    let text = format!("{kind}\n{freeze_id}\n{praises}\n{minor}\n{}", currency.code());
    sha256(text)
}

/// An action as it is stored.
#[derive(Deserialize)]
pub(crate) struct StoredAction {
    id: String,
    kind: FreezeEnd,
    subject_id: String,
    praises: i64,
    amount_minor: i64,
    currency: Currency,
    counts_hash: String,
    proposed_by: String,
    proposed_at: i64,
    approved_by: Option<String>,
    withdrawn_at: Option<i64>,
    account_id: String,
}

impl StoredAction {
    /// Reads the action that waits for its second operator, if there is one.
    pub(crate) fn of_freeze(freeze_id: &str) -> Statement {
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

    fn read(action_id: &str) -> Statement {
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

    /// As operators see it.
    pub(crate) fn shown(self) -> FreezeAction {
        FreezeAction {
            counts: self.counts(),
            id: self.id,
            kind: self.kind,
            freeze_id: self.subject_id,
            counts_hash: self.counts_hash,
            proposed_by: self.proposed_by,
            proposed_at: Moment::from_ms(self.proposed_at),
        }
    }
}

/// Proposes the end of a freeze and says what it would move. A proposal of the same end by the same
/// operator is the same one; one whose counts have changed since makes room for the new. Refused: a
/// freeze that does not exist, that is decided, whose date has passed, or that another proposal
/// waits for.
pub async fn propose<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    freeze_id: &str,
    kind: FreezeEnd,
) -> Result<FreezeAction, Failure> {
    #[derive(Deserialize)]
    struct Found {
        state: FreezeState,
        until: i64,
        currency: Currency,
        praises: i64,
        amount_minor: i64,
    }
    let find = Statement::new(
        "SELECT freeze.state, coalesce(freeze.decide_until, freeze.appeal_until) AS until,
                account.currency, count(praise.id) AS praises,
                coalesce(sum(praise.amount_minor), 0) AS amount_minor
         FROM freeze
         JOIN article ON article.id = freeze.article_id
         JOIN official_account AS account ON account.id = article.account_id
         LEFT JOIN praise ON praise.article_id = article.id
           AND praise.state IN ('held', 'due', 'frozen')
         WHERE freeze.id = ?1 GROUP BY freeze.id",
        [Value::from(freeze_id)],
    );
    let mut results =
        Results::from(ctx.db.batch(vec![find, StoredAction::of_freeze(freeze_id)]).await?);
    let found = results.take().first::<Found>()?.ok_or(Problem::NotFound)?;
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
            statements.extend(end(&open.id, operator_id, "outdated", ctx.now));
        } else if open.kind == kind && open.proposed_by == operator_id {
            return Ok(open.shown());
        } else {
            return Err(Problem::WrongState.into());
        }
    }
    let action = FreezeAction {
        id: ctx.id(Kind::Action),
        kind,
        freeze_id: freeze_id.to_owned(),
        counts_hash: hash(kind, freeze_id, &counts),
        counts,
        proposed_by: operator_id.to_owned(),
        proposed_at: ctx.now,
    };
    statements.push(Statement::new(
        "INSERT INTO operator_action (id, kind, subject_id, praises, amount_minor, counts_hash,
                                      proposed_by, proposed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        [
            Value::from(&action.id),
            kind.as_str().into(),
            freeze_id.into(),
            action.counts.praises.into(),
            action.counts.amount.minor.into(),
            (&action.counts_hash).into(),
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

/// Approves an action, and its freeze ends as proposed; returns the freeze's id. Approving what
/// one has approved changes nothing. Refused: an action that does not exist or is over, the
/// proposer or anybody who is the same human, another hash, counts that have changed since, a
/// freeze whose date has passed.
pub async fn approve<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    action_id: &str,
    counts_hash: &str,
) -> Result<String, Failure> {
    let read = ctx.db.batch(vec![StoredAction::read(action_id)]).await?;
    let action: Option<StoredAction> = Results::from(read).take().first()?;
    let action = action.ok_or(Problem::NotFound)?;
    if action.approved_by.as_deref() == Some(operator_id) && action.counts_hash == counts_hash {
        return Ok(action.subject_id);
    }
    if action.approved_by.is_some() || action.withdrawn_at.is_some() {
        return Err(Problem::WrongState.into());
    }
    if action.counts_hash != counts_hash {
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
    let (state, deed) = match action.kind {
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
               AND state IN ('held', 'due', 'frozen')",
            [Value::from(freeze_id), action.praises.into()],
        ),
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT coalesce(sum(amount_minor), 0), CAST(?2 AS INTEGER), 'action_counts'
             FROM praise
             WHERE article_id = (SELECT article_id FROM freeze WHERE id = ?1)
               AND state IN ('held', 'due', 'frozen')",
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
        // What was due and the freeze had not reached goes on at once.
        statements.push(jobs::wake(JobKind::PayOut, &action.account_id, now));
    }
    let detail = json!({
        "action": action.id, "proposed_by": action.proposed_by, "counts": action.counts(),
    });
    statements.push(operator::audit(operator_id, deed, freeze_id, &detail, now));
    statements.push(jobs::wake(JobKind::Freeze, freeze_id, now));
    statements
}

/// Withdraws a proposal; any operator may. Withdrawing it twice changes nothing. Refused: an
/// action that does not exist or was approved.
pub async fn withdraw<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    action_id: &str,
) -> Result<(), Failure> {
    let read = ctx.db.batch(vec![StoredAction::read(action_id)]).await?;
    let action: Option<StoredAction> = Results::from(read).take().first()?;
    let action = action.ok_or(Problem::NotFound)?;
    if action.withdrawn_at.is_some() {
        return Ok(());
    }
    match ctx.db.batch(end(&action.id, operator_id, "withdrawn", ctx.now)).await {
        Ok(_) => Ok(()),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

/// The statements that end a proposal without carrying it out.
fn end(action_id: &str, operator_id: &str, why: &str, now: Moment) -> Vec<Statement> {
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
