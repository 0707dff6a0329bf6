//! The provider's bills for operators: each day, the differences from our books with how they are
//! explained, and the operator's own funds.

use serde::{Deserialize, Serialize};
use shared::api::Page;
use shared::api::reconciliation::{Explanation, ExplanationPosting, FundsTransfer, OurRow};
use shared::calendar::Moment;
use shared::limits::LIST_PAGE;
use shared::money::{Currency, Money};

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::pagination::{Cursor, page};

/// A day of a currency, and how far its bill is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BillDay {
    /// Whose bill it is.
    pub currency: Currency,
    /// The currency's own calendar day: `2026-11-22`
    pub day: String,
    /// `waiting` for the bill, `missing` for more than a day, `working` on it, or `worked`.
    pub state: String,
    /// When it is looked at next; nothing once it is worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub next_at: Option<Moment>,
    /// Rows of the bill.
    pub rows: i64,
    /// Those that we booked as well.
    pub matched: i64,
    /// Those that may still be matched.
    pub open: i64,
    /// Those that differ, explained or not.
    pub differences: i64,
}

/// What only one side knows, or both know differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// `dif_…`
    pub id: String,
    /// `only_ours`, `only_theirs`, `amount_differs` or `duplicate`.
    pub kind: String,
    /// `payment`, `refund`, `payout`, `payout_returned`, `dispute` or `dispute_won`; `other` for a kind
    /// that the product does not know.
    pub movement: String,
    /// The provider's own word for the kind of the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_kind: Option<String>,
    /// The day of the bill that has the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// Its number on the bill.
    pub number: String,
    /// What we booked; of a duplicate, what the first row said. What came in is positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<Money>,
    /// What the bill says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Money>,
    /// The provider's fee of the row; negative where a fee was given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
    /// The official account whose payouts wait for an explanation, as its handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Moment,
    /// Since when it is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub closed_at: Option<Moment>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// Its explanation: proposed by one operator and, once the difference is closed, approved by
    /// another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Explanation>,
}

/// Lists every day that has or awaits a bill, the latest first.
pub async fn list_days<D: Database>(
    db: &D,
    cursor: &Cursor,
) -> Result<Page<BillDay>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        place: i64,
        currency: Currency,
        day: String,
        due_at: i64,
        row_count: Option<i64>,
        worked_at: Option<i64>,
        is_missing: i64,
        matched: i64,
        open: i64,
        differences: i64,
    }
    let statement = Statement::new(
        "SELECT d.place, d.currency, d.day, d.due_at, bill.row_count, bill.worked_at,
                EXISTS (SELECT 1 FROM operator_task AS task
                        WHERE task.kind = 'bill_missing' AND task.closed_at IS NULL
                          AND task.subject_id = d.currency || ':' || d.day) AS is_missing,
                count(r.line) FILTER (WHERE r.state = 'matched') AS matched,
                count(r.line) FILTER (WHERE r.state = 'open') AS open,
                count(r.line) FILTER (WHERE r.state IN ('difference', 'explained')) AS differences
         FROM (SELECT * FROM (
                 SELECT substr(subject_id, 1, 3) AS currency, substr(subject_id, 5) AS day,
                        unixepoch(substr(subject_id, 5)) * 1000 AS place, due_at
                 FROM job WHERE kind = 'reconcile')
               WHERE (place, currency) < (CAST(?1 AS INTEGER), ?2)
               ORDER BY place DESC, currency DESC LIMIT ?3) AS d
         LEFT JOIN bill ON bill.currency = d.currency AND bill.day = d.day
         LEFT JOIN bill_row AS r ON r.provider = bill.provider AND r.currency = d.currency
           AND r.day = d.day
         GROUP BY d.place, d.currency ORDER BY d.place DESC, d.currency DESC",
        [Value::from(cursor.at()), cursor.id().into(), (LIST_PAGE as i64 + 1).into()],
    );
    let rows = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.place, row.currency.code()));
    let day = |row: Row| BillDay {
        currency: row.currency,
        day: row.day,
        state: match (row.row_count, row.worked_at) {
            (None, _) if row.is_missing == 1 => "missing",
            (None, _) => "waiting",
            (Some(_), None) => "working",
            (Some(_), Some(_)) => "worked",
        }
        .to_owned(),
        next_at: row.worked_at.is_none().then(|| Moment::from_ms(row.due_at)),
        rows: row.row_count.unwrap_or(0),
        matched: row.matched,
        open: row.open,
        differences: row.differences,
    };
    Ok(Page { items: rows.into_iter().map(day).collect(), next_cursor })
}

/// Lists every difference, explained or not, the latest first.
pub async fn list_differences<D: Database>(
    db: &D,
    cursor: &Cursor,
) -> Result<Page<Difference>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        kind: String,
        movement_kind: String,
        number: String,
        currency: Currency,
        ours_minor: Option<i64>,
        theirs_minor: Option<i64>,
        handle: Option<String>,
        opened_at: i64,
        closed_at: Option<i64>,
        explanation: Option<String>,
        provider_kind: Option<String>,
        day: Option<String>,
        fee_minor: Option<i64>,
        proposal_id: Option<String>,
        posting: Option<ExplanationPosting>,
        amount_minor: Option<i64>,
        belongs_kind: Option<String>,
        belongs_number: Option<String>,
        reason: Option<String>,
        shown_hash: Option<String>,
        proposed_by: Option<String>,
        proposed_at: Option<i64>,
    }
    impl Row {
        fn proposal(&self) -> Option<Explanation> {
            let belongs_to = self.belongs_kind.clone().zip(self.belongs_number.clone());
            Some(Explanation {
                id: self.proposal_id.clone()?,
                difference_id: self.id.clone(),
                posting: self.posting?,
                amount: Money::new(self.amount_minor?, self.currency),
                belongs_to: belongs_to.map(|(kind, number)| OurRow { kind, number }),
                reason: self.reason.clone()?,
                shown_hash: self.shown_hash.clone()?,
                proposed_by: self.proposed_by.clone()?,
                proposed_at: Moment::from_ms(self.proposed_at?),
            })
        }
    }
    let statement = Statement::new(
        "SELECT d.id, d.kind, d.movement_kind, d.number, d.currency, d.ours_minor, d.theirs_minor,
                account.handle, d.opened_at, d.closed_at, d.explanation, d.day, r.provider_kind,
                r.fee_minor, e.id AS proposal_id, e.posting, e.amount_minor, e.belongs_kind,
                e.belongs_number, e.reason, e.shown_hash, e.proposed_by, e.proposed_at
         FROM bill_difference AS d
         LEFT JOIN bill_row AS r ON r.provider = d.provider AND r.currency = d.currency
           AND r.day = d.day AND r.line = d.line
         LEFT JOIN bill_explanation AS e ON e.difference_id = d.id AND e.withdrawn_at IS NULL
         LEFT JOIN official_account AS account ON account.id = d.account_id
         WHERE (d.opened_at, d.id) < (CAST(?1 AS INTEGER), ?2)
         ORDER BY d.opened_at DESC, d.id DESC LIMIT ?3",
        [Value::from(cursor.at()), cursor.id().into(), (LIST_PAGE as i64 + 1).into()],
    );
    let rows = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.opened_at, &row.id));
    let difference = |row: Row| {
        let money = |minor: i64| Money::new(minor, row.currency);
        Difference {
            proposal: row.proposal(),
            provider_kind: row.provider_kind,
            day: row.day,
            fee: row.fee_minor.map(money),
            id: row.id,
            kind: row.kind,
            movement: row.movement_kind,
            number: row.number,
            ours: row.ours_minor.map(money),
            theirs: row.theirs_minor.map(money),
            account: row.handle,
            opened_at: Moment::from_ms(row.opened_at),
            closed_at: row.closed_at.map(Moment::from_ms),
            explanation: row.explanation,
        }
    };
    Ok(Page { items: rows.into_iter().map(difference).collect(), next_cursor })
}

/// Lists the transfers of the operator's own money, booked or proposed, the latest first.
pub async fn list_funds<D: Database>(
    db: &D,
    cursor: &Cursor,
) -> Result<Page<FundsTransfer>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        currency: Currency,
        amount_minor: i64,
        reference: String,
        reason: String,
        shown_hash: String,
        proposed_by: String,
        proposed_at: i64,
        approved_by: Option<String>,
        approved_at: Option<i64>,
    }
    let statement = Statement::new(
        "SELECT id, currency, amount_minor, reference, reason, shown_hash, proposed_by, proposed_at,
                approved_by, approved_at
         FROM funds_transfer
         WHERE withdrawn_at IS NULL AND (proposed_at, id) < (CAST(?1 AS INTEGER), ?2)
         ORDER BY proposed_at DESC, id DESC LIMIT ?3",
        [Value::from(cursor.at()), cursor.id().into(), (LIST_PAGE as i64 + 1).into()],
    );
    let rows = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.proposed_at, &row.id));
    let transfer = |row: Row| FundsTransfer {
        id: row.id,
        amount: Money::new(row.amount_minor, row.currency),
        reference: row.reference,
        reason: row.reason,
        shown_hash: row.shown_hash,
        proposed_by: row.proposed_by,
        proposed_at: Moment::from_ms(row.proposed_at),
        approved_by: row.approved_by,
        approved_at: row.approved_at.map(Moment::from_ms),
    };
    Ok(Page { items: rows.into_iter().map(transfer).collect(), next_cursor })
}
