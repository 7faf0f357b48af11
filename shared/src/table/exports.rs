//! Export jobs.

use super::keys;
use super::{Table, Transaction, to_item};
use crate::Result;
use crate::domain::{ExportId, ExportJob, ShopId};

impl Table {
    /// The job with this id.
    pub async fn export(&self, shop: &ShopId, id: ExportId) -> Result<Option<ExportJob>> {
        self.get(&keys::export(shop, id)).await
    }

    /// Moves a job on from the version it was read with; `false` if another was quicker.
    pub async fn replace_export(&self, job: &ExportJob) -> Result<bool> {
        self.replace_one(to_item(keys::export(&job.shop, job.id), "export", job)?, job.version - 1).await
    }
}

impl Transaction {
    /// Asks for an export: the stream brings the job to its worker.
    pub fn create_export(&mut self, job: &ExportJob) -> Result<()> {
        self.create(to_item(keys::export(&job.shop, job.id), "export", job)?);
        Ok(())
    }
}
