//! Transfers to bank cards at the sandbox.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::money::Currency;

use super::{Sandbox, fault, unknown};
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::provider::{
    EventKind, Message, PayoutReport, PayoutRequest, ProviderError, SignedMessage,
};

/// How many queries a slow transfer takes to succeed.
const SLOW_QUESTIONS: i64 = 2;

/// How the receiver of a transfer reacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Confirms it.
    Confirm,
    /// Lets it expire.
    Lapse,
}

#[derive(Deserialize)]
struct Transfer {
    request: String,
    state: String,
    reason: Option<String>,
}

impl Transfer {
    fn report(self) -> PayoutReport {
        match self.state.as_str() {
            "succeeded" => PayoutReport::Succeeded,
            "failed" => PayoutReport::Failed { reason: self.reason.unwrap_or_default() },
            "sent_back" => PayoutReport::SentBack { reason: self.reason.unwrap_or_default() },
            "awaiting_confirmation" => PayoutReport::AwaitingConfirmation,
            _ => PayoutReport::Processing,
        }
    }
}

/// Sends money to a card. The same number with the same bytes is the same transfer. A transfer beyond
/// the card's daily limit fails.
pub(super) async fn pay_out<D: Database>(
    sandbox: &Sandbox<D>,
    body: &str,
    now: Moment,
) -> Result<PayoutReport, ProviderError> {
    let fault = fault::take(&sandbox.db, "pay_out").await.map_err(unknown)?;
    if fault.as_deref() == Some("lost") {
        return Err(ProviderError::Unknown("the request was lost".into()));
    }
    if fault.as_deref() == Some("no_balance") {
        return Err(ProviderError::Refused("the balance is too low".into()));
    }
    let request: PayoutRequest = serde_json::from_str(body)
        .map_err(|error| ProviderError::Refused(format!("unreadable request: {error}")))?;
    let (state, reason) = match fault.as_deref() {
        Some("refused") => ("failed", Some("card_refused")),
        Some("slow") => ("processing", None),
        Some("confirm") => ("awaiting_confirmation", None),
        _ => ("succeeded", None),
    };
    let currency = request.amount.currency;
    let insert = Statement::new(
        "INSERT INTO sandbox_payout (number, request, card, amount_minor, currency, day, at, state,
                                     reason, ended_at)
         SELECT ?1, ?2, ?3, CAST(?4 AS INTEGER), ?5, ?6, CAST(?7 AS INTEGER),
                iif(over, 'failed', ?8), iif(over, 'payee_day_limit', ?9),
                iif(over OR ?8 IN ('succeeded', 'failed'), CAST(?7 AS INTEGER), NULL)
         FROM (SELECT coalesce(sum(amount_minor), 0) + CAST(?4 AS INTEGER) > CAST(?10 AS INTEGER)
                      AS over
               FROM sandbox_payout
               WHERE card = ?3 AND currency = ?5 AND day = ?6 AND state <> 'failed')
         WHERE NOT EXISTS (SELECT 1 FROM sandbox_payout WHERE number = ?1)",
        [
            Value::from(&request.number),
            body.into(),
            (&request.card).into(),
            request.amount.minor.into(),
            currency.into(),
            now.day(currency).into(),
            now.into(),
            state.into(),
            reason.into(),
            payee_day_minor(currency).into(),
        ],
    );
    sandbox.db.batch(vec![insert]).await.map_err(unknown)?;
    let transfer = transfer(sandbox, &request.number).await.map_err(unknown)?;
    match transfer {
        Some(transfer) if transfer.request != body => {
            Err(ProviderError::Refused("the number belongs to another request".into()))
        }
        Some(_) if fault.as_deref() == Some("reply_lost") => {
            Err(ProviderError::Unknown("the reply was lost".into()))
        }
        Some(transfer) => Ok(transfer.report()),
        None => Err(ProviderError::Unknown("it was not written down".into())),
    }
}

/// Queries the state of a transfer. A slow one succeeds after enough queries.
pub(super) async fn query_payout<D: Database>(
    sandbox: &Sandbox<D>,
    number: &str,
    now: Moment,
) -> Result<PayoutReport, ProviderError> {
    if fault::take(&sandbox.db, "query_payout").await.map_err(unknown)?.is_some() {
        return Err(ProviderError::Unknown("the query was lost".into()));
    }
    let ask = Statement::new(
        "UPDATE sandbox_payout
         SET asked = asked + 1,
             state = iif(asked + 1 >= CAST(?2 AS INTEGER), 'succeeded', state),
             ended_at = iif(asked + 1 >= CAST(?2 AS INTEGER), CAST(?3 AS INTEGER), NULL)
         WHERE number = ?1 AND state = 'processing'",
        [Value::from(number), SLOW_QUESTIONS.into(), now.into()],
    );
    sandbox.db.batch(vec![ask]).await.map_err(unknown)?;
    let transfer = transfer(sandbox, number).await.map_err(unknown)?;
    transfer.map(Transfer::report).ok_or(ProviderError::NotFound)
}

impl<D: Database> Sandbox<D> {
    /// The receiver confirms a transfer, or lets it expire. Returns the message about it; `None` if no
    /// transfer of this number waits for a confirmation.
    pub async fn receipt(
        &self,
        number: &str,
        receipt: Receipt,
        now: Moment,
    ) -> Result<Option<SignedMessage>, DatabaseError> {
        let (state, reason) = match receipt {
            Receipt::Confirm => ("succeeded", None),
            Receipt::Lapse => ("failed", Some("not_confirmed")),
        };
        let end = Statement::new(
            "UPDATE sandbox_payout SET state = ?2, reason = ?3, ended_at = ?4
             WHERE number = ?1 AND state = 'awaiting_confirmation' RETURNING number",
            [Value::from(number), state.into(), reason.into(), now.into()],
        );
        if !Results::from(self.db.batch(vec![end]).await?).take().any() {
            return Ok(None);
        }
        let message = Message {
            event_id: format!("evt_{number}_{state}"),
            kind: EventKind::Payout { number: number.to_owned() },
        };
        self.sign(&message, now).map(Some)
    }
}

impl<D: Database> Sandbox<D> {
    /// The receiver's bank sends a transfer back that had arrived. Returns the message about it;
    /// `None` if no transfer of this number has arrived.
    pub async fn send_back(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<Option<SignedMessage>, DatabaseError> {
        let end = Statement::new(
            "UPDATE sandbox_payout SET state = 'sent_back', reason = 'account_closed',
                                       sent_back_at = ?2
             WHERE number = ?1 AND state = 'succeeded' RETURNING number",
            [Value::from(number), now.into()],
        );
        if !Results::from(self.db.batch(vec![end]).await?).take().any() {
            return Ok(None);
        }
        let message = Message {
            event_id: format!("evt_{number}_sent_back"),
            kind: EventKind::Payout { number: number.to_owned() },
        };
        self.sign(&message, now).map(Some)
    }
}

async fn transfer<D: Database>(
    sandbox: &Sandbox<D>,
    number: &str,
) -> Result<Option<Transfer>, DatabaseError> {
    let statement = Statement::new(
        "SELECT request, state, reason FROM sandbox_payout WHERE number = ?1",
        [Value::from(number)],
    );
    Results::from(sandbox.db.batch(vec![statement]).await?).take().first()
}

/// The most that one card can be sent in a day: ¥20,000 or $3,000.
pub(super) const fn payee_day_minor(currency: Currency) -> i64 {
    match currency {
        Currency::Cny => 2_000_000,
        Currency::Usd => 300_000,
    }
}
