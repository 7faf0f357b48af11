//! Export jobs (pattern 13).

use jiff::Timestamp;
use ulid::Ulid;

use super::keys;
use super::{Page, Position, Range, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{ExportId, ExportJob, ShopId};

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

    /// Moves a job on from the version it was read with; `false` if another was quicker.
    pub async fn replace_export(&self, job: &ExportJob) -> Result<bool> {
        self.replace_one(to_item(keys::export(&job.shop, job.id), "export", job)?, job.version - 1).await
    }
}

impl Transaction {
    /// Moves a job on from the version it was read with.
    pub fn replace_export(&mut self, job: &ExportJob) -> Result<Step> {
        Ok(self.replace(to_item(keys::export(&job.shop, job.id), "export", job)?, job.version - 1))
    }

    /// Asks for an export: the stream brings the job to its worker.
    pub fn create_export(&mut self, job: &ExportJob) -> Result<()> {
        self.create(to_item(keys::export(&job.shop, job.id), "export", job)?);
        Ok(())
    }
}
