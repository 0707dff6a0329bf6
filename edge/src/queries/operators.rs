//! The operators' audit log and their open tasks.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use shared::api::Page;
use shared::calendar::Moment;
use shared::limits::LIST_PAGE;
use shared::problem::Problem;

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::pagination::{Cursor, page};

/// Something that an operator did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
    /// Who: `per_…`
    pub operator_id: String,
    /// Name of that person now.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub operator_name: Option<String>,
    /// What, as `freeze.open`.
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    /// What else is worth knowing; its fields depend on the action.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub detail: Json,
}

/// What waits for an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorTask {
    /// `suspense`, `contradicted`, `refund_abnormal`, `dispute`, `bill_difference`,
    /// `bill_missing`, `payout_unknown`, `payout_contradicted`, `job_failed` or `self_check`.
    pub kind: String,
    /// The id of what it is about.
    pub subject_id: String,
    /// What is to be decided.
    pub detail: String,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Moment,
    /// Until when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub deadline: Moment,
}

/// Lists the actions of operators, newest first.
pub async fn list_audit<D: Database>(
    db: &D,
    cursor: &Cursor,
) -> Result<Page<AuditEntry>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: i64,
        at: i64,
        person_id: String,
        name: Option<String>,
        action: String,
        subject: String,
        detail: String,
    }
    // The cursor is the row's id, because several rows can share a moment.
    let statement = Statement::new(
        "SELECT audit.id, audit.at, audit.person_id, person.name, audit.action, audit.subject,
                audit.detail
         FROM operator_audit AS audit JOIN person ON person.id = audit.person_id
         WHERE audit.id < CAST(?1 AS INTEGER) ORDER BY audit.id DESC LIMIT ?2",
        [Value::from(cursor.at()), (LIST_PAGE as i64 + 1).into()],
    );
    let rows = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.id, ""));
    let entry = |row: Row| AuditEntry {
        at: Moment::from_ms(row.at),
        operator_id: row.person_id,
        operator_name: row.name,
        action: row.action,
        subject: row.subject,
        // The schema stores nothing but JSON.
        detail: serde_json::from_str(&row.detail).unwrap_or(Json::Null),
    };
    Ok(Page { items: rows.into_iter().map(entry).collect(), next_cursor })
}

/// Parses the cursor of a list in ascending order, where `None` is the position before every row.
///
/// # Errors
///
/// As [`Cursor::parse`].
pub fn parse_ascending_cursor(text: Option<&str>) -> Result<Cursor, Problem> {
    Cursor::parse(text.or(Some("0.")))
}

/// Lists the open tasks, the earliest deadline first.
pub async fn list_tasks<D: Database>(
    db: &D,
    cursor: &Cursor,
) -> Result<Page<OperatorTask>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        place: String,
        kind: String,
        subject_id: String,
        detail: String,
        opened_at: i64,
        deadline: i64,
    }
    let statement = Statement::new(
        "SELECT subject_id || '_' || kind AS place, kind, subject_id, detail, opened_at, deadline
         FROM operator_task
         WHERE closed_at IS NULL AND deadline >= CAST(?1 AS INTEGER)
           AND (deadline, subject_id || '_' || kind) > (CAST(?1 AS INTEGER), ?2)
         ORDER BY deadline, place LIMIT ?3",
        [Value::from(cursor.at()), cursor.id().into(), (LIST_PAGE as i64 + 1).into()],
    );
    let rows = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.deadline, &row.place));
    let task = |row: Row| OperatorTask {
        kind: row.kind,
        subject_id: row.subject_id,
        detail: row.detail,
        opened_at: Moment::from_ms(row.opened_at),
        deadline: Moment::from_ms(row.deadline),
    };
    Ok(Page { items: rows.into_iter().map(task).collect(), next_cursor })
}
