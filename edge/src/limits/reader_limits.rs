//! The limits that readers set for themselves, per currency: for one praise, a day, a month. Each is
//! within the product's. Lowering one counts at once; raising it, or giving it up, after 24 hours.
//!
//! A human has one set of limits, whichever person of theirs has set them: the lowest counts.

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

/// How the codes of these rules begin.
pub(crate) const RULES: &str = "reader_own_";

/// What a limit is for: its name in the record, and as a field.
const SCOPES: [(&str, &str); 3] =
    [("praise", "praise_minor"), ("day", "day_minor"), ("month", "month_minor")];

/// A limit of one person, as stored.
#[derive(Clone, Debug, Deserialize)]
struct Row {
    person_id: String,
    currency: Currency,
    scope: String,
    limit_minor: Option<i64>,
    next_minor: Option<i64>,
    next_at: Option<i64>,
}

/// Everything about a human's limits at a moment.
struct Standing {
    guest: bool,
    policies: BTreeMap<&'static str, Policy>,
    rows: Vec<Row>,
    used: Vec<Used>,
}

#[derive(Deserialize)]
struct Used {
    currency: Currency,
    day: String,
    reserved_minor: i64,
}

/// The limits of this human, and how much of day and month is used.
pub async fn find<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
) -> Result<ReaderLimits, DatabaseError> {
    let standing = standing(db, now, person_id).await?;
    let items = Currency::ALL.into_iter().filter_map(|currency| standing.shown(currency, now));
    Ok(ReaderLimits { items: items.collect() })
}

/// Sets limits in one currency: those that are named, `None` to have none of one's own. Asking for
/// the same again changes nothing; asking for less than is in force ends a raise that waits.
///
/// Refused: less than nothing, more than the product's limit.
pub async fn update<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
    update: &UpdateLimits,
) -> Result<(), Failure> {
    let wanted = [update.praise_minor, update.day_minor, update.month_minor];
    retry(format_args!("the limits of {person_id}"), async || {
        let standing = standing(db, now, person_id).await?;
        let mut statements = Vec::new();
        for ((scope, field), wanted) in SCOPES.into_iter().zip(wanted) {
            let Some(wanted) = wanted else { continue };
            let most = standing.product(update.currency, scope)?;
            if wanted.is_some_and(|minor| !(0..=most).contains(&minor)) {
                let expected = Expected::OWN_LIMIT;
                return Err(Problem::Field { field, expected }.into());
            }
            for row in standing.rows_to_change(person_id, update.currency, scope) {
                statements.extend(change(&row, wanted, now));
            }
        }
        if statements.is_empty() {
            return Ok(Round::Done(()));
        }
        // Guarded: another request, or the job that raises a limit, may have changed it.
        db.batch(statements).await?;
        Ok(Round::Done(()))
    })
    .await
}

/// The job that makes a raise count. `subject` is `per_…:CNY:day`.
pub async fn raise<D: Database>(db: &D, now: Moment, subject: &str) -> Result<Next, Failure> {
    #[derive(Deserialize)]
    struct Left {
        next_at: Option<i64>,
    }
    let mut parts = subject.split(':');
    let (Some(person_id), Some(currency), Some(scope)) = (parts.next(), parts.next(), parts.next())
    else {
        return Err(Failure::Internal(format!("no limit is called {subject}")));
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
    let left: Option<Left> = results.take().first()?;
    let next_at = left.and_then(|left| left.next_at);
    Ok(next_at.map_or(Next::Done, |next_at| Next::At(Moment::from_ms(next_at))))
}

/// A rule that refused, with the number of the reader's own limit where it is one:
/// `reader_own_day:5000`. `None` where there is no such limit any more.
pub(crate) async fn named<D: Database>(
    db: &D,
    person_id: &str,
    currency: Currency,
    rule: String,
) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Lowest {
        minor: Option<i64>,
    }
    let Some(scope) = rule.strip_prefix(RULES) else { return Ok(Some(rule)) };
    let statement = Statement::new(
        "SELECT min(limit_minor) AS minor FROM human AS me
         JOIN human AS same ON same.human_id = me.human_id
         JOIN reader_limit ON reader_limit.person_id = same.person_id
         WHERE me.person_id = ?1 AND currency = ?2 AND scope = ?3",
        [Value::from(person_id), currency.into(), scope.into()],
    );
    let lowest: Option<Lowest> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(lowest.and_then(|lowest| lowest.minor).map(|minor| format!("{rule}:{minor}")))
}

/// The statements that bring one row to what is wanted; none where it is there already.
fn change(row: &Row, wanted: Option<i64>, now: Moment) -> Vec<Statement> {
    let subject = format!("{}:{}:{}", row.person_id, row.currency.code(), row.scope);
    let raised = match (row.limit_minor, wanted) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(limit), Some(wanted)) => wanted > limit,
    };
    let waits_for_it = row.next_at.is_some() && row.next_minor == wanted;
    let is_there = row.next_at.is_none() && row.limit_minor == wanted;
    if is_there || (raised && waits_for_it) {
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

async fn standing<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
) -> Result<Standing, DatabaseError> {
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
            "SELECT reader_limit.person_id, currency, scope, limit_minor, next_minor, next_at
             FROM human AS me JOIN human AS same ON same.human_id = me.human_id
             JOIN reader_limit ON reader_limit.person_id = same.person_id
             WHERE me.person_id = ?1 ORDER BY reader_limit.person_id, currency, scope",
            [Value::from(person_id)],
        ),
        Statement::new(
            "SELECT currency, day, sum(reserved_minor) AS reserved_minor
             FROM human AS me JOIN human AS same ON same.human_id = me.human_id
             JOIN reader_day ON reader_day.person_id = same.person_id
             WHERE me.person_id = ?1 AND substr(day, 1, 7) IN (?2, ?3) GROUP BY currency, day",
            [Value::from(person_id), (&months[0]).into(), (&months[1]).into()],
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
    Ok(Standing {
        guest: person.is_some_and(|person| person.kind == "guest"),
        policies,
        rows: results.take().decode()?,
        used: results.take().decode()?,
    })
}

impl Standing {
    /// The product's own limit.
    fn product(&self, currency: Currency, scope: &str) -> Result<i64, DatabaseError> {
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

    /// Every row that keeps this limit of the human; a fresh one of this person where there is none.
    fn rows_to_change(&self, person_id: &str, currency: Currency, scope: &str) -> Vec<Row> {
        let mut rows: Vec<Row> = self.rows_of(currency, scope).cloned().collect();
        if !rows.iter().any(|row| row.limit_minor.is_some() || row.person_id == person_id) {
            rows.push(Row {
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

    fn rows_of(&self, currency: Currency, scope: &str) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.currency == currency && row.scope == scope)
    }

    fn shown(&self, currency: Currency, now: Moment) -> Option<CurrencyLimits> {
        let money = |minor| Money::new(minor, currency);
        let own = |scope| -> Option<OwnLimit> {
            let lowest = self
                .rows_of(currency, scope)
                .filter(|row| row.limit_minor.is_some())
                .min_by_key(|row| row.limit_minor);
            let raise = lowest.and_then(|row| Some((row.next_minor, row.next_at?)));
            Some(OwnLimit {
                most: money(self.product(currency, scope).ok()?),
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
