//! The sitemap in parts.

use std::collections::BTreeSet;

use edge::queries::sitemap::{self, Place};
use shared::money::Currency;

use crate::support::people::Fixture;

#[test]
fn parts_hold_each_published_article_and_each_account_once() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    let of = |table: &str, status: &str| {
        world.number(&format!("SELECT count(*) FROM {table} WHERE status = '{status}'"))
    };
    let (accounts, before) = (of("official_account", "active"), of("article", "published"));
    world.raw(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100)
         INSERT INTO article SELECT 'many-' || i, '{}', 'many-' || i, 'Many', NULL, 'en', 'Many.', 1,
           iif(i % 100 = 0, 'frozen', 'published'), i, i, 1 FROM n",
        account.id
    ));
    let read = |part| world.run(async |ctx| sitemap::read(ctx.db, part).await.unwrap());
    let mut articles = BTreeSet::new();
    let mut handles = BTreeSet::new();
    let (_, parts) = read(0);
    assert_eq!(parts, 3);
    for part in 0..=parts {
        let (places, _) = read(part);
        assert_eq!(places.is_empty(), part == parts, "part {part}");
        for place in places {
            let new = match place {
                Place::Account(handle) => handles.insert(handle),
                Place::Article(slug, _) => articles.insert(slug),
            };
            assert!(new, "listed twice");
        }
    }
    assert_eq!((handles.len() as i64, articles.len() as i64), (accounts, before + 2079));
    assert!(!articles.contains("many-100"), "an article under review is not listed");
    // They have no text, which the self-check would report.
    world.raw("DELETE FROM article WHERE id LIKE 'many-%'");
}
