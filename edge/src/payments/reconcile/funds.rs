//! The operator's own money at the provider, from which the provider takes its fees. Two operators
//! book what is added, withdrawn or corrected: one proposes it with a reason, and another approves
//! exactly that.

use serde::Deserialize;
use serde_json::json;
use shared::api::reconciliation::FundsTransfer;
use shared::calendar::Moment;
use shared::id;
use shared::money::{Currency, MINOR_MAX, Money};
use shared::problem::{Expected, Problem};
use shared::text;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::digest::sha256;
use crate::failure::Failure;
use crate::payments::ledger::{self, Account};
use crate::people::operator::audit;
use crate::people::operator::tasks::REASON_MAX;
use crate::provider::PaymentProvider;
use crate::retry::{Round, retry};

/// The maximum length of a reference, in characters.
pub const REFERENCE_MAX: usize = 64;

/// A row of `funds_transfer`.
#[derive(Deserialize)]
struct StoredTransfer {
    id: String,
    provider: String,
    currency: Currency,
    amount_minor: i64,
    reference: String,
    reason: String,
    shown_hash: String,
    proposed_by: String,
    proposed_at: i64,
    approved_by: Option<String>,
    approved_at: Option<i64>,
    withdrawn_at: Option<i64>,
}

impl StoredTransfer {
    async fn read<D: Database>(db: &D, id: &str) -> Result<StoredTransfer, Failure> {
        let select =
            Statement::new("SELECT * FROM funds_transfer WHERE id = ?1", [Value::from(id)]);
        let read = db.batch(vec![select]).await?;
        Ok(Results::from(read).take().first()?.ok_or(Problem::NotFound)?)
    }

    fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    fn into_api(self) -> FundsTransfer {
        FundsTransfer {
            amount: self.amount(),
            id: self.id,
            reference: self.reference,
            reason: self.reason,
            shown_hash: self.shown_hash,
            proposed_by: self.proposed_by,
            proposed_at: Moment::from_ms(self.proposed_at),
            approved_by: self.approved_by,
            approved_at: self.approved_at.map(Moment::from_ms),
        }
    }
}

/// Proposes to book money that the operator has added at the provider, or withdrawn if `amount` is
/// negative, and returns the proposal. `reference` is the bank's or provider's id of that transfer.
/// A wrong entry is corrected by its opposite under another reference. Idempotent per reference.
///
/// Refused: a malformed reference, an amount of zero, a reason that is empty or too long, another
/// transfer under the same reference.
pub async fn propose<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    amount: Money,
    reference: &str,
    reason: &str,
) -> Result<FundsTransfer, Failure> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !(1..=REFERENCE_MAX).contains(&reference.len()) || !reference.bytes().all(plain) {
        let expected = Expected::FUNDS_REFERENCE;
        return Err(Problem::Field { field: "reference", expected }.into());
    }
    if amount.minor == 0 || !(-MINOR_MAX..=MINOR_MAX).contains(&amount.minor) {
        let expected = Expected::NOT_ZERO;
        return Err(Problem::Field { field: "amount", expected }.into());
    }
    let reason = text::clean(reason, REASON_MAX)
        .map_err(|error| Problem::Text { field: "reason", error })?;
    let provider = ctx.provider.name();
    let Money { minor, currency } = amount;
    let proposal = FundsTransfer {
        id: ctx.id(id::Kind::Action),
        amount,
        reference: reference.to_owned(),
        shown_hash: sha256(format!("{provider}\n{minor}\n{currency}\n{reference}\n{reason}")),
        reason,
        proposed_by: operator_id.to_owned(),
        proposed_at: ctx.now,
        approved_by: None,
        approved_at: None,
    };
    let detail = json!({ "action": proposal.id, "amount": amount, "reason": proposal.reason });
    let statements = vec![
        Statement::new(
            "INSERT INTO funds_transfer (id, provider, currency, amount_minor, reference, reason,
                                         shown_hash, proposed_by, proposed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            [
                Value::from(&proposal.id),
                provider.into(),
                currency.into(),
                minor.into(),
                reference.into(),
                (&proposal.reason).into(),
                (&proposal.shown_hash).into(),
                operator_id.into(),
                ctx.now.into(),
            ],
        ),
        audit(operator_id, "funds.propose", reference, &detail, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(proposal),
        Err(error) if error.rule() == Some("exists") => {
            let stored = by_reference(ctx.db, provider, reference).await?;
            stored
                .filter(|stored| {
                    stored.proposed_by == operator_id && stored.shown_hash == proposal.shown_hash
                })
                .map(StoredTransfer::into_api)
                .ok_or_else(|| Problem::Taken("reference").into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn by_reference<D: Database>(
    db: &D,
    provider: &str,
    reference: &str,
) -> Result<Option<StoredTransfer>, DatabaseError> {
    let select = Statement::new(
        "SELECT * FROM funds_transfer
         WHERE provider = ?1 AND reference = ?2 AND withdrawn_at IS NULL",
        [Value::from(provider), reference.into()],
    );
    Results::from(db.batch(vec![select]).await?).take().first()
}

/// Approves a proposal and books the money. Returns the transfer. Idempotent for the operator who
/// approved it.
///
/// Refused: a proposal that does not exist, is approved or withdrawn, or was shown with another
/// hash; an operator who is the same human as the proposer.
pub async fn approve<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    transfer_id: &str,
    shown_hash: &str,
) -> Result<FundsTransfer, Failure> {
    retry(format_args!("the funds {transfer_id}"), async || {
        let proposal = StoredTransfer::read(ctx.db, transfer_id).await?;
        if proposal.shown_hash != shown_hash {
            return Err(Problem::WrongState.into());
        }
        if proposal.approved_by.as_deref() == Some(operator_id) {
            return Ok(Round::Done(proposal.into_api()));
        }
        if proposal.approved_by.is_some() || proposal.withdrawn_at.is_some() {
            return Err(Problem::WrongState.into());
        }
        let mut statements = vec![
            Statement::new(
                "UPDATE funds_transfer SET approved_by = ?2, approved_at = ?3
                 WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
                [Value::from(transfer_id), operator_id.into(), ctx.now.into()],
            ),
            Statement::must_change(1, "action_state"),
        ];
        statements.extend(ledger::transfer(
            &format!("funds.transferred:{transfer_id}"),
            ctx.now,
            Account::ProviderSettled(&proposal.provider),
            Account::OperatorFunds,
            proposal.amount(),
        )?);
        let detail = json!({
            "action": transfer_id, "proposed_by": proposal.proposed_by,
            "amount": proposal.amount(), "reason": proposal.reason,
        });
        let action = if proposal.amount_minor > 0 { "funds.add" } else { "funds.withdraw" };
        statements.push(audit(operator_id, action, &proposal.reference, &detail, ctx.now));
        match ctx.db.batch(statements).await {
            Ok(_) => Ok(Round::Done(FundsTransfer {
                approved_by: Some(operator_id.to_owned()),
                approved_at: Some(ctx.now),
                ..proposal.into_api()
            })),
            Err(error) if error.rule() == Some("two_persons") => Err(Problem::TwoPersons.into()),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Withdraws a proposal; any operator may do so. Its reference is free again. Idempotent. Refused: a
/// proposal that does not exist or is approved.
pub async fn withdraw<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    transfer_id: &str,
) -> Result<(), Failure> {
    let proposal = StoredTransfer::read(ctx.db, transfer_id).await?;
    if proposal.withdrawn_at.is_some() {
        return Ok(());
    }
    let detail = json!({ "action": transfer_id });
    let statements = vec![
        Statement::new(
            "UPDATE funds_transfer SET withdrawn_at = ?2
             WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
            [Value::from(transfer_id), ctx.now.into()],
        ),
        Statement::must_change(1, "action_state"),
        audit(operator_id, "funds.cancel", &proposal.reference, &detail, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(()),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}
