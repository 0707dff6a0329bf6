//! Settlement: makes held praises due for payout. One job per account and due moment moves all
//! praises that are held until then, in chunks, and wakes the account's payout.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::money::{Currency, Money};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, ids};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account, Posting};
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind, Next};

/// The maximum number of praises in one batch.
const CHUNK: i64 = 300;
/// Most batches in one run. If work is left, the job is due again at once.
const CHUNKS_PER_RUN: usize = 10;
/// Minutes until the job runs again if praises of a frozen article are still `held`, because the
/// freeze's job has not reached them yet.
const FROZEN_RETRY_MINUTES: i64 = 10;

/// Returns the subject of a [`JobKind::Settle`] job: `acc_…:` and the due moment in Unix
/// milliseconds.
pub fn subject(account_id: &str, due_at: Moment) -> String {
    format!("{account_id}:{}", due_at.ms())
}

#[derive(Clone, Deserialize)]
struct HeldPraise {
    id: String,
    amount_minor: i64,
    currency: Currency,
}

/// Runs [`JobKind::Settle`]: makes all praises due that the account holds until the subject's
/// moment. Praises of frozen articles continue when the freeze is lifted. Idempotent, also with two
/// runs at the same time.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    subject: &str,
) -> Result<Next, Failure> {
    let parsed =
        subject.rsplit_once(':').and_then(|(account, ms)| Some((account, ms.parse().ok()?)));
    let Some((account_id, due_at)) = parsed.map(|(account, ms)| (account, Moment::from_ms(ms)))
    else {
        return Err(Failure::Internal(format!("malformed job subject {subject}")));
    };
    if ctx.now < due_at {
        return Ok(Next::At(due_at));
    }
    for _ in 0..CHUNKS_PER_RUN {
        let (movable, frozen) = read_chunk(ctx, account_id, due_at).await?;
        if movable.is_empty() {
            // The rest belongs to frozen articles: it becomes frozen, or the freeze is lifted.
            let retry_at = ctx.now.plus_minutes(FROZEN_RETRY_MINUTES);
            return Ok(if frozen { Next::At(retry_at) } else { Next::Done });
        }
        move_chunk(ctx, account_id, &movable).await?;
    }
    Ok(Next::At(ctx.now))
}

/// Reads a chunk of the held praises that are due and can be moved, and whether there are others
/// that cannot be moved because their article is frozen.
async fn read_chunk<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
    due_at: Moment,
) -> Result<(Vec<HeldPraise>, bool), DatabaseError> {
    let statements = vec![
        Statement::new(
            "SELECT praise.id, praise.amount_minor, praise.currency
             FROM praise JOIN article ON article.id = praise.article_id
             WHERE praise.account_id = ?1 AND praise.state = 'held' AND praise.due_at <= ?2
               AND article.status <> 'frozen'
             ORDER BY praise.due_at, praise.id LIMIT ?3",
            [Value::from(account_id), due_at.into(), CHUNK.into()],
        ),
        Statement::new(
            "SELECT praise.id FROM praise JOIN article ON article.id = praise.article_id
             WHERE praise.account_id = ?1 AND praise.state = 'held' AND praise.due_at <= ?2
               AND article.status = 'frozen' LIMIT 1",
            [Value::from(account_id), due_at.into()],
        ),
    ];
    let mut results = Results::from(ctx.db.batch(statements).await?);
    Ok((results.take().decode()?, results.take().any()))
}

/// Moves a chunk completely, or not at all if the state of one of its praises has changed.
async fn move_chunk<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
    praises: &[HeldPraise],
) -> Result<(), DatabaseError> {
    let mut statements = vec![
        Statement::new(
            "UPDATE praise SET state = 'due', matured = 1, state_at = ?2, state_reason = NULL
             WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'held' AND matured = 0",
            [ids(praises.iter().map(|praise| &praise.id))?, ctx.now.into()],
        ),
        Statement::must_change(praises.len() as i64, "praise_state"),
    ];
    let postings: Vec<Posting> = praises
        .iter()
        .map(|praise| {
            Posting::new(format!("praise.due:{}", praise.id)).transfer(
                Account::WriterHeld(account_id),
                Account::WriterDue(account_id),
                Money::new(praise.amount_minor, praise.currency),
            )
        })
        .collect();
    statements.extend(ledger::post(&postings, ctx.now)?);
    statements.push(jobs::wake(JobKind::PayOut, account_id, ctx.now));
    match ctx.db.batch(statements).await {
        // A praise was taken back or its article frozen meanwhile: the caller reads again.
        Err(DatabaseError::Guard(_) | DatabaseError::Rule(_)) => Ok(()),
        other => other.map(drop),
    }
}
