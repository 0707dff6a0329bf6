//! The rate limit on requests that change something. Each inserts a row, sends a message or calls the
//! payment provider. A minute allows 300 of them per session, 3,000 per IPv4 address or IPv6 /64
//! and 9,000 per IPv6 /48. Windows are whole minutes.
//!
//! [`super::attempts`] limits attempts to praise and new guests further.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::limits::{REQUESTS_PER_ADDRESS_MINUTE, REQUESTS_PER_MINUTE, REQUESTS_PER_SITE_MINUTE};
use shared::problem::Problem;

use super::address::Address;
use super::attempts::{MINUTE_S, count_in, start_of};
use crate::database::{Database, DatabaseError, Results, Statement, Value};

const SESSION: &str = "session-minute:";
const ADDRESS: &str = "request-address-minute:";
const SITE: &str = "request-site-minute:";

/// What a request counts for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// The start of its name.
    pub kind: &'static str,
    /// The hash of the session's token or of the network.
    pub id: String,
    /// Requests a minute.
    pub limit: i64,
}

/// A bucket that is over its limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    /// The bucket.
    pub bucket: Bucket,
    /// When the next minute begins.
    pub reopens_at: Moment,
}

impl Full {
    /// The refusal of a request.
    pub fn refusal(&self, now: Moment) -> Problem {
        let wait_s = (self.reopens_at.ms() - now.ms() + 999).div_euclid(1000);
        let (limit, reopens_at) = (self.bucket.limit, self.reopens_at);
        Problem::TooManyRequests { limit, wait_s, reopens_at }
    }
}

/// The buckets that a request counts in, the widest network first.
pub fn buckets(session_hash: Option<&str>, address: Option<&Address>) -> Vec<Bucket> {
    let site = address.and_then(|address| address.site.as_deref());
    let own = address.map(|address| address.own.as_str());
    let all = [
        (SITE, site, REQUESTS_PER_SITE_MINUTE),
        (ADDRESS, own, REQUESTS_PER_ADDRESS_MINUTE),
        (SESSION, session_hash, REQUESTS_PER_MINUTE),
    ];
    let bucket = |(kind, id, limit): (_, Option<&str>, _)| {
        id.map(|id| Bucket { kind, id: id.to_owned(), limit })
    };
    all.into_iter().filter_map(bucket).collect()
}

/// Counts a request in its [`buckets`]. Returns the first that is over its limit. Neither
/// invented tokens nor many addresses can fill the table: an unknown token gets no row, and once an
/// IPv6 /48 is over its limit, its addresses get none.
pub async fn count<D: Database>(
    db: &D,
    buckets: &[Bucket],
    now: Moment,
) -> Result<Option<Full>, DatabaseError> {
    if buckets.is_empty() {
        return Ok(None);
    }
    let minute = start_of(now, MINUTE_S);
    let site = buckets.iter().find(|bucket| bucket.kind == SITE);
    let statement = |bucket: &Bucket| match (bucket.kind, site) {
        (SESSION, _) => Statement::new(
            "INSERT INTO attempt (bucket, window_start, used)
             SELECT 'session-minute:' || token_hash, CAST(?2 AS INTEGER), 1 FROM session
             WHERE token_hash = ?1
             ON CONFLICT (bucket) DO UPDATE SET
               used = iif(window_start = excluded.window_start, used + 1, 1),
               window_start = excluded.window_start
             RETURNING used",
            [Value::from(&bucket.id), minute.into()],
        ),
        (ADDRESS, Some(site)) => Statement::new(
            "INSERT INTO attempt (bucket, window_start, used)
             SELECT 'request-address-minute:' || ?1, CAST(?2 AS INTEGER), 1 FROM attempt AS site
             WHERE site.bucket = 'request-site-minute:' || ?3 AND site.used <= ?4
             ON CONFLICT (bucket) DO UPDATE SET
               used = iif(window_start = excluded.window_start, used + 1, 1),
               window_start = excluded.window_start
             RETURNING used",
            [Value::from(&bucket.id), minute.into(), (&site.id).into(), site.limit.into()],
        ),
        _ => count_in(bucket.kind, &bucket.id, minute),
    };
    #[derive(Deserialize)]
    struct Row {
        used: i64,
    }
    let mut results = Results::from(db.batch(buckets.iter().map(statement).collect()).await?);
    for bucket in buckets {
        let row: Option<Row> = results.take().first()?;
        if row.is_some_and(|row| row.used > bucket.limit) {
            let reopens_at = minute.plus_seconds(MINUTE_S);
            return Ok(Some(Full { bucket: bucket.clone(), reopens_at }));
        }
    }
    Ok(None)
}
