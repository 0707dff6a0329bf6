//! Payments for a reader's attempts that did not become a praise: in suspense, being returned, or
//! returned.

use serde::Deserialize;
use shared::api::{ArticleRef, MoneyBack, MoneyBackOf, MoneyBackState, RefundRef};
use shared::calendar::Moment;
use shared::machine::RefundState;
use shared::money::{Currency, Money};

use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json};

/// The maximum number of payments in one list. Older ones are shown on the pages of their attempts.
const SHOWN: i64 = 20;

/// A payment as [`select!`] reads it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    amount_minor: i64,
    currency: Currency,
    paid_at: i64,
    expires_at: i64,
    reason: Option<String>,
    fate: String,
    lost: i64,
    sent_back_at: Option<i64>,
    refund_id: Option<String>,
    refund_state: Option<RefundState>,
    refund_at: Option<i64>,
}

/// SQL that selects payments which are not praises, each as a JSON object of [`Row`]. The arguments
/// are further columns and the text from JOIN or WHERE on. The refund is the latest one that is not
/// closed, because a closed refund was replaced.
macro_rules! select {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " json_object(
                'amount_minor', payment.amount_minor, 'currency', payment.currency,
                'paid_at', payment.paid_at, 'expires_at', attempt.expires_at,
                'fate', payment.fate,
                'reason', coalesce(c.reason, (
                   SELECT reason FROM event
                   WHERE machine = 'refund' AND subject_id = first.id AND from_state = '')),
                'lost', EXISTS (SELECT 1 FROM dispute
                                WHERE dispute.payment_id = payment.id AND dispute.state = 'lost'),
                'sent_back_at', first.created_at, 'refund_id', refund.id,
                'refund_state', refund.state, 'refund_at', refund.state_at) AS money
             FROM intent AS attempt
             JOIN payment ON payment.intent_id = attempt.id AND payment.fate <> 'praise'
             LEFT JOIN suspense_case AS c ON c.payment_id = payment.id
             LEFT JOIN refund AS first
               ON first.payment_id = payment.id AND first.replaces_id IS NULL
             LEFT JOIN refund ON refund.id = (
               SELECT one.id FROM refund AS one WHERE one.payment_id = payment.id
               ORDER BY one.state = 'closed', one.created_at DESC, one.id LIMIT 1) ",
            $rest
        )
    };
}
pub(crate) use select;

impl Row {
    /// Converts it to its API form.
    pub(crate) fn into_api(self) -> MoneyBack {
        let state = match (self.fate.as_str(), self.refund_state) {
            (_, Some(RefundState::Succeeded)) => MoneyBackState::Returned,
            _ if self.lost == 1 => MoneyBackState::BackByBank,
            ("suspense", _) => MoneyBackState::InReview,
            _ => MoneyBackState::Returning,
        };
        let returned_at = self.refund_at.filter(|_| state == MoneyBackState::Returned);
        let refund = match (self.refund_id, self.refund_state) {
            (Some(id), Some(state)) => Some(RefundRef { id, state }),
            _ => None,
        };
        // The code of a reader's own limit ends with the limit, `reader_own_day:5000`; cut it off.
        let mut reason = self.reason.unwrap_or_default();
        reason.truncate(reason.find(':').unwrap_or(reason.len()));
        MoneyBack {
            amount: Money::new(self.amount_minor, self.currency),
            paid_at: Moment::from_ms(self.paid_at),
            late: self.paid_at >= self.expires_at,
            reason,
            state,
            sent_back_at: self.sent_back_at.map(Moment::from_ms),
            returned_at: returned_at.map(Moment::from_ms),
            refund,
        }
    }
}

/// Lists this person's payments that did not become a praise, newest first, at most 20.
pub async fn list<D: Database>(db: &D, person_id: &str) -> Result<Vec<MoneyBackOf>, DatabaseError> {
    #[derive(Deserialize)]
    struct AttemptRow {
        intent_id: String,
        slug: String,
        title: String,
        account_name: String,
        money: String,
    }
    let statement = Statement::new(
        select!(
            "attempt.id AS intent_id, article.slug, article.title, account.name AS account_name,",
            "JOIN article ON article.id = attempt.article_id
             JOIN official_account AS account ON account.id = attempt.account_id
             WHERE attempt.id IN (
               SELECT id FROM intent INDEXED BY intent_money_back
               WHERE person_id = ?1 AND money_back_at IS NOT NULL
               ORDER BY money_back_at DESC LIMIT ?2)
             ORDER BY payment.booked_at DESC, payment.id LIMIT ?2"
        ),
        [Value::from(person_id), SHOWN.into()],
    );
    let rows: Vec<AttemptRow> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let convert = |row: AttemptRow| {
        let money: Row = from_json(&row.money)?;
        let AttemptRow { intent_id, slug, title, account_name, .. } = row;
        let article = ArticleRef { slug, title, account_name };
        Ok(MoneyBackOf { intent_id, article, money: money.into_api() })
    };
    rows.into_iter().map(convert).collect()
}
