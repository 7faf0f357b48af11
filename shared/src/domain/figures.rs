//! A customer's orders in figures (O04), moved by one function.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Currency, Money, Order, OrderId};

/// What a customer has ordered, in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// How many orders stand.
    pub orders: u32,
    /// What they come to, in minor units per currency.
    pub totals: BTreeMap<Currency, i64>,
    /// The day of the first, in the shop's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_order_on: Option<Date>,
    /// The newest order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_order: Option<OrderId>,
    /// The days of the last three, newest first: enough to know «three purchases within a year» on
    /// any later day.
    pub last_days: Vec<Date>,
}

impl Figures {
    const DAYS_KEPT: usize = 3;

    /// Adds `order`, placed on `day` in the shop's zone.
    pub fn add(&mut self, order: &Order, day: Date) {
        self.orders = self.orders.saturating_add(1);
        let total = self.totals.entry(order.total.currency()).or_default();
        *total = total.saturating_add(order.total.minor());
        self.first_order_on.get_or_insert(day);
        self.last_order = Some(order.id);
        self.last_days.insert(0, day);
        self.last_days.truncate(Self::DAYS_KEPT);
    }

    /// The figures of all orders of both: what two records of one person come to.
    #[must_use]
    pub fn joined_with(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        joined.orders = self.orders.saturating_add(other.orders);
        for (currency, minor) in &other.totals {
            let total = joined.totals.entry(*currency).or_default();
            *total = total.saturating_add(*minor);
        }
        joined.first_order_on = self.first_order_on.into_iter().chain(other.first_order_on).min();
        joined.last_order = self.last_order.max(other.last_order);
        joined.last_days.extend(&other.last_days);
        joined.last_days.sort_by_key(|day| std::cmp::Reverse(*day));
        joined.last_days.truncate(Self::DAYS_KEPT);
        joined
    }

    /// What the orders in `currency` come to. Amounts of other currencies are never converted.
    pub fn total(&self, currency: Currency) -> Option<Money> {
        Money::new(self.totals.get(&currency).copied().unwrap_or(0), currency).ok()
    }

    /// The day of the newest order.
    pub fn last_order_on(&self) -> Option<Date> {
        self.last_days.first().copied()
    }
}
