//! The wall: its rows and counts agree with the praises that were not sent back.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "the wall's rows are what stands",
        "SELECT subject, 'kept ' || coalesce(max(kept), 'none')
                  || ', counted ' || coalesce(max(counted), 'none') AS detail
         FROM (SELECT article_id || ':' || person_id AS subject,
                      standing || '/' || standing_public || '/' || coalesce(public_at, '') AS kept,
                      NULL AS counted
               FROM wall_person
               UNION ALL
               SELECT article_id || ':' || person_id, NULL,
                      count(*) FILTER (WHERE stands) || '/'
                        || count(*) FILTER (WHERE stands AND visibility = 'public') || '/'
                        || coalesce(max(booked_at) FILTER (WHERE stands AND visibility = 'public'), '')
               FROM (SELECT *, state NOT IN ('returning', 'returned', 'disputed', 'lost') AS stands
                     FROM praise)
               GROUP BY article_id, person_id)
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING max(kept) IS NOT max(counted)",
    ),
    (
        "the wall's counts are its rows",
        "SELECT subject, 'kept ' || coalesce(max(kept), 'none')
                  || ', counted ' || coalesce(max(counted), 'none') AS detail
         FROM (SELECT article_id AS subject, persons || '/' || persons_public AS kept, NULL AS counted
               FROM wall_count
               UNION ALL
               SELECT article_id, NULL, sum(standing > 0) || '/' || sum(standing_public > 0)
               FROM wall_person GROUP BY article_id)
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING max(kept) IS NOT max(counted)",
    ),
];
