//! Money that arrived for a reader's attempts and did not become a praise: in suspense, on its way
//! back, or back.

use serde::Deserialize;
use shared::api::{ArticleRef, MoneyBack, MoneyBackOf, MoneyBackState, RefundRef};
use shared::calendar::Moment;
use shared::machine::RefundState;
use shared::money::{Currency, Money};

use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json};

/// Payments that one list holds; older ones are on the pages of their attempts.
const SHOWN: i64 = 20;

/// One payment as [`select!`] reads it.
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

/// A JSON object of a payment that is no praise, as [`Row`], with the tables it comes from. The
/// refund is the one that counts: a closed one was replaced.
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
    /// As its reader sees it.
    pub(crate) fn shown(self) -> MoneyBack {
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
        // The number of a limit of the reader's own is for its words.
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

/// What of this person's money is no praise, newest first.
pub async fn list<D: Database>(db: &D, person_id: &str) -> Result<Vec<MoneyBackOf>, DatabaseError> {
    #[derive(Deserialize)]
    struct Of {
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
             WHERE attempt.person_id = ?1
             ORDER BY payment.booked_at DESC, payment.id LIMIT ?2"
        ),
        [Value::from(person_id), SHOWN.into()],
    );
    let rows: Vec<Of> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let of = |row: Of| {
        let money: Row = from_json(&row.money)?;
        let Of { intent_id, slug, title, account_name, .. } = row;
        let article = ArticleRef { slug, title, account_name };
        Ok(MoneyBackOf { intent_id, article, money: money.shown() })
    };
    rows.into_iter().map(of).collect()
}
