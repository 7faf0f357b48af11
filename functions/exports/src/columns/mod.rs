//! What each kind of export has columns of: a name that never changes, and what stands under it.
//!
//! Adding a column: one line in the list of its kind. Adding a kind: a file with its list, and an arm
//! in [`known`] and in `rows`.

mod consents;
mod customers;
mod messages;
mod notes;
mod orders;
mod statistics;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use shared::domain::{ExportWhat, GroupId, Settings};
use shared::table::Hit;

use crate::cell::Cell;

pub use consents::CONSENTS;
pub use customers::CUSTOMERS;
pub use messages::MESSAGES;
pub use notes::NOTES;
pub use orders::{ORDER_LINES, ORDERS, OfLine};
pub use statistics::STATISTICS;

/// A column of rows that are made from an `R` each.
pub struct Column<R: 'static> {
    /// What it is called in every format: a key, not words.
    pub name: &'static str,
    /// Whether it is there where nobody names columns.
    pub by_default: bool,
    /// What stands under it.
    pub cell: for<'a> fn(&'a R, &'a Surroundings) -> Cell<'a>,
}

impl<R> Clone for Column<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Column<R> {}

/// A column that is there unless others are named.
const fn column<R>(name: &'static str, cell: for<'a> fn(&'a R, &'a Surroundings) -> Cell<'a>) -> Column<R> {
    Column { name, by_default: true, cell }
}

/// A column that has to be named.
const fn on_request<R>(name: &'static str, cell: for<'a> fn(&'a R, &'a Surroundings) -> Cell<'a>) -> Column<R> {
    Column { name, by_default: false, cell }
}

/// What rows say beside what their own record holds.
pub struct Surroundings {
    /// The shop's rules.
    pub settings: Settings,
    /// The shop's day on which the worker began.
    pub today: Date,
    /// What the groups are called.
    pub groups: BTreeMap<GroupId, String>,
}

/// Something that a customer has, and whose it is.
pub struct Of<T> {
    /// Whose.
    pub hit: Hit,
    /// What.
    pub own: T,
}

/// The columns that a kind has, and whether each is there where nobody names any.
pub fn known(what: ExportWhat) -> Vec<(&'static str, bool)> {
    fn names<R>(columns: &[Column<R>]) -> Vec<(&'static str, bool)> {
        columns.iter().map(|column| (column.name, column.by_default)).collect()
    }
    match what {
        ExportWhat::Customers => names(CUSTOMERS),
        ExportWhat::Orders => names(ORDERS),
        ExportWhat::OrderLines => names(ORDER_LINES),
        ExportWhat::Messages => names(MESSAGES),
        ExportWhat::Consents => names(CONSENTS),
        ExportWhat::Statistics => names(STATISTICS),
        ExportWhat::Notes => names(NOTES),
    }
}

/// What the columns of a file are called: those that are `wanted`, or those that are there by default.
pub fn names(what: ExportWhat, wanted: &[String]) -> Vec<&'static str> {
    let known = known(what);
    if wanted.is_empty() {
        return known.into_iter().filter(|(_, by_default)| *by_default).map(|(name, _)| name).collect();
    }
    wanted.iter().filter_map(|name| known.iter().find(|(known, _)| known == name)).map(|(name, _)| *name).collect()
}

/// Those of `all` that are `wanted`, in that order; without any, those that are there by default.
pub fn chosen<R>(all: &[Column<R>], wanted: &[String]) -> Vec<Column<R>> {
    if wanted.is_empty() {
        return all.iter().filter(|column| column.by_default).copied().collect();
    }
    wanted.iter().filter_map(|name| all.iter().find(|column| column.name == name)).copied().collect()
}

/// The stable name of one of an enumeration's values.
fn named(value: impl Serialize) -> Cell<'static> {
    Cell::of(name_of(value), Cell::text)
}

/// Several of them in one cell.
fn all_named<T: Serialize>(values: impl IntoIterator<Item = T>) -> Cell<'static> {
    listed(values.into_iter().filter_map(name_of))
}

fn name_of(value: impl Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => Some(name),
        _ => None,
    }
}

/// Several words in one cell.
fn listed<T: ToString>(values: impl IntoIterator<Item = T>) -> Cell<'static> {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    if values.is_empty() { Cell::Empty } else { Cell::text(values.join(", ")) }
}
