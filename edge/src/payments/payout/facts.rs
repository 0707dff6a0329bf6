//! The rows that the payout of an account depends on.

use serde::Deserialize;
use shared::calendar::{Day, Moment};
use shared::machine::WaitingReason;
use shared::money::Currency;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::limits::policy::policy_in_force;
use crate::provider::PaymentProvider;
use crate::queue::jobs::Next;

/// The maximum number of praises in one payout, which bounds the batch that claims them.
pub const LINES_MAX: usize = 1000;

/// An account with its card, its debt and its waiting payout.
#[derive(Debug, Deserialize)]
pub(super) struct PayoutFacts {
    pub(super) account_id: String,
    pub(super) name: String,
    pub(super) currency: Currency,
    /// Whether the policy allows this kind of account (0 or 1).
    pub(super) may_receive: i64,
    pub(super) card_id: Option<String>,
    pub(super) token: Option<String>,
    pub(super) fingerprint: Option<String>,
    /// From when the card can be used, in Unix milliseconds.
    pub(super) usable_from: Option<i64>,
    /// Whether the account is suspended (0 or 1).
    pub(super) suspended: i64,
    /// Whether the card has to be confirmed by attaching it again (0 or 1).
    pub(super) unconfirmed: i64,
    /// Whether a difference with a bill is open (0 or 1).
    pub(super) unexplained: i64,
    /// Whether a transfer of the account that had failed may have arrived after all (0 or 1).
    pub(super) contradicted: i64,
    /// Whether the self-check has found something wrong that concerns the account (0 or 1).
    pub(super) inconsistent: i64,
    pub(super) debt_minor: i64,
    /// The number of due praises, including those that cannot be claimed now.
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
    /// Returns the card to pay to, or the reason why the payout has to wait.
    pub(super) fn card(&self, now: Moment) -> Result<PayeeCard<'_>, WaitingReason> {
        let (Some(id), Some(token), Some(fingerprint), Some(usable_from)) =
            (&self.card_id, &self.token, &self.fingerprint, self.usable_from)
        else {
            return Err(WaitingReason::NoCard);
        };
        if usable_from > now.ms() {
            return Err(WaitingReason::CardChanged);
        }
        if self.unconfirmed != 0 {
            return Err(WaitingReason::CardUnconfirmed);
        }
        if self.unexplained != 0 {
            return Err(WaitingReason::BillUnexplained);
        }
        if self.contradicted != 0 {
            return Err(WaitingReason::TransferUnclear);
        }
        if self.inconsistent != 0 {
            return Err(WaitingReason::RecordsInconsistent);
        }
        if self.suspended != 0 {
            return Err(WaitingReason::AccountSuspended);
        }
        if self.may_receive == 0 {
            return Err(WaitingReason::KindNotAllowed);
        }
        Ok(PayeeCard { id, token, fingerprint })
    }
}

/// Returns the start of the next day, when the job runs again if nothing more can be done today.
pub(super) fn next_day(facts: &PayoutFacts, today: Day) -> Next {
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
                account.status = 'suspended' AS suspended,
                EXISTS (SELECT 1 FROM card_unconfirmed WHERE card_id = card.id) AS unconfirmed,
                EXISTS (SELECT 1 FROM bill_difference
                        WHERE account_id = account.id AND closed_at IS NULL) AS unexplained,
                EXISTS (SELECT 1 FROM payout_in_doubt
                        WHERE account_id = account.id) AS contradicted,
                EXISTS (SELECT 1 FROM self_check_violation
                        WHERE account_id = account.id) AS inconsistent,
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
