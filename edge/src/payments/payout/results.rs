//! The states of a transfer. Each change is one batch, which also updates the transfer's praises,
//! its money, the payee's daily limit and its payout.

use serde::Deserialize;
use shared::machine::{DisputeState, PartState};
use shared::money::Money;

use super::transfer_row::{self, TransferRow};
use crate::context::Context;
use crate::database::ids;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::payments::ledger::{self, Account, Posting};
use crate::people::operator::tasks;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// The kind of the task about a transfer whose outcome stays unknown.
pub(super) const UNKNOWN_TASK: &str = "payout_unknown";

/// Moves a transfer to a state that is not final, and updates its payout.
pub(super) async fn step<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    to: PartState,
) -> Result<(), DatabaseError> {
    let mut statements = step_part(ctx, part, to, None);
    statements.push(update_payout(ctx, part, to, None));
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
    statements.push(update_payout(ctx, part, PartState::Succeeded, None));
    statements.push(tasks::close(UNKNOWN_TASK, &part.part_id, "succeeded", ctx.now));
    ctx.db.batch(statements).await.map(drop)
}

/// Why the praises of a transfer are due again.
#[derive(Clone, Copy, Debug)]
pub(super) enum Release<'a> {
    /// The provider says that it has failed. The reason is the provider's.
    Failed(&'a str),
    /// It was not sent, because it is no longer allowed. The reason is ours.
    Dropped(&'a str),
    /// It had arrived, and the writer's bank has sent it back, for the provider's reason; or two
    /// operators have reversed it because it never left.
    SentBack(&'a str),
}

impl<'a> Release<'a> {
    /// The transfer's new state, why, and the state that its praises leave.
    const fn states(self) -> (PartState, &'a str, &'static str) {
        match self {
            Release::Failed(reason) => (PartState::Failed, reason, "in_payout"),
            Release::Dropped(reason) => (PartState::Dropped, reason, "in_payout"),
            Release::SentBack(reason) => (PartState::SentBack, reason, "paid_out"),
        }
    }
}

/// Books a transfer that did not reach the writer or was sent back; see [`release_statements`].
pub(super) async fn release<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    release: Release<'_>,
) -> Result<(), DatabaseError> {
    let statements = release_statements(ctx, part, release).await?;
    ctx.db.batch(statements).await.map(drop)
}

/// Returns the statements that make the praises of a transfer due again, with these exceptions: if
/// the article is frozen by now, they are frozen; if a bank disputes the payment, they are held back
/// for the dispute; if the bank has taken the money back while the transfer was on its way, they are
/// lost and the writer's debt for them is cancelled.
///
/// Any other loss is already the writer's debt, and stays one, because other praises may have paid
/// it, or it may have been written off. So if the writer's bank sends the transfer back, the praise
/// is due again, and the next payout nets what is still owed.
async fn release_statements<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    release: Release<'_>,
) -> Result<Vec<Statement>, DatabaseError> {
    let (state, reason, leaving) = release.states();
    let (mut lost, disputes): (Vec<_>, Vec<_>) =
        disputes(ctx, part).await?.into_iter().partition(|one| one.state == DisputeState::Lost);
    if state == PartState::SentBack {
        lost.clear();
    }
    let net = net(part);
    let money = |minor| Money::new(minor, part.currency);
    let mut postings = Vec::new();
    if state == PartState::SentBack && net.minor > 0 {
        postings.push(Posting::new(format!("payout.sent_back:{}", part.part_id)).transfer(
            Account::ProviderUnsettled(ctx.provider.name()),
            Account::PayingOut(&part.account_id),
            net,
        ));
    }
    postings.push(
        Posting::new(format!("payout.released:{}", part.part_id))
            .leg(Account::WriterDue(&part.account_id), money(-part.gross_minor))
            .leg(Account::WriterDebt(&part.account_id), money(part.debt_minor))
            .leg(Account::PayingOut(&part.account_id), net),
    );
    let mut statements = step_part(ctx, part, state, Some(reason));
    statements.push(Statement::new(
        "UPDATE payout_line SET released_at = ?2 WHERE part_id = ?1 AND released_at IS NULL",
        [Value::from(&part.part_id), ctx.now.into()],
    ));
    statements.push(Statement::must_change(part.lines, "payout_lines"));
    statements.push(Statement::new(
        "UPDATE praise SET state = 'due', state_at = ?2, state_reason = 'payout_' || ?4
         WHERE state = ?3 AND id IN (
           SELECT praise_id FROM payout_line WHERE part_id = ?1 AND released_at = ?2)",
        [Value::from(&part.part_id), ctx.now.into(), leaving.into(), state.as_str().into()],
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
    if state != PartState::SentBack {
        statements.push(Statement::new(
            concat!(
                "UPDATE praise SET state = 'lost', state_at = ?2, state_reason = 'dispute_lost'
                 WHERE state = 'due' AND id IN (
                   SELECT line.praise_id FROM payout_line AS line
                   JOIN praise AS one ON one.id = line.praise_id
                   JOIN dispute ON dispute.payment_id = one.payment_id AND dispute.state = 'lost'
                   WHERE line.part_id = ?1 AND line.released_at = ?2 AND ",
                lost_on_the_way!("one"),
                ")"
            ),
            [Value::from(&part.part_id), ctx.now.into()],
        ));
        statements.push(Statement::must_change(lost.len() as i64, "praise_state"));
    }
    postings.extend(lost.iter().map(|dispute| {
        Posting::new(format!("dispute.not_owed:{}", dispute.id)).transfer(
            Account::WriterDue(&part.account_id),
            Account::WriterDebt(&part.account_id),
            money(dispute.amount_minor),
        )
    }));
    statements.push(freeze_released(ctx, part));
    statements.extend(ledger::post(&postings, ctx.now)?);
    // What was sent back still counts towards the limit of the day on which it was sent.
    if net.minor > 0 && state != PartState::SentBack {
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
    statements.push(update_payout(ctx, part, state, Some(reason)));
    statements.push(tasks::close(UNKNOWN_TASK, &part.part_id, state.as_str(), ctx.now));
    statements.push(jobs::wake(JobKind::PayOut, &part.account_id, ctx.now));
    Ok(statements)
}

/// Returns the statement that freezes the released praises of a transfer whose article is frozen. The
/// job of the freeze runs again and releases or returns them like the article's other praises. A
/// praise that was lost to the bank stays due.
fn freeze_released<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
) -> Statement {
    Statement::new(
        "UPDATE praise SET state = 'frozen', state_at = ?2, state_reason = NULL
         WHERE state = 'due' AND id IN (
           SELECT praise_id FROM payout_line WHERE part_id = ?1 AND released_at = ?2)
           AND EXISTS (SELECT 1 FROM article
                       WHERE article.id = praise.article_id AND article.status = 'frozen')
           AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = praise.id)",
        [Value::from(&part.part_id), ctx.now.into()],
    )
}

/// The reason of a transfer that two operators reverse because it never left.
pub(super) const NEVER_LEFT: &str = "never_left";

/// Returns the statements that take back a transfer that counts as arrived and never left the
/// provider: its praises are due again. `None` if there is no such transfer. The caller settles its
/// two movements.
pub async fn reverse<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part_id: &str,
) -> Result<Option<Vec<Statement>>, DatabaseError> {
    let part = transfer_row::find(ctx, part_id).await?;
    let Some(part) = part.filter(|part| part.state == PartState::Succeeded) else {
        return Ok(None);
    };
    release_statements(ctx, &part, Release::SentBack(NEVER_LEFT)).await.map(Some)
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

/// Returns the statement that gives the payout the state of its transfer.
fn update_payout<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    state: PartState,
    reason: Option<&str>,
) -> Statement {
    Statement::new(
        "UPDATE payout SET state = ?2, state_at = ?3, state_reason = ?4 WHERE id = ?1",
        [Value::from(&part.payout_id), state.as_str().into(), ctx.now.into(), reason.into()],
    )
}

#[derive(Deserialize)]
struct PraiseDispute {
    id: String,
    state: DisputeState,
    praise_id: String,
    amount_minor: i64,
}

/// A condition: the bank has taken the money of a praise back since the praise was claimed by its
/// newest payout.
macro_rules! lost_on_the_way {
    ($praise:literal) => {
        concat!(
            "dispute.state_at >= (SELECT max(at) FROM event WHERE subject_id = ",
            $praise,
            ".id AND machine = 'praise' AND to_state = 'in_payout')"
        )
    };
}
use lost_on_the_way;

/// Reads the disputes of this transfer's praises that have not held back the writer's money so far
/// because it was on its way: those that are open, and those that were lost meanwhile.
async fn disputes<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
) -> Result<Vec<PraiseDispute>, DatabaseError> {
    let statement = Statement::new(
        concat!(
            "SELECT dispute.id, dispute.state, dispute.praise_id, dispute.amount_minor
             FROM payout_line AS line JOIN praise ON praise.id = line.praise_id
             JOIN dispute ON dispute.payment_id = praise.payment_id
             WHERE line.part_id = ?1 AND line.released_at IS NULL
               AND ((dispute.state = 'lost' AND ",
            lost_on_the_way!("praise"),
            ") OR (dispute.state = 'open' AND dispute.aside = 0))"
        ),
        [Value::from(&part.part_id)],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().decode()
}
