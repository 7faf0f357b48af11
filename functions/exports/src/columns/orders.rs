//! Orders and their lines.

use shared::domain::{Order, OrderLine};

use super::{Column, Of, column, named};
use crate::cell::Cell;

/// The columns of an order, in order.
pub const ORDERS: &[Column<Of<Order>>] = &[
    column("id", |order, _| Cell::text(order.own.id.to_string())),
    column("number", |order, _| Cell::text(order.own.number().to_string())),
    column("customer_id", |order, _| Cell::text(order.hit.id.to_string())),
    column("customer_name", |order, _| Cell::text(order.hit.name.expose())),
    column("customer_email", |order, _| Cell::text(order.hit.email.expose())),
    column("day", |order, _| Cell::Day(order.own.day)),
    column("placed_at", |order, _| Cell::Instant(order.own.placed_at)),
    column("state", |order, _| Cell::text(order.own.state.name())),
    column("channel", |order, _| named(order.own.channel)),
    column("payment_method", |order, _| Cell::of(order.own.payment_method, named)),
    column("lines", |order, _| Cell::Whole(i64::try_from(order.own.lines.len()).unwrap_or(i64::MAX))),
    column("currency", |order, _| Cell::text(order.own.total.currency().code())),
    column("total", |order, _| Cell::Money(order.own.total)),
    column("refunded", |order, _| Cell::Money(order.own.refunded_total())),
    column("net", |order, _| Cell::Money(order.own.net())),
    column("note", |order, _| Cell::of(order.own.note.as_ref(), |note| Cell::text(note.expose()))),
];

/// A line of an order, by its place.
pub struct OfLine {
    /// The order, and whose it is.
    pub order: Of<Order>,
    /// Which line, from 0.
    pub index: usize,
}

impl OfLine {
    fn own<'a>(&'a self, cell: impl FnOnce(&'a OrderLine) -> Cell<'a>) -> Cell<'a> {
        self.order.own.lines.get(self.index).map_or(Cell::Empty, cell)
    }
}

/// The columns of an order's line, in order.
pub const ORDER_LINES: &[Column<OfLine>] = &[
    column("order_id", |line, _| Cell::text(line.order.own.id.to_string())),
    column("order_number", |line, _| Cell::text(line.order.own.number().to_string())),
    column("line", |line, _| Cell::Whole(i64::try_from(line.index + 1).unwrap_or(i64::MAX))),
    column("customer_id", |line, _| Cell::text(line.order.hit.id.to_string())),
    column("customer_name", |line, _| Cell::text(line.order.hit.name.expose())),
    column("customer_email", |line, _| Cell::text(line.order.hit.email.expose())),
    column("day", |line, _| Cell::Day(line.order.own.day)),
    column("state", |line, _| Cell::text(line.order.own.state.name())),
    column("product_id", |line, _| line.own(|own| Cell::of(own.product, |product| Cell::text(product.to_string())))),
    column("product_name", |line, _| line.own(|own| Cell::text(own.name.expose()))),
    column("unit", |line, _| line.own(|own| Cell::of(own.unit.as_ref(), |unit| Cell::text(unit.expose())))),
    column("quantity", |line, _| line.own(|own| Cell::Whole(own.quantity.get().into()))),
    column("currency", |line, _| line.own(|own| Cell::text(own.unit_price.currency().code()))),
    column("base_price", |line, _| line.own(|own| Cell::Money(own.base_price))),
    column("discount_bp", |line, _| {
        line.own(|own| Cell::of(own.discount, |discount| Cell::Whole(discount.basis_points().into())))
    }),
    column("unit_price", |line, _| line.own(|own| Cell::Money(own.unit_price))),
    column("total", |line, _| line.own(|own| Cell::of(own.total(), Cell::Money))),
];
