//! Invitations. A writer needs one to receive praise. An operator creates a code, which is shown
//! once. Redeeming it invites only this person, not the persons linked to them. Only the hash of a
//! code is stored.

use serde::Deserialize;
use shared::api::{Invitation, MadeInvitation, Page};
use shared::calendar::Moment;
use shared::id::{self, Kind};
use shared::limits::{
    INVITATION_DAYS, INVITATION_DAYS_MAX, INVITATION_NOTE_MAX_GRAPHEMES, LIST_PAGE,
};
use shared::problem::{Expected, Problem};
use shared::text::{self, TextError};

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::entropy::Entropy;
use crate::failure::Failure;
use crate::pagination::{Cursor, page};
use crate::people::identity::hash;

/// Creates an invitation that is valid for `days` (14 by default), with a note for the other
/// operators. The code in the result is not stored.
///
/// Refused: a note that is too long, a number of days that is out of bounds.
pub async fn make<D: Database>(
    db: &D,
    entropy: &dyn Entropy,
    now: Moment,
    operator_id: &str,
    note: Option<&str>,
    days: Option<i64>,
) -> Result<MadeInvitation, Failure> {
    let note = match text::clean(note.unwrap_or_default(), INVITATION_NOTE_MAX_GRAPHEMES) {
        Ok(note) => Some(note),
        Err(TextError::Empty) => None,
        Err(error) => return Err(Problem::Text { field: "note", error }.into()),
    };
    let days = days.unwrap_or(INVITATION_DAYS);
    if !(1..=INVITATION_DAYS_MAX).contains(&days) {
        let expected = Expected::INVITATION_DAYS;
        return Err(Problem::Field { field: "days", expected }.into());
    }
    let id = Kind::Invitation.id(entropy.bytes());
    let code = id::base32(entropy.bytes());
    let expires_at = now.plus_days(days);
    let statements = vec![
        Statement::new(
            "INSERT INTO invitation (id, code_hash, made_by, note, made_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            [
                Value::from(&id),
                hash(&code).into(),
                operator_id.into(),
                note.into(),
                now.into(),
                expires_at.into(),
            ],
        ),
        recorded("invitation.make", operator_id, &id, now),
    ];
    db.batch(statements).await?;
    Ok(MadeInvitation { id, code, expires_at })
}

/// Redeems a code: the person is invited from now on. Idempotent for the same person.
///
/// A code that is unknown, expired, revoked or used by another person is refused in the same way and
/// after the same work, so that a guess reveals nothing.
pub async fn redeem<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
    code: &str,
) -> Result<(), Failure> {
    let statements = vec![
        Statement::new(
            "UPDATE invitation
             SET used_by = coalesce(used_by, ?2), used_at = coalesce(used_at, ?3)
             WHERE code_hash = ?1 AND revoked_at IS NULL
               AND (used_by = ?2 OR (used_by IS NULL AND expires_at > ?3))",
            [Value::from(hash(&as_made(code))), person_id.into(), now.into()],
        ),
        Statement::must_change(1, "invitation"),
    ];
    match db.batch(statements).await {
        Err(DatabaseError::Guard(_)) => Err(Problem::InvitationOver.into()),
        other => Ok(other.map(drop)?),
    }
}

/// Revokes an invitation, used or not. An unused code becomes invalid; a person who used it receives
/// no new praise, and what was received before is still paid out. Idempotent.
pub async fn revoke<D: Database>(
    db: &D,
    now: Moment,
    operator_id: &str,
    invitation_id: &str,
) -> Result<(), Failure> {
    let statements = vec![
        Statement::new(
            "UPDATE invitation SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
            [Value::from(invitation_id), now.into()],
        ),
        recorded("invitation.revoke", operator_id, invitation_id, now),
        Statement::new("SELECT id FROM invitation WHERE id = ?1", [Value::from(invitation_id)]),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let (_, _, found) = (results.take(), results.take(), results.take());
    if found.any() { Ok(()) } else { Err(Problem::NotFound.into()) }
}

/// Lists all invitations, newest first.
pub async fn list<D: Database>(db: &D, cursor: &Cursor) -> Result<Page<Invitation>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        made_by: String,
        note: Option<String>,
        made_at: i64,
        expires_at: i64,
        used_by: Option<String>,
        used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
    let statement = Statement::new(
        "SELECT id, made_by, note, made_at, expires_at, used_by, used_at, revoked_at
         FROM invitation WHERE (made_at, id) < (CAST(?1 AS INTEGER), ?2)
         ORDER BY made_at DESC, id DESC LIMIT ?3",
        [Value::from(cursor.at()), cursor.id().into(), (LIST_PAGE as i64 + 1).into()],
    );
    let rows: Vec<Row> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.made_at, &row.id));
    let invitation = |row: Row| Invitation {
        id: row.id,
        made_by: row.made_by,
        note: row.note,
        made_at: Moment::from_ms(row.made_at),
        expires_at: Moment::from_ms(row.expires_at),
        used_by: row.used_by,
        used_at: row.used_at.map(Moment::from_ms),
        revoked_at: row.revoked_at.map(Moment::from_ms),
    };
    Ok(Page { items: rows.into_iter().map(invitation).collect(), next_cursor })
}

/// An audit entry that is stored only if the statement before it changed a row.
fn recorded(action: &str, operator_id: &str, invitation_id: &str, now: Moment) -> Statement {
    Statement::new(
        "INSERT INTO operator_audit (at, person_id, action, subject, detail)
         SELECT ?1, ?2, ?3, ?4, '{}' WHERE changes() = 1",
        [Value::from(now), operator_id.into(), action.into(), invitation_id.into()],
    )
}

/// Normalises a typed code: removes spaces and punctuation, and makes letters lower case.
fn as_made(typed: &str) -> String {
    typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}
