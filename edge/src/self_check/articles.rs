//! Articles: what readers see is stored as a version.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[Check {
    name: "every article is stored as its newest version, with its text",
    steps: &[step!(of "article", "id")],
    sql: concat!(
        "SELECT article.id AS subject, 'version ' || article.version AS detail, article.account_id
         FROM article
         LEFT JOIN article_version AS newest
           ON newest.article_id = article.id AND newest.version = article.version
         WHERE ",
        within!("article.id"),
        " AND (newest.title IS NOT article.title OR newest.author IS NOT article.author
               OR newest.lang IS NOT article.lang OR newest.summary IS NOT article.summary
               OR (SELECT count(*) FROM article_text AS text
                   WHERE text.article_id = article.id AND text.version = article.version) <> 2)"
    ),
}];
