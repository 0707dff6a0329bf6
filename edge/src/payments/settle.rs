//! Settlement: a praise whose day has come belongs to the next payout. One job per account and due
//! moment moves everything that is held until then, in chunks, and wakes the account's payout.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::money::{Currency, Money};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, ids};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account, Posting};
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind, Next};

/// Praises that one batch moves at most.
const CHUNK: i64 = 300;
/// Batches of one run; whatever is left comes up again at once.
const CHUNKS: usize = 10;
/// Minutes after which praises are looked at again that were held back by a freeze which has not
/// yet reached them.
const HELD_BACK_MINUTES: i64 = 10;

/// The subject of [`JobKind::Settle`], for an account and a due moment: `acc_…:` and unix milliseconds.
pub fn subject(account_id: &str, due_at: Moment) -> String {
    format!("{account_id}:{}", due_at.ms())
}

#[derive(Clone, Deserialize)]
struct Held {
    id: String,
    amount_minor: i64,
    currency: Currency,
}

/// Makes everything due that this account holds until the subject's moment, save what is frozen:
/// that goes on when the freeze is lifted. Running it twice, or two at once, changes nothing more.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    subject: &str,
) -> Result<Next, Failure> {
    let parsed =
        subject.rsplit_once(':').and_then(|(account, ms)| Some((account, ms.parse().ok()?)));
    let Some((account_id, due_at)) = parsed.map(|(account, ms)| (account, Moment::from_ms(ms)))
    else {
        return Err(Failure::Internal(format!("no settlement is called {subject}")));
    };
    if ctx.now < due_at {
        return Ok(Next::At(due_at));
    }
    for _ in 0..CHUNKS {
        let (movable, frozen) = held(ctx, account_id, due_at).await?;
        if movable.is_empty() {
            // Held by an article that is frozen: the freeze takes them, or it is lifted.
            let again = ctx.now.plus_minutes(HELD_BACK_MINUTES);
            return Ok(if frozen { Next::At(again) } else { Next::Done });
        }
        move_chunk(ctx, account_id, &movable).await?;
    }
    Ok(Next::At(ctx.now))
}

/// A chunk of what is held past its day and can move, and whether anything held cannot.
async fn held<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
    due_at: Moment,
) -> Result<(Vec<Held>, bool), DatabaseError> {
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

/// Moves a chunk whole, or nothing of it where one of them has just gone another way.
async fn move_chunk<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
    praises: &[Held],
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
        // Somebody took one back, or froze its article, in between: read again.
        Err(DatabaseError::Guard(_) | DatabaseError::Rule(_)) => Ok(()),
        other => other.map(drop),
    }
}
