//! The wall: its rows and counts agree with the praises that were not sent back.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "the wall's rows are what stands",
        steps: &[
            step!(of "wall_person", ("article_id", "person_id")),
            step!(of "praise INDEXED BY praise_by_article_and_reader",
                  ("article_id", "person_id")),
        ],
        sql: concat!(
            "SELECT article_id || ':' || person_id AS subject,
                    'kept ' || coalesce(max(kept), 'none')
                      || ', counted ' || coalesce(max(counted), 'none') AS detail
             FROM (SELECT article_id, person_id,
                          standing || '/' || standing_public || '/' || coalesce(public_at, '')
                            AS kept,
                          NULL AS counted
                   FROM wall_person WHERE ",
            within!("article_id", "person_id"),
            "      UNION ALL
                   SELECT article_id, person_id, NULL,
                          count(*) FILTER (WHERE stands) || '/'
                            || count(*) FILTER (WHERE stands AND visibility = 'public') || '/'
                            || coalesce(
                              max(booked_at) FILTER (WHERE stands AND visibility = 'public'), '')
                   FROM (SELECT *,
                                state NOT IN ('returning', 'returned', 'disputed', 'lost') AS stands
                         FROM praise INDEXED BY praise_by_article_and_reader WHERE ",
            within!("article_id", "person_id"),
            ")
                   GROUP BY article_id, person_id)
             GROUP BY article_id, person_id HAVING max(kept) IS NOT max(counted)"
        ),
    },
    Check {
        name: "the wall's counts are its rows",
        steps: &[
            step!(of "wall_count", "article_id"),
            step!(of "wall_person", "article_id", rows " * 10"),
        ],
        sql: concat!(
            "SELECT article_id AS subject,
                    'kept ' || coalesce(max(kept), 'none')
                      || ', counted ' || coalesce(max(counted), 'none') AS detail
             FROM (SELECT article_id, persons || '/' || persons_public AS kept, NULL AS counted
                   FROM wall_count WHERE ",
            within!("article_id"),
            "      UNION ALL
                   SELECT article_id, NULL, sum(standing > 0) || '/' || sum(standing_public > 0)
                   FROM wall_person WHERE ",
            within!("article_id"),
            "      GROUP BY article_id)
             GROUP BY article_id HAVING max(kept) IS NOT max(counted)"
        ),
    },
];
