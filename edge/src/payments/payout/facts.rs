//! What the payout of an account depends on.

use serde::Deserialize;
use shared::calendar::{Day, Moment};
use shared::machine::WaitingReason;
use shared::money::Currency;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::limits::policy::policy_in_force;
use crate::provider::PaymentProvider;
use crate::queue::jobs::Next;

/// Praises of one payout at most.
pub const LINES_MAX: usize = 3000;

/// What an account's payout depends on.
#[derive(Debug, Deserialize)]
pub(super) struct PayoutFacts {
    pub(super) account_id: String,
    pub(super) name: String,
    pub(super) currency: Currency,
    pub(super) may_receive: i64,
    pub(super) card_id: Option<String>,
    pub(super) token: Option<String>,
    pub(super) fingerprint: Option<String>,
    pub(super) usable_from: Option<i64>,
    pub(super) unexplained: i64,
    pub(super) debt_minor: i64,
    /// All that is due, whether it can be claimed now or not.
    pub(super) due: i64,
    pub(super) waiting_id: Option<String>,
    pub(super) waiting_reason: Option<String>,
}

/// A card that money can be sent to.
pub(super) struct PayeeCard<'a> {
    pub(super) id: &'a str,
    pub(super) token: &'a str,
    pub(super) fingerprint: &'a str,
}

impl PayoutFacts {
    /// The card to pay to, or what has to be put right first.
    pub(super) fn card(&self, now: Moment) -> Result<PayeeCard<'_>, WaitingReason> {
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
        Ok(PayeeCard { id, token, fingerprint })
    }
}

/// When an account is looked at again for which nothing more can be done on this day.
pub(super) fn tomorrow(facts: &PayoutFacts, today: Day) -> Next {
    Next::At(today.plus(1).starts_at(facts.currency))
}

/// Reads what the payout of an account depends on; `None` if there is no such account.
pub(super) async fn find<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
) -> Result<Option<PayoutFacts>, DatabaseError> {
    let statement = Statement::new(
        concat!(
            "SELECT account.id AS account_id, account.name, account.currency,
                account.kind = 'individual' OR 'any' IS ",
            policy_in_force!("receivers", "account.currency", "?2"),
            " AS may_receive,
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
         WHERE account.id = ?1"
        ),
        [Value::from(account_id), ctx.now.into(), ctx.provider.name().into()],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}

/// Whether the account has had its payout of a day: queued, and not waiting any more.
pub(super) async fn had_its_payout<D: Database, P: PaymentProvider>(
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
