//! Payouts: everything due of an account goes to its bank card, once a day. The job of an account
//! looks at what is due; either something has to be put right first, and a payout waits for that,
//! or a payout is queued, in parts that the provider takes in a day.
//!
//! A payout holds at most [`LINES_MAX`] praises, so that the batch that claims them stays small
//! enough; the rest joins the next day's.

pub mod part;
mod plan;
mod queue;
mod results;
mod waiting;
pub mod write_off;

use serde::Deserialize;
use shared::calendar::Day;
use shared::machine::WaitingReason;
use shared::money::Currency;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::jobs::Next;
use crate::provider::PaymentProvider;

/// Praises of one payout at most.
pub const LINES_MAX: usize = 3000;

/// Rounds of reading and writing before a run gives up and is tried again later. What is read may
/// have changed by the time of the batch, whose guards then say so.
const ROUNDS: usize = 4;

/// What an account's payout depends on.
#[derive(Debug, Deserialize)]
struct Facts {
    account_id: String,
    name: String,
    currency: Currency,
    may_receive: i64,
    card_id: Option<String>,
    token: Option<String>,
    fingerprint: Option<String>,
    usable_from: Option<i64>,
    unexplained: i64,
    debt_minor: i64,
    /// All that is due, whether it can be claimed now or not.
    due: i64,
    waiting_id: Option<String>,
    waiting_reason: Option<String>,
}

/// A card that money can be sent to.
struct Card<'a> {
    id: &'a str,
    token: &'a str,
    fingerprint: &'a str,
}

impl Facts {
    /// The card to pay to, or what has to be put right first.
    fn card(&self, now: shared::calendar::Moment) -> Result<Card<'_>, WaitingReason> {
        let (Some(id), Some(token), Some(fingerprint), Some(usable_from)) =
            (&self.card_id, &self.token, &self.fingerprint, self.usable_from)
        else {
            return Err(WaitingReason::NoCard);
        };
        if usable_from > now.ms() {
            return Err(WaitingReason::CardChanged);
        }
        if self.unexplained != 0 {
            return Err(WaitingReason::BillUnexplained);
        }
        if self.may_receive == 0 {
            return Err(WaitingReason::KindNotAllowed);
        }
        Ok(Card { id, token, fingerprint })
    }
}

/// Pays out what is due to an account, or lets it wait and says for what. It comes up again as long
/// as anything is due: at the latest when the next day begins. Running it twice, or two at once,
/// changes nothing more.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
) -> Result<Next, Failure> {
    for _ in 0..ROUNDS {
        let Some(facts) = facts(ctx, account_id).await? else { return Ok(Next::Done) };
        let today = ctx.now.day(facts.currency);
        let outcome = if facts.due == 0 {
            waiting::end(ctx, &facts).await
        } else {
            match facts.card(ctx.now) {
                Err(reason) => waiting::wait(ctx, &facts, reason, today).await,
                Ok(card) => queue::queue(ctx, &facts, &card, today).await,
            }
        };
        match outcome {
            Err(DatabaseError::Guard(_) | DatabaseError::Rule(_)) => continue,
            other => return Ok(other?),
        }
    }
    Err(DatabaseError::Unknown(format!("what is due to {account_id} keeps changing")).into())
}

/// When an account is looked at again for which nothing more can be done on this day.
fn tomorrow(facts: &Facts, today: Day) -> Next {
    Next::At(today.plus(1).starts_at(facts.currency))
}

async fn facts<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
) -> Result<Option<Facts>, DatabaseError> {
    let statement = Statement::new(
        "SELECT account.id AS account_id, account.name, account.currency,
                account.kind = 'individual' OR 'any' IS (
                  SELECT receivers FROM policy
                  WHERE policy.currency = account.currency AND policy.effective_from <= ?2
                  ORDER BY policy.effective_from DESC LIMIT 1) AS may_receive,
                card.id AS card_id, card.token, card.fingerprint, card.usable_from,
                EXISTS (SELECT 1 FROM bill_difference
                        WHERE account_id = account.id AND closed_at IS NULL) AS unexplained,
                coalesce((SELECT owed_minor FROM writer_owes
                          WHERE account_id = account.id
                            AND currency = account.currency), 0) AS debt_minor,
                (SELECT count(*) FROM praise
                 WHERE account_id = account.id AND state = 'due') AS due,
                waiting.id AS waiting_id, waiting.state_reason AS waiting_reason
         FROM official_account AS account
         LEFT JOIN bank_card AS card ON card.account_id = account.id
           AND card.removed_at IS NULL AND card.provider = ?3
         LEFT JOIN payout AS waiting ON waiting.account_id = account.id
           AND waiting.state = 'waiting'
         WHERE account.id = ?1",
        [Value::from(account_id), ctx.now.into(), ctx.provider.name().into()],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}

/// Whether the account has had its payout of a day: queued, and not waiting any more.
async fn had_its_payout<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
    day: Day,
) -> Result<bool, DatabaseError> {
    let statement = Statement::new(
        "SELECT id FROM payout WHERE account_id = ?1 AND day = ?2 AND state <> 'waiting'",
        [Value::from(account_id), day.into()],
    );
    Ok(Results::from(ctx.db.batch(vec![statement]).await?).take().any())
}
