//! The addresses for search engines.

use serde::Deserialize;
use shared::calendar::Moment;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// How many rows of each table a part covers.
const PART: i64 = 1000;

/// A page that search engines may list.
pub enum Place {
    /// The account with this handle.
    Account(String),
    /// The article with this slug, and when it was last changed.
    Article(String, Moment),
}

/// Reads a part, counted from zero, and how many parts there are. A part holds the accounts and the
/// articles of a range of rows, so that reading one costs the same however many there are.
pub async fn read<D: Database>(db: &D, part: i64) -> Result<(Vec<Place>, i64), DatabaseError> {
    #[derive(Deserialize)]
    struct AccountRow {
        handle: String,
    }
    #[derive(Deserialize)]
    struct ArticleRow {
        slug: String,
        updated_at: i64,
    }
    #[derive(Deserialize)]
    struct Last {
        row: i64,
    }
    let (first, last) = (part * PART + 1, (part + 1) * PART);
    let statements = vec![
        Statement::new(
            "SELECT handle FROM official_account
             WHERE rowid BETWEEN ?1 AND ?2 AND status = 'active' ORDER BY rowid",
            [Value::from(first), last.into()],
        ),
        Statement::new(
            "SELECT slug, updated_at FROM article
             WHERE rowid BETWEEN ?1 AND ?2 AND status = 'published' ORDER BY rowid",
            [Value::from(first), last.into()],
        ),
        Statement::new(
            "SELECT max(coalesce((SELECT max(rowid) FROM article), 0),
                        coalesce((SELECT max(rowid) FROM official_account), 0)) AS row",
            [],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let accounts: Vec<AccountRow> = results.take().decode()?;
    let articles: Vec<ArticleRow> = results.take().decode()?;
    let last: Option<Last> = results.take().first()?;
    let accounts = accounts.into_iter().map(|row| Place::Account(row.handle));
    let articles =
        articles.into_iter().map(|row| Place::Article(row.slug, Moment::from_ms(row.updated_at)));
    let parts = last.map_or(0, |last| (last.row + PART - 1) / PART);
    Ok((accounts.chain(articles).collect(), parts))
}
