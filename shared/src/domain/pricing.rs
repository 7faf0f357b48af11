//! What one customer pays for one unit: the group's price first, then the percentages (A14.8).

use super::{Discount, Money, Rate};

/// What sets a customer's prices, beside the catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// What the prices of the customer's group differ by.
    pub rate: Option<Rate>,
    /// The customer's own discount.
    pub discount: Option<Discount>,
    /// Whether both count. Where they don't, the customer's own discount stands in the place of the
    /// group's rate.
    pub stacked: bool,
}

/// Why a customer pays another price than the catalogue's, in terms that a customer may know: that
/// there are groups is nobody's business but the shop's (S05).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceReason {
    /// It was agreed: it is the price of the customer's group.
    Agreed,
    /// The customer's own discount.
    Discount(Discount),
    /// Both.
    Both(Discount),
}

impl PriceReason {
    /// The customer's own discount, if it is part of it.
    pub fn discount(self) -> Option<Discount> {
        match self {
            Self::Discount(discount) | Self::Both(discount) => Some(discount),
            Self::Agreed => None,
        }
    }
}

/// Ten thousand basis points are the whole price.
const WHOLE: i128 = 10_000;

impl Terms {
    /// The price of one unit that costs `base`, or `of_group` in the customer's group: that price is
    /// the group's already, so that its rate is not added to it. Rounded once, half up to the minor
    /// unit: 10 % off 19.99 is 17.99.
    ///
    /// # Panics
    /// Never: twice [`Money::MAX_MINOR`], which a surcharge may come to, is cut off at that.
    pub fn price(&self, base: Money, of_group: Option<Money>) -> Money {
        let start = of_group.unwrap_or(base);
        let discount = self.discount.filter(|discount| !discount.is_zero());
        let rate = self.rate.filter(|_| of_group.is_none() && (discount.is_none() || self.stacked));
        let rate = WHOLE + rate.map_or(0, |rate| i128::from(rate.basis_points()));
        let kept = WHOLE - discount.map_or(0, |discount| i128::from(discount.basis_points()));
        let exact = i128::from(start.minor()) * rate * kept;
        let whole = WHOLE * WHOLE;
        let rounded = (exact + whole / 2).div_euclid(whole).min(Money::MAX_MINOR.into());
        let minor = i64::try_from(rounded).expect("no more than the greatest amount");
        Money::new(minor, start.currency()).expect("no more than the greatest amount")
    }

    /// Why that price is not `base`, if it isn't.
    pub fn reason(&self, base: Money, of_group: Option<Money>) -> Option<PriceReason> {
        if self.price(base, of_group) == base {
            return None;
        }
        let own = self.own_discount();
        let rate = self.rate.filter(|rate| rate.basis_points() != 0 && (self.stacked || own.is_none()));
        Some(match own {
            Some(discount) if of_group.is_some() || rate.is_some() => PriceReason::Both(discount),
            Some(discount) => PriceReason::Discount(discount),
            None => PriceReason::Agreed,
        })
    }

    /// The customer's own discount, where it counts.
    pub fn own_discount(&self) -> Option<Discount> {
        self.discount.filter(|discount| !discount.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use iso_currency::IntoEnumIterator;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Currency;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR).unwrap()
    }

    fn terms(rate: Option<i64>, discount: Option<i64>, stacked: bool) -> Terms {
        let rate = rate.map(|bp| Rate::try_from(bp).unwrap());
        Terms { rate, discount: discount.map(|bp| Discount::try_from(bp).unwrap()), stacked }
    }

    #[test]
    fn a_groups_price_comes_first_then_the_customers_own_discount() {
        for (rate, discount, stacked, of_group, price) in [
            (None, None, false, None, 1999),
            (None, Some(1000), false, None, 1799),
            (Some(-500), None, false, None, 1899),
            (Some(500), None, false, None, 2099),
            (Some(10_000), None, false, None, 3998),
            (Some(-10_000), None, false, None, 0),
            // The customer's own stands in the place of the group's, or comes after it.
            (Some(-500), Some(1000), false, None, 1799),
            (Some(-500), Some(1000), true, None, 1709),
            (Some(500), Some(1000), true, None, 1889),
            // What costs nothing less is no discount of one's own.
            (Some(-500), Some(0), false, None, 1899),
            // The group's own price of a product.
            (Some(-500), None, false, Some(1500), 1500),
            (Some(-500), Some(1000), false, Some(1500), 1350),
            (Some(-500), Some(1000), true, Some(1500), 1350),
        ] {
            let priced = terms(rate, discount, stacked).price(eur(1999), of_group.map(eur));
            assert_eq!(priced, eur(price), "{rate:?} {discount:?} {stacked} {of_group:?}");
        }
    }

    #[test]
    fn a_price_says_why_it_is_not_the_catalogues() {
        let own = Discount::try_from(1000).unwrap();
        for (rate, discount, stacked, of_group, reason) in [
            (None, None, false, None, None),
            (Some(-500), None, false, None, Some(PriceReason::Agreed)),
            (Some(500), None, false, None, Some(PriceReason::Agreed)),
            (None, None, false, Some(1500), Some(PriceReason::Agreed)),
            (None, None, false, Some(1999), None),
            (None, Some(1000), false, None, Some(PriceReason::Discount(own))),
            (Some(-500), Some(1000), false, None, Some(PriceReason::Discount(own))),
            (Some(0), Some(1000), true, None, Some(PriceReason::Discount(own))),
            (Some(-500), Some(1000), true, None, Some(PriceReason::Both(own))),
            (None, Some(1000), false, Some(1500), Some(PriceReason::Both(own))),
        ] {
            let found = terms(rate, discount, stacked).reason(eur(1999), of_group.map(eur));
            assert_eq!(found, reason, "{rate:?} {discount:?} {stacked} {of_group:?}");
        }
        assert_eq!(terms(None, Some(1000), false).reason(eur(0), None), None, "nothing is nothing less");
    }

    #[test]
    fn a_surcharge_on_the_greatest_price_is_the_greatest_price() {
        assert_eq!(terms(Some(10_000), None, false).price(eur(Money::MAX_MINOR), None), eur(Money::MAX_MINOR));
    }

    proptest! {
        #[test]
        fn a_price_is_the_exact_one_within_half_a_unit(
            minor in 0..=Money::MAX_MINOR / 2,
            rate in proptest::option::of(-10_000..=10_000i64),
            discount in proptest::option::of(0..=10_000i64),
            stacked: bool,
            of_group in proptest::option::of(0..=Money::MAX_MINOR),
            currency in proptest::sample::select(iso_currency::Currency::iter().collect::<Vec<_>>()),
        ) {
            let money = |minor| Money::new(minor, currency.code().parse().unwrap()).unwrap();
            let (base, of_group) = (money(minor), of_group.map(money));
            let price = terms(rate, discount, stacked).price(base, of_group);
            prop_assert_eq!(price.currency(), base.currency());
            let own = discount.filter(|bp| *bp > 0);
            // The group's own price is the group's already: its rate is not added to it.
            let (minor, rate) = of_group.map_or((minor, rate), |of_group| (of_group.minor(), None));
            let factors = match (rate, own) {
                (Some(rate), Some(own)) if stacked => i128::from(10_000 + rate) * i128::from(10_000 - own),
                (_, Some(own)) => i128::from(10_000 - own) * 10_000,
                (Some(rate), None) => i128::from(10_000 + rate) * 10_000,
                (None, None) => 100_000_000,
            };
            let exact = i128::from(minor) * factors;
            let priced = i128::from(price.minor()) * 100_000_000;
            prop_assert!(priced - exact <= 50_000_000 && exact - priced < 50_000_000, "half up");
        }

        #[test]
        fn a_price_that_differs_says_why(
            minor in 0..=100_000i64,
            rate in proptest::option::of(-10_000..=10_000i64),
            discount in proptest::option::of(0..=10_000i64),
            stacked: bool,
            of_group in proptest::option::of(0..=100_000i64),
        ) {
            let (terms, base, of_group) = (terms(rate, discount, stacked), eur(minor), of_group.map(eur));
            let reason = terms.reason(base, of_group);
            prop_assert_eq!(reason.is_some(), terms.price(base, of_group) != base);
            prop_assert!(reason.and_then(PriceReason::discount).is_none_or(|own| terms.own_discount() == Some(own)));
        }

        #[test]
        fn without_a_group_it_is_the_discounted_price(minor in 0..=Money::MAX_MINOR, bp in 0..=10_000i64) {
            let discount = Discount::try_from(bp).unwrap();
            prop_assert_eq!(terms(None, Some(bp), false).price(eur(minor), None), discount.apply(eur(minor)));
        }
    }
}
