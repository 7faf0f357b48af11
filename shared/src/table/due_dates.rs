//! Due dates (pattern 6): who is due on which day for which kind of mail.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::keys::{self, Index};
use super::{Item, Page, Position, Range, Select, Step, Table, Transaction, file_in, to_item};
use crate::Result;
use crate::domain::{CustomerId, DueDate, DueKind, ShopId};

#[derive(Deserialize)]
struct Filed {
    due: DueDate,
}

impl Table {
    /// Pattern 6: who is due for `kind` because of an occasion from day `from` to day `to`, both included,
    /// by day. Half a read unit per 4 KB of due dates, however big the shop.
    pub async fn due_dates(
        &self,
        shop: &ShopId,
        kind: DueKind,
        from: Date,
        to: Date,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<DueDate>> {
        self.due_dates_of(due_list(shop, kind, from, to, limit).after(after)).await
    }

    /// As [`due_dates`](Self::due_dates), the latest first, from the beginning of time.
    pub async fn due_dates_backwards(
        &self,
        shop: &ShopId,
        kind: DueKind,
        to: Date,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<DueDate>> {
        self.due_dates_of(due_list(shop, kind, Date::MIN, to, limit).backwards().after(after)).await
    }

    /// What a customer is due for, of what follows from the record. A read unit.
    pub async fn due_dates_of_customer(&self, shop: &ShopId, customer: CustomerId) -> Result<Vec<DueDate>> {
        let range = Range::BeginsWith(keys::DUE_DATES.to_owned());
        let select = Select::table(keys::customer_partition(shop, customer), range, DueKind::ALL.len() as u32);
        Ok(self.due_dates_of(select).await?.items)
    }

    async fn due_dates_of(&self, select: Select) -> Result<Page<DueDate>> {
        let page: Page<Filed> = self.query(select).await?;
        Ok(Page { items: page.items.into_iter().map(|filed| filed.due).collect(), next: page.next })
    }
}

fn due_list(shop: &ShopId, kind: DueKind, from: Date, to: Date, limit: u32) -> Select {
    let range = Range::Between(from.to_string(), format!("{to}~"));
    Select::index(Index::Due, keys::due_list(shop, kind), range, limit)
}

impl Transaction {
    /// Moves `due`, which was dealt with on `today`, on to what follows it, or ends it. Refused if it was
    /// moved or ended already.
    pub fn settle_due_date(&mut self, shop: &ShopId, due: &DueDate, today: Date) -> Result<Step> {
        let key = keys::due_date(shop, due);
        if due.kind() == DueKind::AbandonedOrder {
            return Ok(self.unfile(&key, Index::Due, &keys::due_list_sort(due.day, due.customer)));
        }
        let next = due.next(today).map(|next| item(shop, &next)).transpose()?;
        Ok(self.settle(key, "day", &due.day.to_string(), next))
    }
}

/// A due date that is an item of its own, with its place in the `due` index.
pub(super) fn item(shop: &ShopId, due: &DueDate) -> Result<Item> {
    let mut item = to_item(keys::due_date(shop, due), "due", &HashMap::<String, String>::new())?;
    item.insert("day".to_owned(), aws_sdk_dynamodb::types::AttributeValue::S(due.day.to_string()));
    file(&mut item, shop, due)?;
    Ok(item)
}

/// Gives `item` the place of `due` in the `due` index.
pub(super) fn file(item: &mut Item, shop: &ShopId, due: &DueDate) -> Result<()> {
    let sort = keys::due_list_sort(due.day, due.customer);
    file_in(item, Index::Due, keys::due_list(shop, due.kind()), sort, Some(due))
}
