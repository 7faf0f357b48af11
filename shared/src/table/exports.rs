//! Export jobs (pattern 13), and what they read of each customer (pattern 11).

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use ulid::Ulid;

use super::keys;
use super::{Item, Page, Position, Range, Select, Step, Table, Transaction, expire, to_item};
use crate::Result;
use crate::domain::{ConsentEvidence, CustomerId, ExportId, ExportJob, Message, Note, Order, ShopId};

/// What a customer has many of, and an export has a row of each for.
pub trait Kept: DeserializeOwned {
    /// How the sort keys of its items begin.
    const BEGINNING: &'static str;
}

impl Kept for Order {
    const BEGINNING: &'static str = keys::ORDERS;
}

impl Kept for Message {
    const BEGINNING: &'static str = keys::MESSAGES;
}

impl Kept for ConsentEvidence {
    const BEGINNING: &'static str = keys::CONSENTS;
}

impl Kept for Note {
    const BEGINNING: &'static str = keys::NOTES;
}

impl Table {
    /// The job with this id.
    pub async fn export(&self, shop: &ShopId, id: ExportId) -> Result<Option<ExportJob>> {
        self.get(&keys::export(shop, id)).await
    }

    /// Pattern 13: a page of a shop's jobs asked for from `since` on, oldest first, read consistently.
    pub async fn exports(
        &self,
        shop: &ShopId,
        since: Timestamp,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<ExportJob>> {
        let since = Ulid::from_parts(u64::try_from(since.as_millisecond()).unwrap_or(0), 0);
        let range = Range::Between(since.to_string(), "~".to_owned());
        self.query(Select::table(keys::exports_partition(shop), range, limit).after(after)).await
    }

    /// Pattern 13: a page of a shop's jobs, the newest first.
    pub async fn newest_exports(&self, shop: &ShopId, limit: u32, after: Option<Position>) -> Result<Page<ExportJob>> {
        let select = Select::table(keys::exports_partition(shop), Range::All, limit).backwards();
        self.query(select.after(after)).await
    }

    /// Moves a job on from the version it was read with; `false` if another was quicker.
    pub async fn replace_export(&self, job: &ExportJob) -> Result<bool> {
        self.replace_one(item(job)?, job.version - 1).await
    }

    /// Pattern 11: a page of what a customer has of one kind, in the order of its keys. Half a read unit
    /// for 4 KB, and where there is nothing.
    pub async fn kept<T: Kept>(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<T>> {
        let range = Range::BeginsWith(T::BEGINNING.to_owned());
        let select = Select::table(keys::customer_partition(shop, customer), range, limit);
        self.query(select.eventually().after(after)).await
    }
}

impl Transaction {
    /// Moves a job on from the version it was read with.
    pub fn replace_export(&mut self, job: &ExportJob) -> Result<Step> {
        Ok(self.replace(item(job)?, job.version - 1))
    }

    /// Asks for an export: the stream brings the job to its worker.
    pub fn create_export(&mut self, job: &ExportJob) -> Result<()> {
        self.create(item(job)?);
        Ok(())
    }
}

/// A job, forgotten by itself after a while.
fn item(job: &ExportJob) -> Result<Item> {
    let mut item = to_item(keys::export(&job.shop, job.id), "export", job)?;
    expire(&mut item, job.requested_at.saturating_add(ExportJob::LIFE).unwrap_or(Timestamp::MAX));
    Ok(item)
}
