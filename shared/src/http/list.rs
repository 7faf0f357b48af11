//! Lists, as every route answers them.

use serde::Serialize;

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// The `cursor` of the page after this one; null at the end.
    pub next: Option<String>,
}
