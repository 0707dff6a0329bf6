//! Freezes: each agrees with its article and the praises it holds.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "an article is frozen exactly while a freeze says so",
        "SELECT article.id AS subject, 'status ' || article.status AS detail FROM article
         WHERE ?1 IS NOT NULL AND (article.status = 'frozen') <> EXISTS (
           SELECT 1 FROM freeze WHERE article_id = article.id AND state <> 'lifted')",
    ),
    (
        "no freeze waits without a job that moves it",
        "SELECT freeze.id AS subject, 'state ' || freeze.state AS detail FROM freeze
         WHERE ?1 IS NOT NULL
           AND (freeze.state IN ('open', 'appealed', 'returning')
             OR (freeze.state = 'returned' AND EXISTS (
               SELECT 1 FROM praise WHERE praise.article_id = freeze.article_id
                 AND praise.state IN ('held', 'due', 'frozen'))))
           AND NOT EXISTS (SELECT 1 FROM job WHERE kind = 'freeze' AND subject_id = freeze.id
                             AND done_at IS NULL)",
    ),
    (
        "no freeze waits past its time",
        "SELECT id AS subject, state || ' until ' || coalesce(decide_until, appeal_until) AS detail
         FROM freeze
         WHERE state IN ('open', 'appealed')
           AND coalesce(decide_until, appeal_until) < CAST(?1 AS INTEGER)",
    ),
    (
        "no praise is frozen without a freeze, or one that is lifted and still at work",
        "SELECT praise.id AS subject, 'article ' || praise.article_id AS detail FROM praise
         WHERE ?1 IS NOT NULL AND praise.state = 'frozen' AND NOT EXISTS (
           SELECT 1 FROM freeze WHERE freeze.article_id = praise.article_id
             AND (freeze.state <> 'lifted' OR EXISTS (
               SELECT 1 FROM job WHERE kind = 'freeze' AND subject_id = freeze.id
                 AND done_at IS NULL)))",
    ),
    (
        "nobody has approved what they have proposed",
        "SELECT id AS subject, 'person ' || approved_by AS detail FROM operator_action
         WHERE ?1 IS NOT NULL AND approved_by = proposed_by",
    ),
];
