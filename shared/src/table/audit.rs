//! The audit (pattern 10).

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::keys::{self, Index};
use super::{Item, Page, Position, Range, Select, Table, Transaction, file_in, to_item};
use crate::Result;
use crate::domain::{AuditEntry, CustomerId, ShopId};

#[derive(serde::Deserialize)]
struct Carded {
    card: AuditEntry,
}

impl Table {
    /// Writes the audit entry of a consultation: before its answer, so that nothing is seen
    /// unrecorded. `customer` files it with that customer.
    pub async fn record_consultation(
        &self,
        shop: &ShopId,
        entry: &AuditEntry,
        customer: Option<CustomerId>,
    ) -> Result<()> {
        self.create_one(item(shop, entry, customer)?).await.map(drop)
    }

    /// Pattern 10: a page of the audit of a day (UTC), newest first.
    pub async fn audit_of_day(
        &self,
        shop: &ShopId,
        day: Date,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<AuditEntry>> {
        let select = Select::table(keys::audit_partition(shop, day), Range::All, limit);
        self.query(select.backwards().after(after)).await
    }

    /// Pattern 10: a page of the audit of a customer, newest first.
    pub async fn audit_of_customer(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<AuditEntry>> {
        let select = Select::index(Index::List, keys::audit_list(shop, customer), Range::All, limit);
        let page: Page<Carded> = self.query(select.backwards().after(after)).await?;
        Ok(Page { items: page.items.into_iter().map(|filed| filed.card).collect(), next: page.next })
    }
}

impl Transaction {
    /// Records a change, in the transaction that makes it.
    pub fn audit(&mut self, shop: &ShopId, entry: &AuditEntry, customer: Option<CustomerId>) -> Result<()> {
        self.create(item(shop, entry, customer)?);
        Ok(())
    }
}

fn item(shop: &ShopId, entry: &AuditEntry, customer: Option<CustomerId>) -> Result<Item> {
    let day = entry.at.to_zoned(TimeZone::UTC).date();
    let mut item = to_item(keys::audit(shop, day, entry.id), "audit", entry)?;
    if let Some(customer) = customer {
        file_in(&mut item, Index::List, keys::audit_list(shop, customer), entry.id.to_string(), Some(entry))?;
    }
    Ok(item)
}
