//! The wall of an article: who praised it, never how much.

use serde::Deserialize;
use shared::api::{Wall, WallTile};
use shared::calendar::Moment;
use shared::limits::WALL_PAGE;
use shared::text;

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::pagination::{Cursor, page};

/// Reads a page of the wall of the article with this slug. `None` if there is no such article.
pub async fn read<D: Database>(
    db: &D,
    slug: &str,
    cursor: &Cursor,
) -> Result<Option<Wall>, DatabaseError> {
    #[derive(Deserialize)]
    struct Count {
        persons: i64,
        persons_public: i64,
    }
    #[derive(Deserialize)]
    struct Tile {
        public_at: i64,
        name: Option<String>,
    }
    // The cursor is a moment and the number of tiles of that moment already seen. A person's id in
    // the cursor would reveal who is behind a tile without a name.
    let seen = cursor.id().parse::<u16>().map_or(0, i64::from);
    let statements = vec![
        Statement::new(
            "SELECT coalesce(persons, 0) AS persons, coalesce(persons_public, 0) AS persons_public
             FROM article LEFT JOIN wall_count ON wall_count.article_id = article.id
             WHERE article.slug = ?1",
            [Value::from(slug)],
        ),
        Statement::new(
            "SELECT wall_person.public_at, person.name
             FROM wall_person JOIN person ON person.id = wall_person.person_id
             WHERE wall_person.article_id = (SELECT id FROM article WHERE slug = ?1)
               AND wall_person.public_at IS NOT NULL
               AND wall_person.public_at <= ?2
             ORDER BY wall_person.public_at DESC, wall_person.person_id DESC
             LIMIT CAST(?4 AS INTEGER) OFFSET CAST(?3 AS INTEGER)",
            [Value::from(slug), cursor.at().into(), seen.into(), (WALL_PAGE as i64 + 1).into()],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let Some(count) = results.take().first::<Count>()? else { return Ok(None) };
    let tiles = results.take().decode()?;
    let (tiles, more) = page(tiles, WALL_PAGE, |tile: &Tile| (tile.public_at, ""));
    let next_cursor = tiles.last().filter(|_| more.is_some()).map(|last| {
        let here = tiles.iter().filter(|tile| tile.public_at == last.public_at).count() as i64;
        let before = if cursor.at() == last.public_at { seen } else { 0 };
        Cursor::after(last.public_at, &(before + here).to_string())
    });
    let tile = |tile: Tile| WallTile {
        avatar: tile.name.as_deref().and_then(text::initial).map(str::to_owned),
        name: tile.name,
        praised_at: Moment::from_ms(tile.public_at),
    };
    Ok(Some(Wall {
        count: count.persons,
        anonymous_count: count.persons - count.persons_public,
        items: tiles.into_iter().map(tile).collect(),
        next_cursor,
    }))
}
