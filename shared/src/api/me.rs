//! The person signed in, and the limits they set for themselves.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::lang::Lang;
use crate::money::{Currency, Money};

/// The person signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// `per_…`
    pub id: String,
    /// Name on the wall; `null` shows as "a reader".
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<String>,
    /// Language chosen.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub lang: Option<Lang>,
}

/// `PUT /api/v1/me`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateMe {
    /// Name on the wall; `null` or empty for none.
    pub name: Option<String>,
    /// Language; `null` to follow the browser.
    pub lang: Option<Lang>,
}

/// What a reader gave in a month, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthTotal {
    /// All of it.
    pub total: Money,
    /// To how many official accounts.
    pub writers: i64,
}

/// `GET /api/v1/me/limits`: what the reader may give, with the limits of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderLimits {
    /// One per currency.
    pub items: Vec<CurrencyLimits>,
}

impl ReaderLimits {
    /// Those in this currency.
    pub fn in_currency(&self, currency: Currency) -> Option<&CurrencyLimits> {
        self.items.iter().find(|limits| limits.currency == currency)
    }
}

/// A reader's limits in one currency, and what of them is used. Day and month are those of the
/// currency's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurrencyLimits {
    /// What the amounts are in.
    pub currency: Currency,
    /// For one praise.
    pub praise: OwnLimit,
    /// For a day.
    pub day: OwnLimit,
    /// For a month.
    pub month: OwnLimit,
    /// What today's attempts and praises hold.
    pub used_today: Money,
    /// What this month's hold.
    pub used_this_month: Money,
}

/// What a reader can still give at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// At most; nothing or more.
    pub left: Money,
    /// Whether it is the reader's own limit that says so.
    pub own: bool,
}

impl CurrencyLimits {
    /// What the tightest of the limits leaves.
    pub fn room(&self) -> Room {
        let of = |limit: &OwnLimit, used: i64| {
            let most = limit.limit.map_or(limit.most, |own| own);
            (most.minor.saturating_sub(used).max(0), limit.limit.is_some())
        };
        let limits = [
            of(&self.praise, 0),
            of(&self.day, self.used_today.minor),
            of(&self.month, self.used_this_month.minor),
        ];
        // Where the product's limit says the same as the reader's own, it is the product's.
        let (left, own) = limits.into_iter().min().unwrap_or((0, false));
        Room { left: Money::new(left, self.currency), own }
    }
}

/// A limit: the product's, and the reader's own below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnLimit {
    /// The product's limit.
    pub most: Money,
    /// The reader's own; `null` where there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub limit: Option<Money>,
    /// A raise that waits; `null` where there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub raise: Option<LimitRaise>,
}

/// A raise of a reader's own limit, which counts from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitRaise {
    /// What the limit will be; `null`: none of the reader's own.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub limit: Option<Money>,
    /// From when on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
}

/// `PUT /api/v1/me/limits`: what is left out stays as it is, `null` gives the own limit up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateLimits {
    /// What the amounts are in.
    pub currency: Currency,
    /// For one praise, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub praise_minor: Option<Option<i64>>,
    /// For a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub day_minor: Option<Option<i64>>,
    /// For a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub month_minor: Option<Option<i64>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_limit_says_what_is_left() {
        let yuan = |minor| Money::new(minor, Currency::Cny);
        let limit = |most, own: Option<i64>| OwnLimit {
            most: yuan(most),
            limit: own.map(yuan),
            raise: None,
        };
        let limits = |praise, day, month, today, this_month| CurrencyLimits {
            currency: Currency::Cny,
            praise: limit(20_000, praise),
            day: limit(100_000, day),
            month: limit(3_100_000, month),
            used_today: yuan(today),
            used_this_month: yuan(this_month),
        };
        let room = |limits: CurrencyLimits| (limits.room().left.minor, limits.room().own);
        assert_eq!(room(limits(None, None, None, 0, 0)), (20_000, false));
        assert_eq!(room(limits(None, None, None, 85_000, 85_000)), (15_000, false));
        assert_eq!(room(limits(Some(500), None, None, 85_000, 85_000)), (500, true));
        assert_eq!(room(limits(None, Some(5_000), None, 4_900, 4_900)), (100, true));
        // Lowered below what is used already: nothing, not less.
        assert_eq!(room(limits(None, None, Some(1_000), 0, 4_900)), (0, true));
        assert_eq!(room(limits(Some(20_000), None, None, 0, 0)), (20_000, true));
        assert_eq!(room(limits(Some(20_000), None, None, 80_000, 0)), (20_000, false));
    }
}
