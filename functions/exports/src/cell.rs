//! What stands in a row, before any format has made text of it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use shared::domain::Money;

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing is known.
    Empty,
    /// Words: whatever somebody wrote, or a stable name. Never a number, a date or a formula to
    /// whoever opens the file, whatever it looks like.
    Text(Cow<'a, str>),
    /// A count, or a rate in basis points.
    Whole(i64),
    /// An amount, whose currency stands in a column of its own.
    Money(Money),
    /// A day in the shop's zone.
    Day(Date),
    /// An instant, in UTC.
    Instant(Timestamp),
    /// Yes or no.
    Flag(bool),
}

impl<'a> Cell<'a> {
    /// Words, or nothing.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// What `value` makes, or nothing.
    pub fn of<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }
}
