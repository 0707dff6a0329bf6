//! The states of a transfer. Each change is one batch, which also updates the transfer's praises,
//! its money, the payee's daily limit and its payout.

use serde::Deserialize;
use shared::machine::{DisputeState, PartState};
use shared::money::Money;

use super::transfer_row::TransferRow;
use crate::context::Context;
use crate::database::ids;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::payments::ledger::{self, Account, Posting};
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// Moves a transfer to a state that is not final, and updates its payout.
pub(super) async fn step<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    to: PartState,
) -> Result<(), DatabaseError> {
    let mut statements = step_part(ctx, part, to, None);
    statements.push(update_payout(ctx, part, None));
    ctx.db.batch(statements).await.map(drop)
}

/// Books a transfer that has arrived, or that had nothing to send after netting: its praises are
/// paid out.
pub(super) async fn succeeded<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
) -> Result<(), DatabaseError> {
    let mut statements = step_part(ctx, part, PartState::Succeeded, None);
    statements.push(Statement::new(
        "UPDATE praise SET state = 'paid_out', state_at = ?2, state_reason = NULL
         WHERE state = 'in_payout' AND id IN (
           SELECT praise_id FROM payout_line WHERE part_id = ?1 AND released_at IS NULL)",
        [Value::from(&part.part_id), ctx.now.into()],
    ));
    statements.push(Statement::must_change(part.lines, "praise_state"));
    let net = net(part);
    if net.minor > 0 {
        statements.extend(ledger::transfer(
            &format!("payout.succeeded:{}", part.part_id),
            ctx.now,
            Account::PayingOut(&part.account_id),
            Account::ProviderUnsettled(ctx.provider.name()),
            net,
        )?);
        statements.push(outbox::done(Operation::PayOut, &part.part_id, ctx.now));
    }
    statements.push(update_payout(ctx, part, None));
    ctx.db.batch(statements).await.map(drop)
}

/// Books a transfer that has definitely failed. Its praises are due again and join the next day's
/// payout, with these exceptions: if the article is frozen by now, they are frozen; if a bank
/// disputes the payment, they are held back for the dispute; if the bank has given the money back,
/// they are lost and the writer's debt for them is cancelled.
pub(super) async fn failed<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    reason: &str,
) -> Result<(), DatabaseError> {
    let (lost, disputes): (Vec<_>, Vec<_>) =
        disputes(ctx, part).await?.into_iter().partition(|one| one.state == DisputeState::Lost);
    let net = net(part);
    let money = |minor| Money::new(minor, part.currency);
    let mut postings = vec![
        Posting::new(format!("payout.failed:{}", part.part_id))
            .leg(Account::WriterDue(&part.account_id), money(-part.gross_minor))
            .leg(Account::WriterDebt(&part.account_id), money(part.debt_minor))
            .leg(Account::PayingOut(&part.account_id), net),
    ];
    let mut statements = step_part(ctx, part, PartState::Failed, Some(reason));
    statements.push(Statement::new(
        "UPDATE payout_line SET released_at = ?2 WHERE part_id = ?1 AND released_at IS NULL",
        [Value::from(&part.part_id), ctx.now.into()],
    ));
    statements.push(Statement::must_change(part.lines, "payout_lines"));
    statements.push(Statement::new(
        "UPDATE praise SET state = 'due', state_at = ?2, state_reason = 'payout_failed'
         WHERE state = 'in_payout' AND id IN (
           SELECT praise_id FROM payout_line WHERE part_id = ?1 AND released_at = ?2)",
        [Value::from(&part.part_id), ctx.now.into()],
    ));
    statements.push(Statement::must_change(part.lines, "praise_state"));
    // Runs even if no dispute was read, because one may have been opened since.
    statements.push(Statement::new(
        "UPDATE dispute SET aside = 1
         WHERE state = 'open' AND aside = 0 AND praise_id IN (
           SELECT praise_id FROM payout_line WHERE part_id = ?1 AND released_at = ?2)",
        [Value::from(&part.part_id), ctx.now.into()],
    ));
    statements.push(Statement::must_change(disputes.len() as i64, "dispute_state"));
    if !disputes.is_empty() {
        statements.push(Statement::new(
            "UPDATE praise SET state = 'disputed', state_at = ?2, state_reason = NULL
             WHERE state = 'due' AND id IN (SELECT value FROM json_each(?1))",
            [ids(disputes.iter().map(|dispute| &dispute.praise_id))?, ctx.now.into()],
        ));
        statements.push(Statement::must_change(disputes.len() as i64, "praise_state"));
        postings.extend(disputes.iter().map(|dispute| {
            Posting::new(format!("dispute.aside:{}", dispute.id)).transfer(
                Account::WriterDue(&part.account_id),
                Account::WriterDisputed(&part.account_id),
                money(dispute.amount_minor),
            )
        }));
    }
    // Runs even if no lost dispute was read, for the same reason.
    statements.push(Statement::new(
        "UPDATE praise SET state = 'lost', state_at = ?2, state_reason = 'dispute_lost'
         WHERE state = 'due' AND id IN (
           SELECT line.praise_id FROM payout_line AS line
           JOIN praise AS one ON one.id = line.praise_id
           JOIN dispute ON dispute.payment_id = one.payment_id AND dispute.state = 'lost'
           WHERE line.part_id = ?1 AND line.released_at = ?2)",
        [Value::from(&part.part_id), ctx.now.into()],
    ));
    statements.push(Statement::must_change(lost.len() as i64, "praise_state"));
    postings.extend(lost.iter().map(|dispute| {
        Posting::new(format!("dispute.not_owed:{}", dispute.id)).transfer(
            Account::WriterDue(&part.account_id),
            Account::WriterDebt(&part.account_id),
            money(dispute.amount_minor),
        )
    }));
    statements.push(Statement::new(
        "UPDATE praise SET state = 'frozen', state_at = ?2, state_reason = NULL
         WHERE state = 'due' AND id IN (
           SELECT praise_id FROM payout_line WHERE part_id = ?1 AND released_at = ?2)
           AND EXISTS (SELECT 1 FROM article
                       WHERE article.id = praise.article_id AND article.status = 'frozen')",
        [Value::from(&part.part_id), ctx.now.into()],
    ));
    statements.extend(ledger::post(&postings, ctx.now)?);
    if net.minor > 0 {
        statements.push(Statement::new(
            "UPDATE payee_day SET sent_minor = sent_minor - CAST(?4 AS INTEGER)
             WHERE payee = ?1 AND currency = ?2 AND day = ?3",
            [
                Value::from(&part.fingerprint),
                part.currency.into(),
                (&part.send_day).into(),
                net.minor.into(),
            ],
        ));
        statements.push(Statement::must_change(1, "payee_room"));
        statements.push(outbox::done(Operation::PayOut, &part.part_id, ctx.now));
    }
    statements.push(update_payout(ctx, part, Some(reason)));
    statements.push(jobs::wake(JobKind::PayOut, &part.account_id, ctx.now));
    ctx.db.batch(statements).await.map(drop)
}

fn net(part: &TransferRow) -> Money {
    Money::new(part.gross_minor - part.debt_minor, part.currency)
}

fn step_part<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    to: PartState,
    reason: Option<&str>,
) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE payout_part SET state = ?3, state_at = ?4, state_reason = ?5
             WHERE id = ?1 AND state = ?2",
            [
                Value::from(&part.part_id),
                part.state.as_str().into(),
                to.as_str().into(),
                ctx.now.into(),
                reason.into(),
            ],
        ),
        Statement::must_change(1, "part_state"),
    ]
}

/// Returns the statement that derives the payout's state from its parts. Once all parts are final,
/// the payout has succeeded if any part has.
fn update_payout<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    reason: Option<&str>,
) -> Statement {
    Statement::new(
        "UPDATE payout SET state = parts.state, state_at = ?2,
                           state_reason = iif(parts.state = 'failed', ?3, NULL)
         FROM (SELECT CASE
                 WHEN count(*) = sum(state IN ('succeeded', 'failed'))
                 THEN iif(sum(state = 'succeeded') > 0, 'succeeded', 'failed')
                 WHEN sum(state = 'awaiting_confirmation') > 0 THEN 'awaiting_confirmation'
                 WHEN count(*) = sum(state = 'queued') THEN 'queued'
                 ELSE 'sent' END AS state
               FROM payout_part WHERE payout_id = ?1) AS parts
         WHERE payout.id = ?1 AND payout.state <> parts.state",
        [Value::from(&part.payout_id), ctx.now.into(), reason.into()],
    )
}

#[derive(Deserialize)]
struct PraiseDispute {
    id: String,
    state: DisputeState,
    praise_id: String,
    amount_minor: i64,
}

/// Reads the disputes of this transfer's praises, open or lost, that have not held back the
/// writer's money so far because it was on its way.
async fn disputes<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
) -> Result<Vec<PraiseDispute>, DatabaseError> {
    let statement = Statement::new(
        "SELECT dispute.id, dispute.state, dispute.praise_id, dispute.amount_minor
         FROM payout_line AS line JOIN praise ON praise.id = line.praise_id
         JOIN dispute ON dispute.payment_id = praise.payment_id
         WHERE line.part_id = ?1 AND line.released_at IS NULL
           AND (dispute.state = 'lost' OR (dispute.state = 'open' AND dispute.aside = 0))",
        [Value::from(&part.part_id)],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().decode()
}
