//! Rate limits. Starting a praise: 60 attempts a minute and 300 a day per human, 600 a minute per
//! address. An attempt counts even if it fails. New guests: 60 an hour per address, and 600 an hour
//! per IPv6 network of 48 bits.
//!
//! Windows are fixed: whole minutes, hours and UTC days of the deployment's clock.
//!
//! - A request that repeats a key which has started a praise does not count.
//! - A key that has not started a praise yet counts once a minute for its human, so a hundred
//!   simultaneous copies of one request are one attempt. Each copy counts for the address.
//! - An attempt that exceeds the minute's limit does not count towards the day.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::limits::{
    GUESTS_PER_ADDRESS_HOUR, GUESTS_PER_SITE_HOUR, STARTS_PER_ADDRESS_MINUTE, STARTS_PER_DAY,
    STARTS_PER_MINUTE,
};
use shared::problem::Problem;

use super::address::Address;
use crate::database::{Database, DatabaseError, Results, Rows, Statement, Value, to_json};

pub(super) const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * 60;
const DAY_S: i64 = 24 * 60 * 60;

/// Counts a new guest from this address. Returns the refusal if an hourly limit is exceeded. A guest
/// over the limit of the address does not count towards the limit of the surrounding network, so that
/// one address cannot use up the limit of the other addresses.
pub async fn count_guest<D: Database>(
    db: &D,
    address: &Address,
    now: Moment,
) -> Result<Option<Problem>, DatabaseError> {
    let hour = start_of(now, HOUR_S);
    let mut statements = vec![count_in("guest-hour:", &address.own, hour)];
    if let Some(site) = &address.site {
        statements.push(Statement::new(
            "INSERT INTO attempt (bucket, window_start, used)
             SELECT 'guest-site-hour:' || ?1, CAST(?2 AS INTEGER), 1 FROM attempt AS own
             WHERE own.bucket = 'guest-hour:' || ?3 AND own.used <= ?4
             ON CONFLICT (bucket) DO UPDATE SET
               used = iif(window_start = excluded.window_start, used + 1, 1),
               window_start = excluded.window_start
             RETURNING used",
            [Value::from(site), hour.into(), (&address.own).into(), GUESTS_PER_ADDRESS_HOUR.into()],
        ));
    }
    let mut results = Results::from(db.batch(statements).await?);
    let limits =
        [("guest-hour", GUESTS_PER_ADDRESS_HOUR), ("guest-site-hour", GUESTS_PER_SITE_HOUR)];
    for (name, limit) in limits {
        #[derive(Deserialize)]
        struct Row {
            used: i64,
        }
        let row: Option<Row> = results.take().first()?;
        let window = Window::at(name, limit, HOUR_S, row.map_or(0, |row| row.used), now);
        if window.used > limit {
            let Window { wait_s, ends_at: reopens_at, .. } = window;
            return Ok(Some(Problem::TooManyGuests { limit, wait_s, reopens_at }));
        }
    }
    Ok(None)
}

/// Counts one more in a bucket, in the window that starts at `start`. Returns its number.
pub(super) fn count_in(kind: &'static str, id: &str, start: Moment) -> Statement {
    Statement::new(
        "INSERT INTO attempt (bucket, window_start, used)
         VALUES (?1 || ?2, CAST(?3 AS INTEGER), 1)
         ON CONFLICT (bucket) DO UPDATE SET
           used = iif(window_start = excluded.window_start, used + 1, 1),
           window_start = excluded.window_start
         RETURNING used",
        [Value::from(kind), id.into(), start.into()],
    )
}

/// How many statements [`count`] returns.
pub(crate) const STATEMENTS: usize = 5;

/// The rate-limit windows that apply to an attempt, with the number of attempts in each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    windows: Vec<Window>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Window {
    name: &'static str,
    limit: i64,
    length_s: i64,
    used: i64,
    ends_at: Moment,
    wait_s: i64,
}

impl Window {
    /// Returns the window of this length that contains `now`.
    fn at(name: &'static str, limit: i64, length_s: i64, used: i64, now: Moment) -> Window {
        let ends_at = start_of(now, length_s).plus_seconds(length_s);
        let wait_s = (ends_at.ms() - now.ms() + 999).div_euclid(1000);
        Window { name, limit, length_s, used, ends_at, wait_s }
    }
}

impl Attempts {
    /// Returns the refusal if a limit is exceeded; if several are, the one whose window ends last.
    pub fn refusal(&self) -> Option<Problem> {
        let full = self.windows.iter().filter(|window| window.used > window.limit);
        full.max_by_key(|window| window.ends_at).map(|window| Problem::TooManyAttempts {
            limit: window.limit,
            window_s: window.length_s,
            wait_s: window.wait_s,
            reopens_at: window.ends_at,
        })
    }

    /// Returns the value of the `RateLimit-Policy` header as in
    /// draft-ietf-httpapi-ratelimit-headers-11: each quota and its window in seconds.
    pub fn policy_field(&self) -> String {
        self.field(|window| format!("\"{}\";q={};w={}", window.name, window.limit, window.length_s))
    }

    /// Returns the value of the `RateLimit` header: what is left of each quota, and the seconds
    /// until its window ends.
    pub fn remaining_field(&self) -> String {
        self.field(|window| {
            let remaining = (window.limit - window.used).max(0);
            format!("\"{}\";r={remaining};t={}", window.name, window.wait_s)
        })
    }

    fn field(&self, item: impl Fn(&Window) -> String) -> String {
        self.windows.iter().map(item).collect::<Vec<_>>().join(", ")
    }
}

/// Returns the statements that count an attempt of a session under a key. The caller adds them to
/// the batch that reads its other preconditions and passes the rows of the last one to [`read`].
pub(crate) fn count(
    session_hash: &str,
    key: &str,
    address: Option<&Address>,
    now: Moment,
) -> [Statement; STATEMENTS] {
    let (minute, day) = (start_of(now, MINUTE_S), start_of(now, DAY_S));
    let address = address.map(|address| address.own.as_str());
    [
        // Counts the tries of this key in this minute; the next two count only the first of them.
        Statement::new(
            "INSERT INTO attempt (bucket, window_start, used)
             SELECT 'key:' || session.person_id || ':' || ?2, CAST(?4 AS INTEGER), 1 FROM session
             WHERE token_hash = ?1 AND expires_at > ?3 AND NOT EXISTS (
               SELECT 1 FROM idempotency WHERE person_id = session.person_id AND key = ?2)
             ON CONFLICT (bucket) DO UPDATE SET
               used = iif(window_start = excluded.window_start, used + 1, 1),
               window_start = excluded.window_start",
            [Value::from(session_hash), key.into(), now.into(), minute.into()],
        ),
        Statement::new(
            "INSERT INTO attempt (bucket, window_start, used)
             SELECT 'person-minute:' || human.human_id, CAST(?3 AS INTEGER), 1
             FROM session JOIN human ON human.person_id = session.person_id
             JOIN attempt AS tried ON tried.bucket = 'key:' || session.person_id || ':' || ?2
             WHERE token_hash = ?1 AND tried.window_start = ?3 AND tried.used = 1
               AND NOT EXISTS (
                 SELECT 1 FROM idempotency WHERE person_id = session.person_id AND key = ?2)
             ON CONFLICT (bucket) DO UPDATE SET
               used = iif(window_start = excluded.window_start, used + 1, 1),
               window_start = excluded.window_start",
            [Value::from(session_hash), key.into(), minute.into()],
        ),
        Statement::new(
            "INSERT INTO attempt (bucket, window_start, used)
             SELECT 'person-day:' || human.human_id, CAST(?4 AS INTEGER), 1
             FROM session JOIN human ON human.person_id = session.person_id
             JOIN attempt AS tried ON tried.bucket = 'key:' || session.person_id || ':' || ?2
             JOIN attempt AS minute ON minute.bucket = 'person-minute:' || human.human_id
             WHERE token_hash = ?1 AND tried.window_start = ?3 AND tried.used = 1
               AND minute.window_start = ?3 AND minute.used <= ?5
               AND NOT EXISTS (
                 SELECT 1 FROM idempotency WHERE person_id = session.person_id AND key = ?2)
             ON CONFLICT (bucket) DO UPDATE SET
               used = iif(window_start = excluded.window_start, used + 1, 1),
               window_start = excluded.window_start",
            [
                Value::from(session_hash),
                key.into(),
                minute.into(),
                day.into(),
                STARTS_PER_MINUTE.into(),
            ],
        ),
        Statement::new(
            "INSERT INTO attempt (bucket, window_start, used)
             SELECT 'address-minute:' || ?3, CAST(?4 AS INTEGER), 1
             WHERE ?3 IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM session JOIN idempotency
                 ON idempotency.person_id = session.person_id AND idempotency.key = ?2
               WHERE session.token_hash = ?1)
             ON CONFLICT (bucket) DO UPDATE SET
               used = iif(window_start = excluded.window_start, used + 1, 1),
               window_start = excluded.window_start",
            [Value::from(session_hash), key.into(), address.into(), minute.into()],
        ),
        Statement::new(
            "SELECT substr(bucket, 1, instr(bucket, ':') - 1) AS name, used
             FROM attempt
             WHERE (window_start = ?3 AND bucket IN (
                      'address-minute:' || ?2,
                      (SELECT 'person-minute:' || human.human_id
                       FROM session JOIN human ON human.person_id = session.person_id
                       WHERE token_hash = ?1)))
                OR (window_start = ?4 AND bucket = (
                      SELECT 'person-day:' || human.human_id
                      FROM session JOIN human ON human.person_id = session.person_id
                      WHERE token_hash = ?1))",
            [Value::from(session_hash), address.into(), minute.into(), day.into()],
        ),
    ]
}

/// Reads the rows of the last statement of [`count`]. Without an address there is no address
/// window.
pub(crate) fn read(
    rows: Rows,
    address: Option<&Address>,
    now: Moment,
) -> Result<Attempts, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        used: i64,
    }
    let rows: Vec<Row> = rows.decode()?;
    let window = |name, limit, length_s| {
        let used = rows.iter().find(|row| row.name == name).map_or(0, |row| row.used);
        Window::at(name, limit, length_s, used, now)
    };
    let mut windows = vec![
        window("person-minute", STARTS_PER_MINUTE, MINUTE_S),
        window("person-day", STARTS_PER_DAY, DAY_S),
    ];
    if address.is_some() {
        windows.push(window("address-minute", STARTS_PER_ADDRESS_MINUTE, MINUTE_S));
    }
    Ok(Attempts { windows })
}

/// The prefixes of the bucket names, with the length of a window in seconds.
const KINDS: [(&str, i64); 9] = [
    ("key:", MINUTE_S),
    ("person-minute:", MINUTE_S),
    ("person-day:", DAY_S),
    ("address-minute:", MINUTE_S),
    ("guest-hour:", HOUR_S),
    ("guest-site-hour:", HOUR_S),
    ("session-minute:", MINUTE_S),
    ("request-address-minute:", MINUTE_S),
    ("request-site-minute:", MINUTE_S),
];

/// Deletes at most `rows` windows that have ended. Each kind is searched separately, so that the
/// daily windows that are still running are not read every minute.
pub(crate) fn delete_expired(now: Moment, rows: i64) -> Result<Statement, DatabaseError> {
    let kinds = KINDS.map(|(kind, length_s)| (kind, start_of(now, length_s).ms()));
    Ok(Statement::new(
        "DELETE FROM attempt WHERE bucket IN (
           SELECT bucket FROM json_each(?1) AS ended
           CROSS JOIN attempt ON substr(bucket, 1, instr(bucket, ':')) = ended.value ->> 0
             AND window_start < ended.value ->> 1
           LIMIT ?2)",
        [Value::from(to_json(&kinds)?), rows.into()],
    ))
}

/// Returns the start of the window that contains `now`.
pub(super) fn start_of(now: Moment, length_s: i64) -> Moment {
    Moment::from_ms(now.ms() - now.ms().rem_euclid(length_s * 1000))
}

#[cfg(test)]
mod tests {
    use super::super::address::AddressKey;
    use super::*;

    #[test]
    fn header_fields_show_what_is_left_and_the_seconds_until_reset() {
        let rows = Rows(vec![
            serde_json::json!({ "name": "person-minute", "used": 61 }),
            serde_json::json!({ "name": "person-day", "used": 1 }),
        ]);
        let now = Moment::from_rfc3339("2026-11-22T23:59:59.001Z").unwrap();
        let address = Address::new("203.0.113.7", &AddressKey::derive("key"));
        let attempts = read(rows, Some(&address), now).unwrap();
        assert_eq!(
            attempts.policy_field(),
            "\"person-minute\";q=60;w=60, \"person-day\";q=300;w=86400, \
             \"address-minute\";q=600;w=60",
        );
        assert_eq!(
            attempts.remaining_field(),
            "\"person-minute\";r=0;t=1, \"person-day\";r=299;t=1, \"address-minute\";r=600;t=1",
        );
        let refusal = attempts.refusal().unwrap();
        assert_eq!(refusal.retry_after_s(), Some(1));
        assert_eq!(refusal.reopens_at().unwrap().to_rfc3339(), "2026-11-23T00:00:00Z");
    }
}
