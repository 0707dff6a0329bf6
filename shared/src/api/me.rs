//! The signed-in person, and the limits that they set for themselves.

use serde::{Deserialize, Deserializer, Serialize};

use crate::amount::AmountError;
use crate::calendar::Moment;
use crate::lang::Lang;
use crate::money::{Currency, Money};
use crate::problem::Problem;

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

/// How much a reader can still give now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// The largest possible amount, never negative.
    pub left: Money,
    /// Whether the reader's own limit is the tightest one.
    pub own: bool,
}

impl CurrencyLimits {
    /// The room under the tightest limit.
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
        // If both limits leave the same, report the product's: `false` sorts before `true`.
        let (left, own) = limits.into_iter().min().unwrap_or((0, false));
        Room { left: Money::new(left, self.currency), own }
    }

    /// The problem with a praise of this amount: the first limit that it exceeds. This is only a
    /// prediction; the database decides.
    pub fn refusal(&self, amount: Money, now: Moment) -> Option<Problem> {
        // As in `room`: if both limits are equal, report the product's.
        let over = |limit: &OwnLimit, used: i64| {
            let own = limit.limit.filter(|own| own.minor < limit.most.minor);
            let most = own.unwrap_or(limit.most);
            let fits = used.saturating_add(amount.minor) <= most.minor;
            (!fits).then_some((most, own.is_some()))
        };
        let today = now.day(self.currency);
        let tomorrow = today.plus(1).starts_at(self.currency);
        let next_month = today.next_month().starts_at(self.currency);
        let of_one = || {
            over(&self.praise, 0).map(|(limit, own)| match own {
                true => Problem::ReaderOwnPraise { limit },
                false => Problem::Amount(AmountError::AboveCap(limit)),
            })
        };
        let of_the_day = || {
            over(&self.day, self.used_today.minor).map(|(limit, own)| match own {
                true => Problem::ReaderOwnDay { limit, reopens_at: tomorrow },
                false => Problem::ReaderDayCap { limit, reopens_at: tomorrow },
            })
        };
        // The product's monthly limit is 31 full days, so only the reader's own can refuse here.
        let of_the_month = || {
            over(&self.month, self.used_this_month.minor)
                .map(|(limit, _)| Problem::ReaderOwnMonth { limit, reopens_at: next_month })
        };
        of_one().or_else(of_the_day).or_else(of_the_month)
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateLimits {
    /// What the amounts are in.
    pub currency: Currency,
    /// For one praise, in minor units.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub praise_minor: Option<Option<i64>>,
    /// For a day.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub day_minor: Option<Option<i64>>,
    /// For a month.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub month_minor: Option<Option<i64>>,
}

/// A member that is there, also as `null`.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    fn yuan(minor: i64) -> Money {
        Money::new(minor, Currency::Cny)
    }

    fn limits(
        praise: Option<i64>,
        day: Option<i64>,
        month: Option<i64>,
        today: i64,
        this_month: i64,
    ) -> CurrencyLimits {
        let limit = |most, own: Option<i64>| OwnLimit {
            most: yuan(most),
            limit: own.map(yuan),
            raise: None,
        };
        CurrencyLimits {
            currency: Currency::Cny,
            praise: limit(20_000, praise),
            day: limit(100_000, day),
            month: limit(3_100_000, month),
            used_today: yuan(today),
            used_this_month: yuan(this_month),
        }
    }

    #[test]
    fn the_room_is_what_the_tightest_limit_leaves() {
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

    #[test]
    fn a_refusal_names_the_limit_and_when_there_is_room_again() {
        let noon = Moment::from_rfc3339("2026-11-23T04:00:00Z").unwrap();
        let at = |text| Moment::from_rfc3339(text).unwrap();
        let (tomorrow, december) = (at("2026-11-23T16:00:00Z"), at("2026-11-30T16:00:00Z"));
        let refusal = |limits: CurrencyLimits, minor| limits.refusal(yuan(minor), noon);
        let free = limits(None, None, None, 99_000, 99_000);
        assert_eq!(refusal(free.clone(), 1_000), None);
        let limit = yuan(100_000);
        let full = Problem::ReaderDayCap { limit, reopens_at: tomorrow };
        assert_eq!(refusal(free, 1_001), Some(full));
        let limit = yuan(500);
        let one = Problem::ReaderOwnPraise { limit };
        assert_eq!(refusal(limits(Some(500), Some(500), None, 0, 0), 501), Some(one));
        let day = Problem::ReaderOwnDay { limit, reopens_at: tomorrow };
        assert_eq!(refusal(limits(None, Some(500), Some(500), 1, 1), 500), Some(day));
        let month = Problem::ReaderOwnMonth { limit, reopens_at: december };
        assert_eq!(refusal(limits(None, None, Some(500), 0, 1), 500), Some(month));
    }

    #[test]
    fn the_product_refuses_where_its_limit_equals_the_readers_own() {
        let now = Moment::from_rfc3339("2026-11-23T04:00:00Z").unwrap();
        let reopens_at = Moment::from_rfc3339("2026-11-23T16:00:00Z").unwrap();
        let equal = limits(Some(20_000), Some(100_000), None, 90_000, 90_000);
        let cap = Problem::Amount(AmountError::AboveCap(yuan(20_000)));
        assert_eq!(equal.refusal(yuan(20_001), now), Some(cap));
        let day = Problem::ReaderDayCap { limit: yuan(100_000), reopens_at };
        assert_eq!(equal.refusal(yuan(10_001), now), Some(day));
        assert_eq!(equal.refusal(yuan(10_000), now), None);
    }

    #[test]
    fn limits_are_found_by_their_currency() {
        let yuan = limits(None, None, None, 0, 0);
        let dollars = CurrencyLimits { currency: Currency::Usd, ..yuan.clone() };
        let both = ReaderLimits { items: vec![yuan.clone(), dollars.clone()] };
        assert_eq!(both.in_currency(Currency::Cny), Some(&yuan));
        assert_eq!(both.in_currency(Currency::Usd), Some(&dollars));
        let one = ReaderLimits { items: vec![dollars] };
        assert_eq!(one.in_currency(Currency::Cny), None);
    }

    proptest! {
        #[test]
        fn exactly_the_amounts_within_the_room_are_accepted(
            praise in option::of(0..=20_000i64),
            day in option::of(0..=100_000i64),
            month in option::of(0..=3_100_000i64),
            today in 0..=100_000i64,
            this_month in 0..=3_100_000i64,
        ) {
            let limits = limits(praise, day, month, today, this_month);
            let left = limits.room().left.minor;
            prop_assert_eq!(limits.refusal(yuan(left + 1), Moment::from_ms(0)).is_some(), true);
            if left > 0 {
                prop_assert_eq!(limits.refusal(yuan(left), Moment::from_ms(0)), None);
            }
        }
    }
}
