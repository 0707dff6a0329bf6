//! What a reader gave.

use serde::Deserialize;
use shared::api::{ArticleRef, Page, ReaderPraise};
use shared::calendar::Moment;
use shared::limits::LIST_PAGE;
use shared::machine::{PraiseState, Visibility};
use shared::money::{Currency, Money};

use super::{Cursor, page};
use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// The praises of this person, newest first.
pub async fn list<D: Database>(
    db: &D,
    person_id: &str,
    cursor: &Cursor,
) -> Result<Page<ReaderPraise>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        state: PraiseState,
        amount_minor: i64,
        currency: Currency,
        visibility: Visibility,
        note: Option<String>,
        paid_at: i64,
        booked_at: i64,
        due_at: i64,
        slug: String,
        title: String,
        account_name: String,
    }
    let statement = Statement::new(
        "SELECT praise.id, praise.state, praise.amount_minor, praise.currency, praise.visibility,
                praise.note, praise.paid_at, praise.booked_at, praise.due_at,
                article.slug, article.title, account.name AS account_name
         FROM praise
         JOIN article ON article.id = praise.article_id
         JOIN official_account AS account ON account.id = praise.account_id
         WHERE praise.person_id = ?1
           AND (praise.booked_at, praise.id) < (CAST(?2 AS INTEGER), ?3)
         ORDER BY praise.booked_at DESC, praise.id DESC LIMIT ?4",
        [
            Value::from(person_id),
            cursor.at.into(),
            (&cursor.id).into(),
            (LIST_PAGE as i64 + 1).into(),
        ],
    );
    let rows = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.booked_at, &row.id));
    let praise = |row: Row| ReaderPraise {
        id: row.id,
        state: row.state,
        amount: Money::new(row.amount_minor, row.currency),
        article: ArticleRef { slug: row.slug, title: row.title, account_name: row.account_name },
        visibility: row.visibility,
        note: row.note,
        paid_at: Moment::from_ms(row.paid_at),
        due_at: Moment::from_ms(row.due_at),
    };
    Ok(Page { items: rows.into_iter().map(praise).collect(), next_cursor })
}
