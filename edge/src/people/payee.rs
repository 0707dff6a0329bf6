//! Payees: the bank cards that official accounts are paid to. The database keeps the provider's token
//! and fingerprint of a card and its last four digits, and nothing else about it.
//!
//! Persons who are paid to the same verified card are one human. The batch that attaches a card links
//! them if they were not linked before. An unverified card makes no link, because its number may be
//! that of another person's card.

use serde::Deserialize;
use shared::api::AttachedCard;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::limits::CARD_WAIT_HOURS;
use shared::problem::Problem;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::people::link::NewLinks;
use crate::people::operator::Operators;
use crate::provider::{Card, PaymentProvider, ProviderError};
use crate::queue::jobs::{self, JobKind};
use crate::retry::{Round, retry};

/// The cards that an account has had.
#[derive(Deserialize)]
struct AccountCards {
    account_id: String,
    /// The card that is attached now.
    current_id: Option<String>,
    /// The fingerprint of the card that was attached last, whether or not it still is.
    last_fingerprint: Option<String>,
    last_verified: Option<i64>,
    last_usable_from: Option<i64>,
    /// Whether the current card has to be confirmed by attaching it again (0 or 1).
    unconfirmed: i64,
}

/// Attaches a card to an account of this person, in place of the current one. Attaching the same card
/// again changes nothing, except that it confirms a card from which a payout was sent back. Returns
/// the attached card.
///
/// The first card can be paid to at once. The card that was removed last keeps what is left of its
/// wait. Any other card waits 72 hours, so that a thief in an account cannot empty it unnoticed.
///
/// A link between two of the `operators` is stored with the card and waits for a confirmation.
///
/// Refused: an account of another person (not found), a token that the provider does not know.
pub async fn attach<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operators: &Operators,
    person_id: &str,
    handle: &str,
    token: &str,
) -> Result<AttachedCard, Failure> {
    // Ownership is checked first: nobody else may learn whether a card token is valid.
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
        let cards = read(ctx.db, person_id, handle).await?;
        let unchanged = cards.last_fingerprint.as_deref() == Some(&card.fingerprint)
            && cards.last_verified == Some(i64::from(card.verified))
            && cards.unconfirmed == 0;
        if cards.current_id.is_none() || !unchanged {
            let links = if card.verified {
                let (db, provider) = (ctx.db, ctx.provider.name());
                Some(NewLinks::find(db, operators, person_id, provider, &card.fingerprint).await?)
            } else {
                None
            };
            match ctx.db.batch(change(ctx, &cards, links.as_ref(), token, &card)?).await {
                Ok(_) => links.iter().for_each(NewLinks::log),
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

/// Removes the card of an account of this person, if it has one. A payout that has not been sent yet
/// is dropped, one that was sent is not affected, and what is due waits for another card.
///
/// Refused: an account of somebody else (not found).
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

/// Finds the card of an account, for its owner only. `None` if there is no card, or if the account is
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

/// Reads the account's cards.
async fn read<D: Database>(db: &D, person_id: &str, handle: &str) -> Result<AccountCards, Failure> {
    let statement = Statement::new(
        "SELECT account.id AS account_id, current.id AS current_id,
                last.fingerprint AS last_fingerprint, last.verified AS last_verified,
                last.usable_from AS last_usable_from,
                EXISTS (SELECT 1 FROM card_unconfirmed WHERE card_id = current.id) AS unconfirmed
         FROM official_account AS account
         LEFT JOIN bank_card AS current
           ON current.account_id = account.id AND current.removed_at IS NULL
         LEFT JOIN bank_card AS last ON last.id = (
           SELECT id FROM bank_card WHERE account_id = account.id
           ORDER BY removed_at IS NULL DESC, attached_at DESC, removed_at DESC,
                    usable_from DESC, id LIMIT 1)
         WHERE account.handle = ?1 AND account.owner_id = ?2",
        [Value::from(handle), person_id.into()],
    );
    let cards = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(cards.ok_or(Problem::NotFound)?)
}

/// The batch that removes the old card, stores the links that the new card makes, and attaches it.
fn change<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    cards: &AccountCards,
    links: Option<&NewLinks>,
    token: &str,
    card: &Card,
) -> Result<Vec<Statement>, DatabaseError> {
    let now = ctx.now;
    let mut statements = Vec::new();
    if let Some(current_id) = &cards.current_id {
        statements.push(Statement::new(
            "UPDATE bank_card SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL",
            [Value::from(current_id), now.into()],
        ));
        statements.push(Statement::must_change(1, "card_current"));
    }
    if let Some(links) = links {
        statements.extend(links.statements(ctx)?);
    }
    let usable_from = usable_from(cards, card, now);
    statements.push(Statement::new(
        "INSERT INTO bank_card (id, account_id, provider, token, fingerprint, last4, verified,
                                attached_at, usable_from)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        [
            Value::from(ctx.id(Kind::Card)),
            (&cards.account_id).into(),
            ctx.provider.name().into(),
            token.into(),
            (&card.fingerprint).into(),
            (&card.last4).into(),
            i64::from(card.verified).into(),
            now.into(),
            usable_from.into(),
        ],
    ));
    // Payouts that wait for a card are tried again as soon as this one can be used. If nothing waits,
    // the next praise that falls due wakes the job.
    statements.push(Statement::new(
        jobs::wake_each!(
            "SELECT ?1, ?2, ?3
             WHERE EXISTS (SELECT 1 FROM praise WHERE account_id = ?2 AND state = 'due')
                OR EXISTS (SELECT 1 FROM payout WHERE account_id = ?2 AND state = 'waiting')"
        ),
        [JobKind::PayOut.into(), Value::from(&cards.account_id), usable_from.into()],
    ));
    Ok(statements)
}

/// When a card can be used. Removing a card and attaching it again does not shorten its wait.
fn usable_from(cards: &AccountCards, card: &Card, now: Moment) -> Moment {
    match (&cards.last_fingerprint, cards.last_usable_from) {
        (None, _) | (_, None) => now,
        (Some(last), Some(usable_from)) if *last == card.fingerprint => {
            now.max(Moment::from_ms(usable_from))
        }
        _ => now.plus_minutes(CARD_WAIT_HOURS * 60),
    }
}
