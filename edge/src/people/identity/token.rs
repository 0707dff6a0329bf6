//! Tokens for a writer's own programs: one scope, hashed at rest, shown once, valid for a year,
//! revocable.

use serde::Deserialize;
use shared::api::{CreatedToken, TokenRef};
use shared::calendar::Moment;
use shared::id::{self, Kind};
use shared::limits::{TOKEN_DAYS, TOKENS_MAX};
use shared::problem::Problem;
use shared::text;

use super::hash;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::entropy::Entropy;
use crate::failure::Failure;

/// The only scope so far: publishing articles.
pub const PUBLISH: &str = "publish";

/// The prefix of every token, so that scanners recognise a leaked one.
const PREFIX: &str = "praise_";

/// The maximum length of a label, in graphemes.
const LABEL_MAX_GRAPHEMES: usize = 24;

/// Creates a token for a person.
///
/// Refused: a label that is empty or too long, a person who has ten valid tokens.
pub async fn create<D: Database>(
    db: &D,
    entropy: &dyn Entropy,
    now: Moment,
    person_id: &str,
    label: &str,
) -> Result<CreatedToken, Failure> {
    let label = text::clean_line(label, LABEL_MAX_GRAPHEMES)
        .map_err(|error| Problem::Text { field: "label", error })?;
    let id = Kind::Token.id(entropy.bytes());
    let token = format!("{PREFIX}{}{}", id::base32(entropy.bytes()), id::base32(entropy.bytes()));
    let expires_at = now.plus_days(TOKEN_DAYS);
    let statement = Statement::new(
        "INSERT INTO api_token (id, token_hash, person_id, scope, label, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [
            Value::from(&id),
            hash(&token).into(),
            person_id.into(),
            PUBLISH.into(),
            label.into(),
            now.into(),
            expires_at.into(),
        ],
    );
    match db.batch(vec![statement]).await {
        Ok(_) => Ok(CreatedToken { id, token, scope: PUBLISH.to_owned(), expires_at }),
        Err(error) if error.rule() == Some("too_many_tokens") => {
            Err(Problem::TooManyTokens(TOKENS_MAX).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Lists the tokens of a person that are still valid, newest first.
pub async fn list<D: Database>(
    db: &D,
    person_id: &str,
    now: Moment,
) -> Result<Vec<TokenRef>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        label: String,
        scope: String,
        created_at: i64,
        expires_at: i64,
    }
    let statement = Statement::new(
        "SELECT id, label, scope, created_at, expires_at FROM api_token
         WHERE person_id = ?1 AND revoked_at IS NULL AND expires_at > CAST(?2 AS INTEGER)
         ORDER BY created_at DESC, id",
        [Value::from(person_id), now.into()],
    );
    let rows: Vec<Row> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let token = |row: Row| TokenRef {
        id: row.id,
        label: row.label,
        scope: row.scope,
        created_at: Moment::from_ms(row.created_at),
        expires_at: Moment::from_ms(row.expires_at),
    };
    Ok(rows.into_iter().map(token).collect())
}

/// Revokes a token of this person. Somebody else's token is not found.
pub async fn revoke<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
    token_id: &str,
) -> Result<(), Failure> {
    let statements = vec![
        Statement::new(
            "UPDATE api_token SET revoked_at = ?3
             WHERE id = ?1 AND person_id = ?2 AND revoked_at IS NULL",
            [Value::from(token_id), person_id.into(), now.into()],
        ),
        Statement::must_change(1, "own_token"),
    ];
    match db.batch(statements).await {
        Err(DatabaseError::Guard(_)) => Err(Problem::NotFound.into()),
        other => Ok(other.map(drop)?),
    }
}

/// Finds the person that a valid token of this scope belongs to.
pub async fn person<D: Database>(
    db: &D,
    token: &str,
    scope: &str,
    now: Moment,
) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        person_id: String,
    }
    let statement = Statement::new(
        "SELECT person_id FROM api_token
         WHERE token_hash = ?1 AND scope = ?2 AND revoked_at IS NULL
           AND expires_at > CAST(?3 AS INTEGER)",
        [Value::from(hash(token)), scope.into(), now.into()],
    );
    let row: Option<Row> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(row.map(|row| row.person_id))
}
