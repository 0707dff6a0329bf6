//! Freezes: each agrees with its article and the praises it holds.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "an article is frozen exactly while a freeze says so",
        steps: &[step!(of "article", "id")],
        sql: concat!(
            "SELECT article.id AS subject, 'status ' || article.status AS detail FROM article
             WHERE ",
            within!("article.id"),
            " AND (article.status = 'frozen') <> EXISTS (
               SELECT 1 FROM freeze WHERE article_id = article.id AND state <> 'lifted')"
        ),
    },
    Check {
        name: "no freeze waits without a job that moves it",
        steps: &[step!(of "freeze", "id")],
        sql: concat!(
            "SELECT freeze.id AS subject, 'state ' || freeze.state AS detail FROM freeze
             WHERE ",
            within!("freeze.id"),
            " AND (freeze.state IN ('open', 'appealed', 'returning')
                 OR (freeze.state = 'returned' AND (
                   EXISTS (SELECT 1 FROM praise INDEXED BY praise_going_by_article
                           WHERE praise.article_id = freeze.article_id
                             AND praise.state IN ('held', 'due')
                             AND NOT EXISTS (SELECT 1 FROM lost_praise
                                             WHERE praise_id = praise.id))
                   OR EXISTS (SELECT 1 FROM praise INDEXED BY praise_frozen_by_article
                              WHERE praise.article_id = freeze.article_id
                                AND praise.state = 'frozen'))))
               AND NOT EXISTS (SELECT 1 FROM job WHERE kind = 'freeze' AND subject_id = freeze.id
                                 AND done_at IS NULL)"
        ),
    },
    Check {
        name: "no freeze waits past its time",
        steps: &[step!(of "freeze", "id")],
        sql: concat!(
            "SELECT id AS subject,
                    state || ' until ' || coalesce(decide_until, appeal_until) AS detail
             FROM freeze
             WHERE ",
            within!("id"),
            " AND state IN ('open', 'appealed')
               AND coalesce(decide_until, appeal_until) < CAST(?1 AS INTEGER)"
        ),
    },
    Check {
        name: "no praise is frozen without a freeze, or one that is lifted and still at work",
        steps: &[step!(of "praise INDEXED BY praise_frozen_by_article", ("article_id", "id"),
                       if "state = 'frozen'")],
        sql: concat!(
            "SELECT praise.id AS subject, 'article ' || praise.article_id AS detail,
                    praise.account_id
             FROM praise INDEXED BY praise_frozen_by_article
             WHERE ",
            within!("praise.article_id", "praise.id"),
            " AND praise.state = 'frozen' AND NOT EXISTS (
               SELECT 1 FROM freeze WHERE freeze.article_id = praise.article_id
                 AND (freeze.state <> 'lifted' OR EXISTS (
                   SELECT 1 FROM job WHERE kind = 'freeze' AND subject_id = freeze.id
                     AND done_at IS NULL)))"
        ),
    },
    Check {
        name: "nobody has approved what they have proposed",
        steps: &[step!(of "operator_action", "id")],
        sql: concat!(
            "SELECT id AS subject, 'person ' || approved_by AS detail FROM operator_action
             WHERE ",
            within!("id"),
            " AND approved_by = proposed_by"
        ),
    },
];
