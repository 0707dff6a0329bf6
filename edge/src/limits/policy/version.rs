//! Versions of the policy: listing them and adding a new one from a date on. Published versions are
//! immutable. A version that raises a cap takes two operators: [`super::raise`].

use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::calendar::Moment;
use shared::limits::Limits;
use shared::money::Currency;
use shared::problem::{Expected, Problem};

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::people::operator;

/// The maximum number of days until a new version comes into force. Each version must be later than
/// all others, so a version with a distant date would block every change until then.
pub(super) const DAYS_AHEAD_MAX: i64 = 365;

/// A version of the rules as operators see it. Amounts are minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyVersion {
    /// The version; one sequence for all currencies.
    pub version: i64,
    /// The currency of the amounts.
    pub currency: Currency,
    /// When it comes into force.
    #[serde(deserialize_with = "moment")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub effective_from: Moment,
    /// Smallest praise.
    pub praise_min_minor: i64,
    /// Largest praise.
    pub praise_cap_minor: i64,
    /// A reader's day.
    pub reader_day_minor: i64,
    /// A guest's day.
    pub guest_day_minor: i64,
    /// A payer's day.
    pub payer_day_minor: i64,
    /// An article's day.
    pub article_day_minor: i64,
    /// A writer's day.
    pub writer_day_minor: i64,
    /// Days until a praise is due.
    pub hold_days: i64,
    /// Minutes during which a praise is undone with one tap.
    pub undo_minutes: i64,
    /// How many versions of its articles an official account may publish in a day.
    pub account_day_publications: i64,
    /// Which kinds of account receive: `individual` or `any`.
    pub receivers: String,
}

fn moment<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    i64::deserialize(deserializer).map(Moment::from_ms)
}

/// What changes; whatever is `None` stays as in the latest version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PolicyChange {
    /// Smallest praise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub praise_min_minor: Option<i64>,
    /// Largest praise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub praise_cap_minor: Option<i64>,
    /// A reader's day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reader_day_minor: Option<i64>,
    /// A guest's day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest_day_minor: Option<i64>,
    /// A payer's day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_day_minor: Option<i64>,
    /// An article's day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_day_minor: Option<i64>,
    /// A writer's day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writer_day_minor: Option<i64>,
    /// Days until a praise is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_days: Option<i64>,
    /// Minutes during which a praise is undone with one tap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo_minutes: Option<i64>,
    /// How many versions of its articles an official account may publish in a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_day_publications: Option<i64>,
    /// Which kinds of account receive: `individual` or `any`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receivers: Option<String>,
}

/// `POST /api/v1/operator/policy`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPolicyVersion {
    /// The currency of the amounts.
    pub currency: Currency,
    /// Not past, and after that of every other version.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub effective_from: Moment,
    /// What changes.
    #[serde(deserialize_with = "shared::object::deserialize")]
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub change: PolicyChange,
}

/// Lists all versions, the latest first.
pub async fn list<D: Database>(db: &D) -> Result<Vec<PolicyVersion>, DatabaseError> {
    let statement = Statement::new(
        "SELECT version, currency, effective_from, praise_min_minor, praise_cap_minor,
                reader_day_minor, guest_day_minor, payer_day_minor, article_day_minor,
                writer_day_minor, hold_days, undo_minutes, account_day_publications, receivers
         FROM policy ORDER BY version DESC, currency",
        [],
    );
    Results::from(db.batch(vec![statement]).await?).take().decode()
}

impl PolicyVersion {
    /// Returns this version with a change. Its number and its date stay.
    pub(super) fn with(&self, change: &PolicyChange) -> PolicyVersion {
        let receivers = change.receivers.as_ref().unwrap_or(&self.receivers);
        PolicyVersion {
            version: self.version,
            currency: self.currency,
            effective_from: self.effective_from,
            praise_min_minor: change.praise_min_minor.unwrap_or(self.praise_min_minor),
            praise_cap_minor: change.praise_cap_minor.unwrap_or(self.praise_cap_minor),
            reader_day_minor: change.reader_day_minor.unwrap_or(self.reader_day_minor),
            guest_day_minor: change.guest_day_minor.unwrap_or(self.guest_day_minor),
            payer_day_minor: change.payer_day_minor.unwrap_or(self.payer_day_minor),
            article_day_minor: change.article_day_minor.unwrap_or(self.article_day_minor),
            writer_day_minor: change.writer_day_minor.unwrap_or(self.writer_day_minor),
            hold_days: change.hold_days.unwrap_or(self.hold_days),
            undo_minutes: change.undo_minutes.unwrap_or(self.undo_minutes),
            account_day_publications: change
                .account_day_publications
                .unwrap_or(self.account_day_publications),
            receivers: receivers.clone(),
        }
    }

    /// Returns the names and values of the caps, which only two operators can raise.
    fn caps(&self) -> [(&'static str, i64); 6] {
        [
            ("praise_cap_minor", self.praise_cap_minor),
            ("reader_day_minor", self.reader_day_minor),
            ("guest_day_minor", self.guest_day_minor),
            ("payer_day_minor", self.payer_day_minor),
            ("article_day_minor", self.article_day_minor),
            ("writer_day_minor", self.writer_day_minor),
        ]
    }
}

/// Returns the version of a currency that comes into force last.
pub(super) fn latest(
    versions: &[PolicyVersion],
    currency: Currency,
) -> Result<&PolicyVersion, Failure> {
    versions
        .iter()
        .filter(|one| one.currency == currency)
        .max_by_key(|one| one.effective_from)
        .ok_or_else(|| Failure::Internal(format!("no policy for {currency}")))
}

/// Returns the number of the next version.
pub(super) fn next_number(versions: &[PolicyVersion]) -> i64 {
    versions.iter().map(|one| one.version).max().unwrap_or(0) + 1
}

/// Adds a version for one currency, in force from `effective_from` on. That moment must not be past
/// and must be after every other version's, so that nobody gives under rules which were changed
/// afterwards. It must be within a year, so that later changes stay possible.
///
/// Refused, with the name of the field: a praise amount outside the product's own limits, a daily
/// limit below one praise, a writer's daily limit below an article's, days or minutes out of
/// bounds, a cap above the latest version's.
pub async fn add<D: Database>(
    db: &D,
    now: Moment,
    operator_id: &str,
    currency: Currency,
    effective_from: Moment,
    change: &PolicyChange,
) -> Result<PolicyVersion, Failure> {
    let versions = list(db).await?;
    let latest = latest(&versions, currency)?;
    let fits = now..=now.plus_days(DAYS_AHEAD_MAX);
    if !fits.contains(&effective_from) || effective_from <= latest.effective_from {
        let expected = Expected::LATER_THAN_EVERY_VERSION;
        return Err(Problem::Field { field: "effective_from", expected }.into());
    }
    let version = next_number(&versions);
    let next = PolicyVersion { version, effective_from, ..latest.with(change) };
    check_bounds(&next)?;
    let raised = next.caps().into_iter().zip(latest.caps()).find(|(next, now)| next.1 > now.1);
    if let Some(((field, _), _)) = raised {
        return Err(Problem::Field { field, expected: Expected::NO_RAISE }.into());
    }
    let statements = insert(&next, operator_id, "policy.add", &json!(next), now);
    match db.batch(statements.to_vec()).await {
        Ok(_) => Ok(next),
        // Another operator has just added one.
        Err(DatabaseError::Rule(rule))
            if matches!(rule.as_str(), "append_only" | "two_persons") =>
        {
            Err(Problem::WrongState.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the statements that store a version and the operator's audit entry about it.
pub(super) fn insert(
    next: &PolicyVersion,
    operator_id: &str,
    action: &'static str,
    detail: &serde_json::Value,
    now: Moment,
) -> [Statement; 2] {
    let subject = format!("{}:{}", next.version, next.currency);
    [
        Statement::new(
            "INSERT INTO policy (version, currency, effective_from, praise_min_minor,
                                 praise_cap_minor, reader_day_minor, guest_day_minor,
                                 payer_day_minor, article_day_minor, writer_day_minor, hold_days,
                                 undo_minutes, receivers, account_day_publications)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            [
                Value::from(next.version),
                next.currency.into(),
                next.effective_from.into(),
                next.praise_min_minor.into(),
                next.praise_cap_minor.into(),
                next.reader_day_minor.into(),
                next.guest_day_minor.into(),
                next.payer_day_minor.into(),
                next.article_day_minor.into(),
                next.writer_day_minor.into(),
                next.hold_days.into(),
                next.undo_minutes.into(),
                (&next.receivers).into(),
                next.account_day_publications.into(),
            ],
        ),
        operator::audit(operator_id, action, &subject, detail, now),
    ]
}

/// Fails with the first field that is out of its bounds.
pub(super) fn check_bounds(next: &PolicyVersion) -> Result<(), Problem> {
    // A version can be narrower than the product's own limits, never wider.
    let own = Limits::of(next.currency);
    let largest_day = 1_000_000_000_000;
    let checks = [
        (
            "praise_min_minor",
            (own.praise_min_minor..=next.praise_cap_minor).contains(&next.praise_min_minor),
            Expected::WITHIN_PRODUCT_BOUNDS,
        ),
        (
            "praise_cap_minor",
            next.praise_cap_minor <= own.praise_cap_minor,
            Expected::WITHIN_PRODUCT_BOUNDS,
        ),
        (
            "reader_day_minor",
            (next.praise_cap_minor..=largest_day).contains(&next.reader_day_minor),
            Expected::ROOM_FOR_ONE_PRAISE,
        ),
        (
            "guest_day_minor",
            (next.praise_cap_minor..=next.reader_day_minor).contains(&next.guest_day_minor),
            Expected::GUEST_DAY,
        ),
        (
            "payer_day_minor",
            (next.praise_cap_minor..=largest_day).contains(&next.payer_day_minor),
            Expected::ROOM_FOR_ONE_PRAISE,
        ),
        (
            "article_day_minor",
            (next.praise_cap_minor..=largest_day).contains(&next.article_day_minor),
            Expected::ROOM_FOR_ONE_PRAISE,
        ),
        (
            "writer_day_minor",
            (next.article_day_minor..=largest_day).contains(&next.writer_day_minor),
            Expected::WRITER_DAY,
        ),
        ("hold_days", (1..=365).contains(&next.hold_days), Expected::HOLD_DAYS),
        ("undo_minutes", (1..=1440).contains(&next.undo_minutes), Expected::UNDO_MINUTES),
        (
            "account_day_publications",
            (1..=1000).contains(&next.account_day_publications),
            Expected::PUBLICATIONS,
        ),
        (
            "receivers",
            matches!(next.receivers.as_str(), "individual" | "any"),
            Expected::OneOf("individual, any"),
        ),
    ];
    match checks.into_iter().find(|(_, fits, _)| !fits) {
        None => Ok(()),
        Some((field, _, expected)) => Err(Problem::Field { field, expected }),
    }
}
