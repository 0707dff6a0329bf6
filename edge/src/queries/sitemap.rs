//! The addresses for search engines.

use serde::Deserialize;
use shared::calendar::Moment;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// Addresses in a part of the sitemap.
pub const PART: i64 = 1000;

/// A page that search engines may list.
pub enum Place {
    /// The account with this handle.
    Account(String),
    /// The article with this slug, and when it was last changed.
    Article(String, Moment),
}

/// Reads a part, counted from zero, and how many places there are in all. Accounts come first; then
/// articles, the oldest first, so that a part that is full stays as it is.
pub async fn read<D: Database>(db: &D, part: i64) -> Result<(Vec<Place>, i64), DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        handle: Option<String>,
        slug: Option<String>,
        updated_at: Option<i64>,
    }
    #[derive(Deserialize)]
    struct All {
        places: i64,
    }
    let statements = vec![
        Statement::new(
            "SELECT handle, slug, updated_at FROM (
               SELECT 0 AS kind, created_at AS at, id, handle, NULL AS slug, NULL AS updated_at
               FROM official_account WHERE status = 'active'
               UNION ALL
               SELECT 1, published_at, id, NULL, slug, updated_at FROM article
               WHERE status = 'published')
             ORDER BY kind, at, id LIMIT ?1 OFFSET ?2",
            [Value::from(PART), (part * PART).into()],
        ),
        Statement::new(
            "SELECT (SELECT count(*) FROM official_account WHERE status = 'active')
                  + (SELECT count(*) FROM article WHERE status = 'published') AS places",
            [],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let rows: Vec<Row> = results.take().decode()?;
    let all: Option<All> = results.take().first()?;
    let place = |row: Row| match row {
        Row { handle: Some(handle), .. } => Some(Place::Account(handle)),
        Row { slug: Some(slug), updated_at: Some(at), .. } => {
            Some(Place::Article(slug, Moment::from_ms(at)))
        }
        _ => None,
    };
    Ok((rows.into_iter().filter_map(place).collect(), all.map_or(0, |all| all.places)))
}
