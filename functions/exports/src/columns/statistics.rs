//! A customer's orders in figures, and the segments they are in (S05), as one row.

use shared::domain::{Currency, Customer, Money, Segments};

use super::{Column, Surroundings, all_named, column, listed, named};
use crate::cell::Cell;

/// The columns, in order. Amounts are in the customer's own currency; `other_totals` are what they paid
/// in others.
pub const STATISTICS: &[Column<Customer>] = &[
    column("customer_id", |customer, _| Cell::text(customer.id.to_string())),
    column("customer_name", |customer, _| Cell::text(customer.name.expose())),
    column("customer_email", |customer, _| Cell::text(customer.email.expose())),
    column("currency", |customer, _| Cell::text(customer.currency.code())),
    column("orders", |customer, _| Cell::Whole(customer.figures.orders.into())),
    column("total", |customer, _| Cell::of(customer.figures.total(customer.currency), Cell::Money)),
    column("average_basket", |customer, _| {
        let average = customer.figures.average_basket(customer.currency);
        Cell::of(average.and_then(|minor| Money::new(minor, customer.currency).ok()), Cell::Money)
    }),
    column("other_totals", |customer, _| listed(other_totals(customer))),
    column("days_between_orders", |customer, _| {
        Cell::of(customer.figures.tenths_of_days_between_orders(), |tenths| Cell::Whole((tenths + 5) / 10))
    }),
    column("first_order_on", |customer, _| Cell::of(customer.figures.first_order_on, Cell::Day)),
    column("last_order_on", |customer, _| Cell::of(customer.figures.last_order_on(), Cell::Day)),
    column("last_visit_on", |customer, _| Cell::of(customer.figures.last_visit_on(), Cell::Day)),
    column("channels", |customer, _| all_named(&customer.figures.channels)),
    column("primary_segment", |customer, shop| Cell::of(segments(customer, shop).primary(), named)),
    column("segments", |customer, shop| all_named(segments(customer, shop).iter())),
];

fn segments(customer: &Customer, shop: &Surroundings) -> Segments {
    let settings = &shop.settings;
    Segments::of(&customer.figures, settings.currency, &settings.thresholds, shop.today)
}

fn other_totals(customer: &Customer) -> impl Iterator<Item = String> {
    let currencies = customer.figures.totals.keys().copied().filter(|currency| *currency != customer.currency);
    let total = |currency: Currency| customer.figures.total(currency);
    currencies.filter_map(total).map(|total| format!("{} {}", total.currency().code(), total.decimal()))
}
