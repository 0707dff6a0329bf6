//! Reads a transfer of a payout.

use serde::Deserialize;
use shared::machine::PartState;
use shared::money::Currency;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::provider::PaymentProvider;

/// A transfer, with what its next state depends on.
#[derive(Debug, Deserialize)]
pub(super) struct TransferRow {
    pub part_id: String,
    pub payout_id: String,
    pub account_id: String,
    pub currency: Currency,
    pub state: PartState,
    pub state_at: i64,
    pub send_day: String,
    pub gross_minor: i64,
    pub debt_minor: i64,
    pub fingerprint: String,
    /// Why it must not be sent any more; `None` if it may be.
    pub drop_reason: Option<String>,
    /// The call to the provider; `None` if nothing was left to send after netting.
    pub body: Option<String>,
    /// How many praises it contains.
    pub lines: i64,
}

/// Finds a transfer of this provider by its part's id.
pub(super) async fn find<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part_id: &str,
) -> Result<Option<TransferRow>, DatabaseError> {
    let statement = Statement::new(
        "SELECT part.id AS part_id, part.payout_id, payout.account_id, payout.currency, part.state,
                part.state_at, part.send_day, part.gross_minor, part.debt_minor, card.fingerprint,
                outbox.body,
                CASE WHEN card.removed_at IS NOT NULL THEN 'card_removed'
                     WHEN account.status = 'suspended' THEN 'account_suspended'
                     WHEN EXISTS (
                       SELECT 1 FROM payout_line AS line
                       JOIN praise ON praise.id = line.praise_id
                       JOIN article ON article.id = praise.article_id
                       WHERE line.part_id = part.id AND line.released_at IS NULL
                         AND article.status = 'frozen'
                         AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = praise.id))
                       THEN 'article_frozen'
                     WHEN EXISTS (SELECT 1 FROM payout_in_doubt
                                  WHERE account_id = payout.account_id) THEN 'transfer_unclear'
                     END AS drop_reason,
                (SELECT count(*) FROM payout_line
                 WHERE part_id = part.id AND released_at IS NULL) AS lines
         FROM payout_part AS part
         JOIN payout ON payout.id = part.payout_id
         JOIN official_account AS account ON account.id = payout.account_id
         JOIN bank_card AS card ON card.id = payout.card_id
         LEFT JOIN outbox ON outbox.operation = 'pay_out' AND outbox.number = part.id
         WHERE part.id = ?1 AND payout.provider = ?2",
        [Value::from(part_id), ctx.provider.name().into()],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}
