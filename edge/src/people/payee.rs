//! Bank cards of official accounts: attached, changed, removed. The record keeps what the provider
//! calls a card (token and fingerprint) and its last four digits, and nothing else of it.
//!
//! Accounts that are paid to one card belong to one human. Where that shows for the first time, the
//! batch that attaches the card makes their owners one human.

use serde::Deserialize;
use shared::api::AttachedCard;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::limits::CARD_WAIT_HOURS;
use shared::problem::Problem;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::provider::{Card, PaymentProvider, ProviderError};
use crate::queue::jobs::{self, JobKind};
use crate::retry::{Round, retry};

/// What an account's cards were so far.
#[derive(Deserialize)]
struct Standing {
    account_id: String,
    /// The card now attached.
    current_id: Option<String>,
    /// Fingerprint of the card that was attached last, still attached or not.
    last_fingerprint: Option<String>,
    last_usable_from: Option<i64>,
}

/// A human whose account is, or was, paid to this card, or whose account it is about to be.
#[derive(Deserialize)]
struct Human {
    human_id: String,
}

/// Attaches a card to an account of this person, instead of the one that is attached now; the same
/// card again changes nothing. Returns the card as it now stands.
///
/// A first card is paid to at once, and so is one that comes back after nothing but its removal; any
/// other card waits 72 hours, so that whoever got into an account cannot empty it unseen.
///
/// Refused: an account that is not this person's, a token that the provider does not know.
pub async fn attach<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    person_id: &str,
    handle: &str,
    token: &str,
) -> Result<AttachedCard, Failure> {
    // Nobody is told about a card who does not own the account.
    owned(ctx.db, person_id, handle).await?;
    let card = match ctx.provider.card(token, ctx.now).await {
        Ok(card) => card,
        Err(ProviderError::NotFound | ProviderError::Refused(_)) => {
            return Err(Problem::CardRefused.into());
        }
        Err(ProviderError::Unknown(cause)) => {
            crate::log::warn(&format!("card.unknown handle={handle} cause={cause}"));
            return Err(Problem::Unavailable.into());
        }
    };
    retry(format_args!("the payee of {handle}"), async || {
        let (standing, humans) = read(ctx.db, person_id, handle, &card.fingerprint).await?;
        let unchanged = standing.last_fingerprint.as_deref() == Some(&card.fingerprint);
        if standing.current_id.is_none() || !unchanged {
            match ctx.db.batch(change(ctx, &standing, &humans, token, &card)).await {
                Ok(_) => told(&humans),
                Err(DatabaseError::Rule(rule))
                    if matches!(rule.as_str(), "exists" | "card_of_another" | "person_link") =>
                {
                    return Ok(Round::Again);
                }
                Err(error) => return Err(error.into()),
            }
        }
        let attached = find(ctx.db, person_id, handle).await?.ok_or(Problem::NotFound)?;
        Ok(Round::Done(attached))
    })
    .await
}

/// Removes the card of an account of this person. Where there is none, nothing changes. Payouts on
/// their way go on; what becomes due waits for another card.
///
/// Refused: an account that is not this person's.
pub async fn remove<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
    handle: &str,
) -> Result<(), Failure> {
    let account_id = owned(db, person_id, handle).await?;
    let statement = Statement::new(
        "UPDATE bank_card SET removed_at = ?2 WHERE account_id = ?1 AND removed_at IS NULL",
        [Value::from(account_id), now.into()],
    );
    Ok(db.batch(vec![statement]).await.map(drop)?)
}

/// The card of an account, for its owner alone; `None` where there is no card or the account is
/// somebody else's.
pub async fn find<D: Database>(
    db: &D,
    person_id: &str,
    handle: &str,
) -> Result<Option<AttachedCard>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        last4: String,
        attached_at: i64,
        usable_from: i64,
    }
    let statement = Statement::new(
        "SELECT last4, attached_at, usable_from
         FROM official_account AS account
         JOIN bank_card ON bank_card.account_id = account.id AND bank_card.removed_at IS NULL
         WHERE account.handle = ?1 AND account.owner_id = ?2",
        [Value::from(handle), person_id.into()],
    );
    let row: Option<Row> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(row.map(|row| AttachedCard {
        last4: row.last4,
        attached_at: Moment::from_ms(row.attached_at),
        usable_from: Moment::from_ms(row.usable_from),
    }))
}

async fn owned<D: Database>(db: &D, person_id: &str, handle: &str) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    let statement = Statement::new(
        "SELECT id FROM official_account WHERE handle = ?1 AND owner_id = ?2",
        [Value::from(handle), person_id.into()],
    );
    let row: Option<Row> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(row.ok_or(Problem::NotFound)?.id)
}

/// The account's cards, and every human that this card belongs to: the oldest first, who stands for
/// all of them.
async fn read<D: Database>(
    db: &D,
    person_id: &str,
    handle: &str,
    fingerprint: &str,
) -> Result<(Standing, Vec<Human>), Failure> {
    let statements = vec![
        Statement::new(
            "SELECT account.id AS account_id, current.id AS current_id,
                    last.fingerprint AS last_fingerprint, last.usable_from AS last_usable_from
             FROM official_account AS account
             LEFT JOIN bank_card AS current
               ON current.account_id = account.id AND current.removed_at IS NULL
             LEFT JOIN bank_card AS last ON last.id = (
               SELECT id FROM bank_card WHERE account_id = account.id
               ORDER BY removed_at IS NULL DESC, attached_at DESC, removed_at DESC,
                        usable_from DESC, id LIMIT 1)
             WHERE account.handle = ?1 AND account.owner_id = ?2",
            [Value::from(handle), person_id.into()],
        ),
        Statement::new(
            "SELECT id AS human_id FROM person
             WHERE id IN (SELECT human_id FROM human WHERE person_id = ?1)
                OR id IN (SELECT human.human_id FROM bank_card
                          JOIN official_account AS account ON account.id = bank_card.account_id
                          JOIN human ON human.person_id = account.owner_id
                          WHERE bank_card.fingerprint = ?2)
             ORDER BY created_at, id",
            [Value::from(person_id), fingerprint.into()],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let standing = results.take().first()?.ok_or(Problem::NotFound)?;
    Ok((standing, results.take().decode()?))
}

/// The batch that removes the old card, makes its humans one, and attaches the new card.
fn change<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    standing: &Standing,
    humans: &[Human],
    token: &str,
    card: &Card,
) -> Vec<Statement> {
    let now = ctx.now;
    let mut statements = Vec::new();
    if let Some(current_id) = &standing.current_id {
        statements.push(Statement::new(
            "UPDATE bank_card SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL",
            [Value::from(current_id), now.into()],
        ));
        statements.push(Statement::must_change(1, "card_current"));
    }
    if let [oldest, others @ ..] = humans {
        statements.extend(others.iter().flat_map(|other| link(other, oldest, now)));
    }
    let usable_from = usable_from(standing, card, now);
    statements.push(Statement::new(
        "INSERT INTO bank_card (id, account_id, provider, token, fingerprint, last4, attached_at,
                                usable_from)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        [
            Value::from(ctx.id(Kind::Card)),
            (&standing.account_id).into(),
            ctx.provider.name().into(),
            token.into(),
            (&card.fingerprint).into(),
            (&card.last4).into(),
            now.into(),
            usable_from.into(),
        ],
    ));
    // What has waited for a card is looked at when this one may be paid to. Where nothing waits,
    // whatever becomes due wakes the job by itself.
    statements.push(Statement::new(
        jobs::wake_each!(
            "SELECT ?1, ?2, ?3
             WHERE EXISTS (SELECT 1 FROM praise WHERE account_id = ?2 AND state = 'due')
                OR EXISTS (SELECT 1 FROM payout WHERE account_id = ?2 AND state = 'waiting')"
        ),
        [JobKind::PayOut.into(), Value::from(&standing.account_id), usable_from.into()],
    ));
    statements
}

/// When a card begins to be paid to. One that comes back does not get around the rest of its time.
fn usable_from(standing: &Standing, card: &Card, now: Moment) -> Moment {
    match (&standing.last_fingerprint, standing.last_usable_from) {
        (None, _) | (_, None) => now,
        (Some(last), Some(usable_from)) if *last == card.fingerprint => {
            now.max(Moment::from_ms(usable_from))
        }
        _ => now.plus_minutes(CARD_WAIT_HOURS * 60),
    }
}

/// Makes a human part of another one: first the persons it stood for, then itself.
fn link(human: &Human, oldest: &Human, now: Moment) -> [Statement; 3] {
    let values = [Value::from(&human.human_id), (&oldest.human_id).into(), now.into()];
    [
        Statement::new(
            "UPDATE person SET human_id = ?2, linked_at = ?3 WHERE human_id = ?1",
            values.clone(),
        ),
        Statement::new(
            "UPDATE person SET human_id = ?2, linked_at = ?3 WHERE id = ?1 AND human_id IS NULL",
            values,
        ),
        Statement::must_change(1, "human"),
    ]
}

/// Two who were taken for two people are one: somebody may want to look at that.
fn told(humans: &[Human]) {
    if let [oldest, others @ ..] = humans {
        for other in others {
            let (other, oldest) = (&other.human_id, &oldest.human_id);
            crate::log::warn(&format!("human.linked person={other} human={oldest} by=card"));
        }
    }
}
