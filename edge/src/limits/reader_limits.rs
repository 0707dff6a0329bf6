//! The limits that readers set for themselves, per currency: for one praise, a day and a month.
//! None can exceed the product's limit. A lower limit applies at once; a higher one, or none,
//! applies after 24 hours.
//!
//! The limits are shared by all persons of one human: the lowest one applies.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::api::{CurrencyLimits, LimitRaise, OwnLimit, ReaderLimits, UpdateLimits};
use shared::calendar::Moment;
use shared::limits::{MONTH_DAYS_MAX, RAISE_WAIT_HOURS};
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem};

use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json};
use crate::failure::Failure;
use crate::limits::policy::{Policy, policy_in_force};
use crate::queue::jobs::{self, JobKind, Next};
use crate::retry::{Round, retry};

/// The prefix of these rules' codes.
const RULE_PREFIX: &str = "reader_own_";

/// The scopes of a limit: the name in the database and the field of the request.
const SCOPES: [(&str, &str); 3] =
    [("praise", "praise_minor"), ("day", "day_minor"), ("month", "month_minor")];

/// A row of `reader_limit`.
#[derive(Clone, Debug, Deserialize)]
struct LimitRow {
    person_id: String,
    currency: Currency,
    scope: String,
    limit_minor: Option<i64>,
    next_minor: Option<i64>,
    next_at: Option<i64>,
}

/// The limits of a human, with the policies in force and the amounts used.
struct LimitState {
    guest: bool,
    policies: BTreeMap<&'static str, Policy>,
    rows: Vec<LimitRow>,
    used: Vec<UsedDay>,
}

#[derive(Deserialize)]
struct UsedDay {
    currency: Currency,
    day: String,
    reserved_minor: i64,
}

/// Returns the limits of a person's human, with the amounts used today and this month.
pub async fn find<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
) -> Result<ReaderLimits, DatabaseError> {
    let state = load(db, now, person_id).await?;
    let items = Currency::ALL.into_iter().filter_map(|currency| state.to_api(currency, now));
    Ok(ReaderLimits { items: items.collect() })
}

/// Sets the limits that `update` names, in one currency. A limit that it does not name stays; `None`
/// removes a limit. Idempotent. A limit at or below the current one cancels a pending raise.
///
/// Refused: a negative limit, a limit above the product's.
pub async fn update<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
    update: &UpdateLimits,
) -> Result<(), Failure> {
    let wanted = [update.praise_minor, update.day_minor, update.month_minor];
    retry(format_args!("the limits of {person_id}"), async || {
        let state = load(db, now, person_id).await?;
        let mut statements = Vec::new();
        for ((scope, field), wanted) in SCOPES.into_iter().zip(wanted) {
            let Some(wanted) = wanted else { continue };
            let max = state.product_limit(update.currency, scope)?;
            if wanted.is_some_and(|minor| !(0..=max).contains(&minor)) {
                let expected = Expected::OWN_LIMIT;
                return Err(Problem::Field { field, expected }.into());
            }
            for row in state.rows_to_change(person_id, update.currency, scope) {
                statements.extend(change(&row, wanted, now));
            }
        }
        if statements.is_empty() {
            return Ok(Round::Done(()));
        }
        // Guarded, because another request or the raise job may have changed a limit.
        db.batch(statements).await?;
        Ok(Round::Done(()))
    })
    .await
}

/// Runs [`JobKind::RaiseLimit`]: applies a pending raise that is due. `subject` is `per_…:CNY:day`.
pub async fn raise<D: Database>(db: &D, now: Moment, subject: &str) -> Result<Next, Failure> {
    #[derive(Deserialize)]
    struct Pending {
        next_at: Option<i64>,
    }
    let mut parts = subject.split(':');
    let (Some(person_id), Some(currency), Some(scope)) = (parts.next(), parts.next(), parts.next())
    else {
        return Err(Failure::Internal(format!("malformed job subject {subject}")));
    };
    let key = [Value::from(person_id), currency.into(), scope.into()];
    let statements = vec![
        Statement::new(
            "UPDATE reader_limit SET limit_minor = next_minor, next_minor = NULL, next_at = NULL
             WHERE person_id = ?1 AND currency = ?2 AND scope = ?3 AND next_at <= ?4",
            [&key[..], &[now.into()]].concat(),
        ),
        Statement::new(
            "SELECT next_at FROM reader_limit
             WHERE person_id = ?1 AND currency = ?2 AND scope = ?3",
            key,
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    results.take();
    let pending: Option<Pending> = results.take().first()?;
    let next_at = pending.and_then(|pending| pending.next_at);
    Ok(next_at.map_or(Next::Done, |next_at| Next::At(Moment::from_ms(next_at))))
}

/// Returns a refusing rule's code; for a reader's own limit, with the limit in minor units
/// appended: `reader_own_day:5000`. `None` if that limit no longer exists.
pub(crate) async fn rule_with_limit<D: Database>(
    db: &D,
    person_id: &str,
    currency: Currency,
    rule: String,
) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Lowest {
        minor: Option<i64>,
    }
    let Some(scope) = rule.strip_prefix(RULE_PREFIX) else { return Ok(Some(rule)) };
    let statement = Statement::new(
        "SELECT min(limit_minor) AS minor FROM reader_limit
         WHERE currency = ?2 AND scope = ?3
           AND person_id IN (SELECT same_id FROM human_person WHERE person_id = ?1)",
        [Value::from(person_id), currency.into(), scope.into()],
    );
    let lowest: Option<Lowest> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(lowest.and_then(|lowest| lowest.minor).map(|minor| format!("{rule}:{minor}")))
}

/// Returns the statements that change one limit to `wanted`; none if nothing changes.
fn change(row: &LimitRow, wanted: Option<i64>, now: Moment) -> Vec<Statement> {
    let subject = format!("{}:{}:{}", row.person_id, row.currency.code(), row.scope);
    let raised = match (row.limit_minor, wanted) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(limit), Some(wanted)) => wanted > limit,
    };
    let is_pending = row.next_at.is_some() && row.next_minor == wanted;
    let is_set = row.next_at.is_none() && row.limit_minor == wanted;
    if is_set || (raised && is_pending) {
        return Vec::new();
    }
    let next_at = raised.then(|| now.plus_minutes(RAISE_WAIT_HOURS * 60));
    let (limit, next) = if raised { (row.limit_minor, wanted) } else { (wanted, None) };
    let job = match next_at {
        Some(next_at) => jobs::wake(JobKind::RaiseLimit, &subject, next_at),
        None => jobs::done(JobKind::RaiseLimit, &subject, now),
    };
    vec![
        Statement::new(
            "INSERT INTO reader_limit (person_id, currency, scope) VALUES (?1, ?2, ?3)
             ON CONFLICT (person_id, currency, scope) DO NOTHING",
            [Value::from(&row.person_id), row.currency.into(), (&row.scope).into()],
        ),
        Statement::new(
            "UPDATE reader_limit SET limit_minor = ?4, next_minor = ?5, next_at = ?6
             WHERE person_id = ?1 AND currency = ?2 AND scope = ?3
               AND limit_minor IS ?7 AND next_minor IS ?8 AND next_at IS ?9",
            [
                Value::from(&row.person_id),
                row.currency.into(),
                (&row.scope).into(),
                limit.into(),
                next.into(),
                next_at.into(),
                row.limit_minor.into(),
                row.next_minor.into(),
                row.next_at.into(),
            ],
        ),
        Statement::must_change(1, "reader_limit"),
        job,
    ]
}

async fn load<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
) -> Result<LimitState, DatabaseError> {
    #[derive(Deserialize)]
    struct Person {
        kind: String,
    }
    #[derive(Deserialize)]
    struct Document {
        document: String,
    }
    let months = Currency::ALL.map(|currency| now.day(currency).month());
    let statements = vec![
        Statement::new("SELECT kind FROM person WHERE id = ?1", [Value::from(person_id)]),
        Statement::new(
            concat!(
                "SELECT document FROM policy_document AS policy WHERE policy.version = ",
                policy_in_force!("version", "policy.currency", "?1")
            ),
            [Value::from(now)],
        ),
        Statement::new(
            "SELECT person_id, currency, scope, limit_minor, next_minor, next_at
             FROM reader_limit
             WHERE person_id IN (SELECT same_id FROM human_person WHERE person_id = ?1)
             ORDER BY person_id, currency, scope",
            [Value::from(person_id)],
        ),
        Statement::new(
            "SELECT currency, day, reserved_minor
             FROM (SELECT ?4 AS code, ?2 AS month UNION ALL SELECT ?5, ?3)
             CROSS JOIN reader_day ON currency = code
               AND day BETWEEN month || '-01' AND month || '-31'
               AND person_id IN (SELECT same_id FROM human_person WHERE person_id = ?1)",
            [
                Value::from(person_id),
                (&months[0]).into(),
                (&months[1]).into(),
                Currency::ALL[0].into(),
                Currency::ALL[1].into(),
            ],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let person: Option<Person> = results.take().first()?;
    let documents: Vec<Document> = results.take().decode()?;
    let mut policies = BTreeMap::new();
    for Document { document } in documents {
        let policy: Policy = from_json(&document)?;
        policies.insert(policy.currency.code(), policy);
    }
    Ok(LimitState {
        guest: person.is_some_and(|person| person.kind == "guest"),
        policies,
        rows: results.take().decode()?,
        used: results.take().decode()?,
    })
}

impl LimitState {
    /// Returns the product's limit in minor units; a month's is [`MONTH_DAYS_MAX`] daily limits.
    fn product_limit(&self, currency: Currency, scope: &str) -> Result<i64, DatabaseError> {
        let policy = self.policies.get(currency.code());
        let policy =
            policy.ok_or_else(|| DatabaseError::Other(format!("no policy for {currency}")))?;
        let day = if self.guest { policy.guest_day_minor } else { policy.reader_day_minor };
        Ok(match scope {
            "praise" => policy.praise_cap_minor,
            "day" => day,
            _ => day * MONTH_DAYS_MAX,
        })
    }

    /// Returns the human's rows for this limit, with a new one for this person if no person has set
    /// the limit.
    fn rows_to_change(&self, person_id: &str, currency: Currency, scope: &str) -> Vec<LimitRow> {
        let mut rows: Vec<LimitRow> = self.rows_of(currency, scope).cloned().collect();
        if !rows.iter().any(|row| row.limit_minor.is_some() || row.person_id == person_id) {
            rows.push(LimitRow {
                person_id: person_id.to_owned(),
                currency,
                scope: scope.to_owned(),
                limit_minor: None,
                next_minor: None,
                next_at: None,
            });
        }
        rows
    }

    fn rows_of(&self, currency: Currency, scope: &str) -> impl Iterator<Item = &LimitRow> {
        self.rows.iter().filter(move |row| row.currency == currency && row.scope == scope)
    }

    fn to_api(&self, currency: Currency, now: Moment) -> Option<CurrencyLimits> {
        let money = |minor| Money::new(minor, currency);
        let own = |scope| -> Option<OwnLimit> {
            let lowest = self
                .rows_of(currency, scope)
                .filter(|row| row.limit_minor.is_some())
                .min_by_key(|row| row.limit_minor);
            let raise = lowest.and_then(|row| Some((row.next_minor, row.next_at?)));
            Some(OwnLimit {
                most: money(self.product_limit(currency, scope).ok()?),
                limit: lowest.and_then(|row| row.limit_minor).map(money),
                raise: raise.map(|(minor, at)| LimitRaise {
                    limit: minor.map(money),
                    from: Moment::from_ms(at),
                }),
            })
        };
        let today = now.day(currency);
        let (today, month) = (today.to_string(), today.month());
        let used = |prefix: &str| {
            let days = self.used.iter();
            let days =
                days.filter(|used| used.currency == currency && used.day.starts_with(prefix));
            money(days.map(|used| used.reserved_minor).sum())
        };
        Some(CurrencyLimits {
            currency,
            praise: own("praise")?,
            day: own("day")?,
            month: own("month")?,
            used_today: used(&today),
            used_this_month: used(&month),
        })
    }
}
