//! Due dates (pattern 6): who is due on which day for which kind of mail.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::keys::{self, Index, Key};
use super::{Item, Page, Position, Range, Select, Step, Table, Transaction, file_in, to_item};
use crate::Result;
use crate::domain::{DueDate, DueKind, ShopId};

#[derive(Deserialize)]
struct Filed {
    due: DueDate,
}

impl Table {
    /// Pattern 6: who is due for `kind` from day `from` to day `to`, both included, by day. Half a
    /// read unit per 4 KB of due dates, however big the shop.
    pub async fn due_dates(
        &self,
        shop: &ShopId,
        kind: DueKind,
        from: Date,
        to: Date,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<DueDate>> {
        let range = Range::Between(from.to_string(), format!("{to}~"));
        let select = Select::index(Index::Due, keys::due_list(shop, kind), range, limit).after(after);
        let page: Page<Filed> = self.query(select).await?;
        Ok(Page { items: page.items.into_iter().map(|filed| filed.due).collect(), next: page.next })
    }
}

impl Transaction {
    /// Moves `due` on to what follows it, or ends it. Refused if it was moved or ended already.
    pub fn settle_due_date(&mut self, shop: &ShopId, due: &DueDate) -> Result<Step> {
        let key = keys::due_date(shop, due.customer, due.kind());
        let next = due.next().map(|next| item(shop, key.clone(), &next)).transpose()?;
        Ok(self.settle(key, "day", &due.day.to_string(), next))
    }
}

/// A due date, with its place in the `due` index.
pub(super) fn item(shop: &ShopId, key: Key, due: &DueDate) -> Result<Item> {
    let mut item = to_item(key, "due", &HashMap::<String, String>::new())?;
    item.insert("day".to_owned(), aws_sdk_dynamodb::types::AttributeValue::S(due.day.to_string()));
    let sort = keys::due_list_sort(due.day, due.customer);
    file_in(&mut item, Index::Due, keys::due_list(shop, due.kind()), sort, Some(due))?;
    Ok(item)
}
