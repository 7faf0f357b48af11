//! A customer's orders in figures (O04), moved by one function.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Channel, Currency, Money, Order, OrderId};

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

    /// What the orders in `currency` come to. Amounts of other currencies are never converted.
    pub fn total(&self, currency: Currency) -> Option<Money> {
        Money::new(self.totals.get(&currency).copied().unwrap_or(0), currency).ok()
    }

    /// Where orders were placed.
    pub fn channels(&self) -> impl Iterator<Item = Channel> {
        (self.orders > 0).then_some(Channel::Web).into_iter()
    }

    /// The day of the newest order.
    pub fn last_order_on(&self) -> Option<Date> {
        self.last_days.first().copied()
    }
}
