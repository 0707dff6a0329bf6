//! Two operators explain a difference: one proposes a posting with a reason, and another approves
//! exactly this proposal. In one batch, the approval posts the money, settles the movement and the
//! bill row, and closes the difference.

mod open_difference;
mod settlement;

use serde::Deserialize;
use serde_json::json;
use shared::api::reconciliation::{Explanation, ExplanationPosting, OurRow};
use shared::calendar::Moment;
use shared::id;
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem};
use shared::text;

use self::open_difference::OpenDifference;
use self::settlement::Settlement;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::digest::sha256;
use crate::failure::Failure;
use crate::people::operator::tasks::REASON_MAX;
use crate::people::operator::{audit, tasks};
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};
use crate::retry::{Round, retry};

/// A row of `bill_explanation`.
#[derive(Deserialize)]
struct StoredExplanation {
    id: String,
    difference_id: String,
    posting: ExplanationPosting,
    amount_minor: i64,
    belongs_kind: Option<String>,
    belongs_number: Option<String>,
    reason: String,
    shown_hash: String,
    proposed_by: String,
    proposed_at: i64,
    approved_by: Option<String>,
    withdrawn_at: Option<i64>,
}

impl StoredExplanation {
    /// Selects one by a condition on `?1`.
    async fn find<D: Database>(
        db: &D,
        sql: &'static str,
        id: &str,
    ) -> Result<Option<StoredExplanation>, DatabaseError> {
        Results::from(db.batch(vec![Statement::new(sql, [Value::from(id)])]).await?).take().first()
    }

    async fn read<D: Database>(db: &D, id: &str) -> Result<StoredExplanation, Failure> {
        let found = Self::find(db, "SELECT * FROM bill_explanation WHERE id = ?1", id).await?;
        Ok(found.ok_or(Problem::NotFound)?)
    }

    /// Reads the explanation of a difference, proposed or approved but not withdrawn.
    async fn of_difference<D: Database>(
        db: &D,
        difference_id: &str,
    ) -> Result<Option<StoredExplanation>, DatabaseError> {
        let sql =
            "SELECT * FROM bill_explanation WHERE difference_id = ?1 AND withdrawn_at IS NULL";
        Self::find(db, sql, difference_id).await
    }

    fn belongs_to(&self) -> Option<OurRow> {
        let (kind, number) = self.belongs_kind.clone().zip(self.belongs_number.clone())?;
        Some(OurRow { kind, number })
    }

    fn into_api(self, currency: Currency) -> Explanation {
        Explanation {
            belongs_to: self.belongs_to(),
            id: self.id,
            difference_id: self.difference_id,
            posting: self.posting,
            amount: Money::new(self.amount_minor, currency),
            reason: self.reason,
            shown_hash: self.shown_hash,
            proposed_by: self.proposed_by,
            proposed_at: Moment::from_ms(self.proposed_at),
        }
    }
}

/// Hashes what the second operator approves.
fn hash(
    difference_id: &str,
    difference: &OpenDifference,
    posting: ExplanationPosting,
    belongs_to: Option<&OurRow>,
    reason: &str,
) -> String {
    let shown = json!([
        difference_id,
        difference.kind,
        difference.movement_kind,
        difference.number,
        difference.currency,
        difference.movement_minor,
        difference.row_minor,
        difference.fee_minor,
        posting,
        belongs_to,
        reason
    ]);
    sha256(shown.to_string())
}

/// Proposes how to explain a difference and returns the proposal. Idempotent: an operator's open
/// proposal with the same content is returned.
///
/// Refused: a reason that is empty or too long; a difference that does not exist, is closed, or has
/// another proposal; a posting that does not fit the difference.
pub async fn propose<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    difference_id: &str,
    posting: ExplanationPosting,
    belongs_to: Option<&OurRow>,
    reason: &str,
) -> Result<Explanation, Failure> {
    let reason = text::clean(reason, REASON_MAX)
        .map_err(|error| Problem::Text { field: "reason", error })?;
    if (posting == ExplanationPosting::BelongsTo) != belongs_to.is_some() {
        return Err(Problem::Field { field: "belongs_to", expected: Expected::OUR_ROW }.into());
    }
    let difference = OpenDifference::read(ctx.db, difference_id).await?;
    if difference.closed_at.is_some() {
        return Err(Problem::WrongState.into());
    }
    let shown_hash = hash(difference_id, &difference, posting, belongs_to, &reason);
    if let Some(open) = StoredExplanation::of_difference(ctx.db, difference_id).await? {
        let same = open.proposed_by == operator_id && open.shown_hash == shown_hash;
        return if same {
            Ok(open.into_api(difference.currency))
        } else {
            Err(Problem::WrongState.into())
        };
    }
    Settlement::plan(ctx, difference_id, &difference, posting, belongs_to).await?;
    let proposal = Explanation {
        id: ctx.id(id::Kind::Action),
        difference_id: difference_id.to_owned(),
        posting,
        amount: difference.money(difference.lacking_minor()),
        belongs_to: belongs_to.cloned(),
        reason,
        shown_hash,
        proposed_by: operator_id.to_owned(),
        proposed_at: ctx.now,
    };
    let detail = json!({
        "action": proposal.id, "posting": posting, "amount": proposal.amount,
        "belongs_to": belongs_to, "reason": proposal.reason,
    });
    let statements = vec![
        // Inserts nothing if the difference has been closed in the meantime.
        Statement::new(
            "INSERT INTO bill_explanation (id, difference_id, posting, amount_minor, belongs_kind,
               belongs_number, reason, shown_hash, proposed_by, proposed_at)
             SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM bill_difference
             WHERE id = ?2 AND closed_at IS NULL",
            [
                Value::from(&proposal.id),
                difference_id.into(),
                posting.as_str().into(),
                proposal.amount.minor.into(),
                belongs_to.map(|row| row.kind.as_str()).into(),
                belongs_to.map(|row| row.number.as_str()).into(),
                (&proposal.reason).into(),
                (&proposal.shown_hash).into(),
                operator_id.into(),
                ctx.now.into(),
            ],
        ),
        Statement::must_change(1, "difference_open"),
        audit(operator_id, "difference.propose", difference_id, &detail, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(proposal),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) if error.rule() == Some("action_open") => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

/// Approves a proposal: posts the money, settles the movement and the row, closes the difference
/// with its task, and wakes the payouts that waited. Idempotent for the operator who approved it.
///
/// Refused: a proposal that does not exist, is approved or withdrawn, or was shown with another
/// hash; a difference that has changed since; an operator who is the same human as the proposer.
pub async fn approve<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    explanation_id: &str,
    shown_hash: &str,
) -> Result<(), Failure> {
    retry(format_args!("the explanation {explanation_id}"), async || {
        let proposal = StoredExplanation::read(ctx.db, explanation_id).await?;
        if proposal.shown_hash != shown_hash {
            return Err(Problem::WrongState.into());
        }
        if proposal.approved_by.as_deref() == Some(operator_id) {
            return Ok(Round::Done(()));
        }
        if proposal.approved_by.is_some() || proposal.withdrawn_at.is_some() {
            return Err(Problem::WrongState.into());
        }
        let difference_id = &proposal.difference_id;
        let difference = OpenDifference::read(ctx.db, difference_id).await?;
        let belongs_to = proposal.belongs_to();
        let (posting, reason) = (proposal.posting, &proposal.reason);
        let now_shown = hash(difference_id, &difference, posting, belongs_to.as_ref(), reason);
        if difference.closed_at.is_some() || now_shown != shown_hash {
            return Err(Problem::WrongState.into());
        }
        let settlement =
            Settlement::plan(ctx, difference_id, &difference, posting, belongs_to.as_ref()).await?;
        let mut statements = vec![
            Statement::new(
                "UPDATE bill_explanation SET approved_by = ?2, approved_at = ?3
                 WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
                [Value::from(explanation_id), operator_id.into(), ctx.now.into()],
            ),
            Statement::must_change(1, "action_state"),
        ];
        statements.extend(settlement.statements(ctx, explanation_id)?);
        statements.extend(close(difference_id, reason, ctx.now));
        let detail = json!({
            "action": explanation_id, "proposed_by": proposal.proposed_by, "posting": posting,
            "amount": difference.money(proposal.amount_minor), "belongs_to": belongs_to,
            "reason": reason,
        });
        statements.push(audit(operator_id, "difference.explain", difference_id, &detail, ctx.now));
        if let Some(account_id) = &difference.account_id {
            statements.push(jobs::wake(JobKind::PayOut, account_id, ctx.now));
        }
        match ctx.db.batch(statements).await {
            Ok(_) => Ok(Round::Done(())),
            Err(error) if error.rule() == Some("two_persons") => Err(Problem::TwoPersons.into()),
            // In total, `operator_loss` must not become a gain.
            Err(error) if error.rule() == Some("ledger_side") => Err(Problem::WrongState.into()),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Withdraws a proposal; any operator may do so. Idempotent. Refused: a proposal that does not exist
/// or is approved.
pub async fn withdraw<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    explanation_id: &str,
) -> Result<(), Failure> {
    let proposal = StoredExplanation::read(ctx.db, explanation_id).await?;
    if proposal.withdrawn_at.is_some() {
        return Ok(());
    }
    let detail = json!({ "action": explanation_id });
    let difference_id = &proposal.difference_id;
    let statements = vec![
        Statement::new(
            "UPDATE bill_explanation SET withdrawn_at = ?2
             WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
            [Value::from(explanation_id), ctx.now.into()],
        ),
        Statement::must_change(1, "action_state"),
        audit(operator_id, "difference.withdraw", difference_id, &detail, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(()),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

fn close(difference_id: &str, explanation: &str, now: Moment) -> [Statement; 4] {
    [
        Statement::new(
            "UPDATE bill_difference SET closed_at = ?2, explanation = ?3
             WHERE id = ?1 AND closed_at IS NULL",
            [Value::from(difference_id), now.into(), explanation.into()],
        ),
        Statement::must_change(1, "difference_open"),
        tasks::close("bill_difference", difference_id, "explained", now),
        Statement::must_change(1, "task_open"),
    ]
}
