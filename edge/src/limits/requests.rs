//! The rate limit on requests that change something. Each inserts a row, sends a message or calls the
//! payment provider. A minute allows 300 of them per session, 3,000 per IP address and 9,000 per IPv6
//! network of 48 bits. Windows are whole minutes.
//!
//! [`super::attempts`] limits attempts to praise and new guests further.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::limits::{REQUESTS_PER_ADDRESS_MINUTE, REQUESTS_PER_MINUTE, REQUESTS_PER_SITE_MINUTE};
use shared::problem::Problem;

use super::address::Address;
use super::attempts::{MINUTE_S, count_in, start_of};
use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// Counts a request of a session, if it has one, and of an address. Returns the refusal if a limit is
/// exceeded. A token that belongs to no session counts for the address only, so that invented tokens
/// insert no rows.
pub async fn count<D: Database>(
    db: &D,
    session_hash: Option<&str>,
    address: Option<&Address>,
    now: Moment,
) -> Result<Option<Problem>, DatabaseError> {
    let minute = start_of(now, MINUTE_S);
    let mut limits = Vec::new();
    let mut statements = Vec::new();
    if let Some(session_hash) = session_hash {
        limits.push(REQUESTS_PER_MINUTE);
        statements.push(Statement::new(
            "INSERT INTO attempt (bucket, window_start, used)
             SELECT 'session-minute:' || token_hash, CAST(?2 AS INTEGER), 1 FROM session
             WHERE token_hash = ?1
             ON CONFLICT (bucket) DO UPDATE SET
               used = iif(window_start = excluded.window_start, used + 1, 1),
               window_start = excluded.window_start
             RETURNING used",
            [Value::from(session_hash), minute.into()],
        ));
    }
    let networks = [
        ("request-address-minute:", address.map(|one| &one.own), REQUESTS_PER_ADDRESS_MINUTE),
        (
            "request-site-minute:",
            address.and_then(|one| one.site.as_ref()),
            REQUESTS_PER_SITE_MINUTE,
        ),
    ];
    for (kind, network, limit) in networks {
        let Some(network) = network else { continue };
        limits.push(limit);
        statements.push(count_in(kind, network, minute));
    }
    if statements.is_empty() {
        return Ok(None);
    }
    #[derive(Deserialize)]
    struct Row {
        used: i64,
    }
    let mut results = Results::from(db.batch(statements).await?);
    for limit in limits {
        let row: Option<Row> = results.take().first()?;
        if row.is_some_and(|row| row.used > limit) {
            let reopens_at = minute.plus_seconds(MINUTE_S);
            let wait_s = (reopens_at.ms() - now.ms() + 999).div_euclid(1000);
            return Ok(Some(Problem::TooManyRequests { limit, wait_s, reopens_at }));
        }
    }
    Ok(None)
}
