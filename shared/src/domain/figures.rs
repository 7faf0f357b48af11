//! A customer's orders in figures (O04), moved by one function per event.
//!
//! They hold what every later day needs to know and nothing that a day changes by itself: segments
//! (S07) are computed from them. [`Figures::add`] and [`Figures::refund`], as things happen, come to
//! the same as [`Figures::of`] all orders, to the cent and the day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{Channel, Currency, Money, Order, OrderId, Refund, Settings, Thresholds};

/// Days on which something held without a break, as far as was known at the newest order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spell {
    /// The first of them.
    pub since: Date,
    /// The last of them, unless another order comes before it has passed.
    pub until: Date,
}

impl Spell {
    /// The spell that holds on `day`: `before` goes on if it reached the day before.
    fn on(day: Date, until: Date, before: Option<Self>) -> Self {
        let eve = day.yesterday().unwrap_or(day);
        let since = before.filter(|spell| spell.until >= eve).map_or(day, |spell| spell.since);
        Self { since, until }
    }
}

/// What a customer has ordered, in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// How many orders stand: one that was refunded is one all the same, one that was cancelled is not.
    pub orders: u32,
    /// What they come to less what was refunded, in minor units per currency.
    pub totals: BTreeMap<Currency, i64>,
    /// How many there are in each currency.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<Currency, u32>,
    /// Where they were placed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub channels: BTreeSet<Channel>,
    /// The day of the first, in the shop's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_order_on: Option<Date>,
    /// The first of them, where it is known: what a question about it is asked once for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_order: Option<OrderId>,
    /// The newest order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_order: Option<OrderId>,
    /// The days of the last ones, newest first: enough to know «three purchases within a year» on
    /// any later day, for as many purchases as a shop may ask for.
    pub last_days: Vec<Date>,
    /// The day of the newest visit that staff recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited_on: Option<Date>,
    /// The day from which the total in the shop's currency is above the VIP threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vip_since: Option<Date>,
    /// The newest spell without a gap after which a customer is inactive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<Spell>,
    /// The newest spell with enough orders for a regular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regular: Option<Spell>,
}

impl Figures {
    /// Adds `order`, in a shop that sells in `currency` and has these `thresholds`. An order that
    /// lost a race over midnight counts for its own day; spells go on from the newest.
    pub fn add(&mut self, order: &Order, currency: Currency, thresholds: &Thresholds) {
        let day = order.day;
        self.first_order = if self.orders == 0 { Some(order.id) } else { self.first_order.min(Some(order.id)) };
        self.orders = self.orders.saturating_add(1);
        let count = self.counts.entry(order.total.currency()).or_default();
        *count = count.saturating_add(1);
        self.channels.insert(order.channel);
        self.first_order_on = Some(self.first_order_on.map_or(day, |first| first.min(day)));
        self.last_order = self.last_order.max(Some(order.id));
        let place = self.last_days.partition_point(|kept| *kept > day);
        self.last_days.insert(place, day);
        self.last_days.truncate(Thresholds::MOST_REGULAR_FROM);
        let newest = self.last_days.first().copied().unwrap_or(day);
        self.active = Some(Spell::on(newest, thresholds.active_until(newest), self.active));
        if let Some(until) = self.regular_until(thresholds).filter(|until| *until >= newest) {
            self.regular = Some(Spell::on(newest, until, self.regular));
        }
        self.move_total(order.total, day, currency, thresholds);
    }

    /// Takes off what was given back on `day`. The order still counts.
    pub fn refund(&mut self, refund: &Refund, day: Date, currency: Currency, thresholds: &Thresholds) {
        self.move_total(refund.amount.negated(), day, currency, thresholds);
    }

    /// The figures of those of `orders` that stand, from nothing, each sale and each refund in the
    /// order of time: what adding them as they happened comes to. Visits are not among them.
    pub fn of<'a>(orders: impl IntoIterator<Item = &'a Order>, settings: &Settings) -> Self {
        let mut events: Vec<(Timestamp, &Order, Option<&Refund>)> = Vec::new();
        for order in orders.into_iter().filter(|order| order.stands()) {
            events.push((order.placed_at, order, None));
            events.extend(order.refunds.iter().map(|refund| (refund.at, order, Some(refund))));
        }
        // A sale comes before a refund of the same instant.
        events.sort_by_key(|(at, order, refund)| (*at, refund.is_some(), order.id));
        let (currency, thresholds) = (settings.currency, &settings.thresholds);
        let mut figures = Self::default();
        for (at, order, refund) in events {
            match refund {
                None => figures.add(order, currency, thresholds),
                Some(refund) => figures.refund(refund, settings.zone.day(at), currency, thresholds),
            }
        }
        figures
    }

    /// Notes a visit on `day`.
    pub fn visit(&mut self, day: Date) {
        self.visited_on = self.visited_on.max(Some(day));
    }

    fn move_total(&mut self, by: Money, day: Date, currency: Currency, thresholds: &Thresholds) {
        let total = self.totals.entry(by.currency()).or_default();
        let before = *total;
        *total = before.saturating_add(by.minor());
        if by.currency() == currency {
            let above = |minor| minor > thresholds.vip_above_minor;
            match (above(before), above(*total)) {
                (_, false) => self.vip_since = None,
                (false, true) => self.vip_since = Some(day),
                (true, true) => {}
            }
        }
    }

    /// The last day on which the orders there are make a regular, if there are enough.
    pub(super) fn regular_until(&self, thresholds: &Thresholds) -> Option<Date> {
        let oldest_needed = self.last_days.get((thresholds.regular_from as usize).checked_sub(1)?)?;
        Some(oldest_needed.saturating_add(thresholds.regular_within_months.months()))
    }

    /// What the orders in `currency` come to. Amounts of other currencies are never converted.
    pub fn total(&self, currency: Currency) -> Option<Money> {
        Money::new(self.totals.get(&currency).copied().unwrap_or(0), currency).ok()
    }

    /// What an order in `currency` comes to on average, in minor units, rounded half up.
    pub fn average_basket(&self, currency: Currency) -> Option<i64> {
        let orders = self.counts.get(&currency).copied().filter(|orders| *orders > 0)?;
        half_up(self.totals.get(&currency).copied().unwrap_or(0).into(), orders.into())
    }

    /// How many tenths of a day lie between two orders on average, rounded half up: from the first
    /// day to the last, over all but one.
    pub fn tenths_of_days_between_orders(&self) -> Option<i64> {
        let (first, last) = self.first_order_on.zip(self.last_order_on())?;
        let days = (last - first).get_days();
        half_up(i128::from(days) * 10, i128::from(self.orders) - 1)
    }

    /// The day of the newest order.
    pub fn last_order_on(&self) -> Option<Date> {
        self.last_days.first().copied()
    }

    /// The day the customer was last in the shop or on its site, as far as is known.
    pub fn last_visit_on(&self) -> Option<Date> {
        self.visited_on.max(self.last_order_on())
    }
}

/// `dividend` over `divisor`, rounded half up; `None` where there is nothing to divide by.
fn half_up(dividend: i128, divisor: i128) -> Option<i64> {
    (divisor > 0).then(|| (2 * dividend + divisor).div_euclid(2 * divisor)).and_then(|rounded| rounded.try_into().ok())
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::SignedDuration;
    use jiff::civil::{date, time};
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::super::{CustomerId, OrderState, RefundId};
    use super::*;

    /// An order of `minor` units on `day`.
    pub fn order(number: u128, minor: i64, currency: Currency, day: Date) -> Order {
        Order {
            shop: "main".parse().unwrap(),
            id: OrderId::new(Ulid::from_parts(1, number)),
            version: 1,
            customer: CustomerId::new(Ulid::nil()),
            link: None,
            channel: [Channel::Web, Channel::Store, Channel::Phone][(number % 3) as usize],
            payment_method: None,
            state: OrderState::Delivered,
            lines: Vec::new(),
            total: Money::new(minor, currency).unwrap(),
            moves: Vec::new(),
            refunds: Vec::new(),
            note: None,
            placed_at: at(day, number, 0),
            day,
        }
    }

    /// An instant of `day`: later for a later sale, and `later` milliseconds after it.
    fn at(day: Date, sale: u128, later: i64) -> Timestamp {
        let noon = settings().zone.instant(day, time(12, 0, 0, 0));
        let since = i64::try_from(sale).unwrap() * 1000 + later;
        noon.checked_add(SignedDuration::from_millis(since)).unwrap()
    }

    /// What is given back of `amount` on `day`, after the sale of this number.
    fn refund(amount: Money, day: Date, sale: u128) -> Refund {
        let (id, by) = (RefundId::new(Ulid::nil()), "staff".parse().unwrap());
        Refund { id, amount, reason: None, at: at(day, sale, 500), by }
    }

    fn settings() -> Settings {
        serde_json::from_value(serde_json::json!({
            "shop": "main", "version": 1, "name": "La Ruche", "sender": "shop@example.com", "zone": "Europe/Paris",
            "currency": "EUR", "country": "FR", "languages": ["fr"],
        }))
        .unwrap()
    }

    fn currencies() -> [Currency; 3] {
        ["EUR", "USD", "JPY"].map(|code| code.parse().unwrap())
    }

    #[test]
    fn averages_are_rounded_half_up() {
        let thresholds = Thresholds::default();
        let mut figures = Figures::default();
        assert_eq!((figures.average_basket(Currency::EUR), figures.tenths_of_days_between_orders()), (None, None));
        for (number, minor, day) in [(1, 1000, 1), (2, 1001, 4), (3, 0, 8)] {
            figures.add(&order(number, minor, Currency::EUR, date(2026, 1, day)), Currency::EUR, &thresholds);
            if number == 2 {
                assert_eq!(figures.average_basket(Currency::EUR), Some(1001), "1000.5 rounds up");
                assert_eq!(figures.tenths_of_days_between_orders(), Some(30));
            }
        }
        assert_eq!(figures.average_basket(Currency::EUR), Some(667));
        assert_eq!(figures.tenths_of_days_between_orders(), Some(35), "seven days, twice");
        figures.visit(date(2026, 1, 5));
        assert_eq!(figures.last_visit_on(), Some(date(2026, 1, 8)));
        figures.visit(date(2026, 2, 5));
        assert_eq!(figures.last_visit_on(), Some(date(2026, 2, 5)));
    }

    #[test]
    fn a_vip_is_one_from_the_cent_that_makes_it_to_the_cent_that_takes_it() {
        let (eur, thresholds) = (Currency::EUR, Thresholds::default());
        let mut figures = Figures::default();
        let mut sell = |number, minor, day| {
            figures.add(&order(number, minor, eur, date(2026, 1, day)), eur, &thresholds);
            figures.vip_since
        };
        assert_eq!(sell(1, 50_000, 1), None);
        assert_eq!(sell(2, 1, 2), Some(date(2026, 1, 2)));
        assert_eq!(sell(3, 1, 3), Some(date(2026, 1, 2)));
        let mut back = |minor, day| {
            let day = date(2026, 1, day);
            figures.refund(&refund(Money::new(minor, eur).unwrap(), day, 3), day, eur, &thresholds);
            figures.vip_since
        };
        assert_eq!(back(1, 4), Some(date(2026, 1, 2)));
        assert_eq!(back(1, 5), None);
        figures.add(&order(4, 1, eur, date(2026, 1, 6)), eur, &thresholds);
        assert_eq!(figures.vip_since, Some(date(2026, 1, 6)));
    }

    /// A sale of so much, in one of the currencies, so many days after the one before, and which
    /// parts of it are given back later.
    fn history() -> impl Strategy<Value = Vec<(i64, usize, i64, Vec<i64>)>> {
        let sale = (0..200_000i64, 0..3usize, 0..200i64, proptest::collection::vec(1..50_000i64, 0..3));
        proptest::collection::vec(sale, 0..40)
    }

    proptest! {
        #[test]
        fn figures_equal_a_recomputation(history in history(), interleave in any::<u64>()) {
            let thresholds = Thresholds::default();
            let mut day = date(2020, 1, 1);
            let (mut figures, mut orders, mut owed): (Figures, Vec<Order>, Vec<(usize, Money)>) = Default::default();
            let give_back = |figures: &mut Figures, orders: &mut Vec<Order>, (at, amount): (usize, Money), day| {
                let back = refund(amount, day, orders.len() as u128 - 1);
                if let Ok(after) = orders[at].refunded(back.clone()) {
                    figures.refund(&back, day, Currency::EUR, &thresholds);
                    orders[at] = after;
                }
            };
            for (number, (minor, currency, gap, refunds)) in history.into_iter().enumerate() {
                day = day.saturating_add(gap.days());
                let sold = order(number as u128, minor, currencies()[currency], day);
                figures.add(&sold, Currency::EUR, &thresholds);
                owed.extend(refunds.iter().map(|minor| (number, Money::new(*minor, sold.total.currency()).unwrap())));
                orders.push(sold);
                if interleave >> (number % 64) & 1 == 1 {
                    owed.drain(..).for_each(|refund| give_back(&mut figures, &mut orders, refund, day));
                }
            }
            owed.drain(..).for_each(|refund| give_back(&mut figures, &mut orders, refund, day));

            prop_assert_eq!(figures.orders as usize, orders.len());
            for currency in currencies() {
                let of: Vec<&Order> = orders.iter().filter(|order| order.total.currency() == currency).collect();
                let net: i64 = of.iter().map(|order| order.net().minor()).sum();
                prop_assert_eq!(figures.total(currency).unwrap().minor(), net);
                prop_assert_eq!(figures.counts.get(&currency).copied().unwrap_or(0) as usize, of.len());
            }
            let days: Vec<Date> = orders.iter().map(|order| order.day).collect();
            prop_assert_eq!(figures.first_order_on, days.first().copied());
            prop_assert_eq!(figures.last_order_on(), days.last().copied());
            prop_assert_eq!(figures.last_order, orders.last().map(|order| order.id));
            prop_assert_eq!(&figures.channels, &orders.iter().map(|order| order.channel).collect());
            let newest: Vec<Date> = days.into_iter().rev().take(Thresholds::MOST_REGULAR_FROM).collect();
            prop_assert_eq!(&figures.last_days, &newest);
            // Shuffled: what is computed anew does not depend on how orders are read.
            orders.reverse();
            prop_assert_eq!(Figures::of(&orders, &settings()), figures);
        }
    }
}
