//! Writes the file of one job.
//!
//! Each delivery of the job begins an attempt with a version of its own; whoever finds another
//! version at the end has been overtaken, and its file, under a key of its own, is left to the
//! bucket's lifecycle.

use shared::domain::{ClaimId, CustomerId, ExportJob, ExportState};
use shared::table::SHARDS;
use shared::{Error, Result};

use crate::State;
use crate::csv_rows::Rows;
use crate::upload::{PART, Upload};

/// How many customers are read at once: the most of one batch.
const BATCH: u32 = 100;

/// Runs the job unless it is at its end.
///
/// # Errors
/// [`Error`] when it has to be tried again.
pub async fn run(state: &State, announced: ExportJob) -> Result<()> {
    let table = &state.app.table;
    let Some(job) = table.export(&announced.shop, announced.id).await? else {
        return Ok(());
    };
    match job.state {
        ExportState::Done { .. } | ExportState::Failed { .. } => return Ok(()),
        ExportState::Pending | ExportState::Running { .. } => {}
    }
    let now = state.app.clock.now();
    if job.attempts >= ExportJob::MAX_ATTEMPTS {
        return table.replace_export(&next(&job, ExportState::Failed { at: now })).await.map(drop);
    }
    let owner = ClaimId::new(state.app.entropy.ulid(now));
    let job = ExportJob { attempts: job.attempts + 1, ..next(&job, ExportState::Running { owner }) };
    if !table.replace_export(&job).await? {
        return Ok(());
    }
    let object = job.object_key();
    let rows = write(state, &job, &object).await?;
    let at = state.app.clock.now();
    let done = table.replace_export(&next(&job, ExportState::Done { at, rows, object })).await?;
    tracing::info!(shop = %job.shop, job = %job.id, rows, done, "export");
    Ok(())
}

fn next(job: &ExportJob, state: ExportState) -> ExportJob {
    ExportJob { version: job.version + 1, state, ..job.clone() }
}

async fn write(state: &State, job: &ExportJob, object: &str) -> Result<u64> {
    let mut upload = Upload::begin(state, object).await?;
    match rows(state, job, &mut upload).await {
        Ok(count) => upload.finish().await.map(|()| count),
        Err(error) => {
            upload.abort().await;
            Err(error)
        }
    }
}

/// Every customer once: an id never changes, so whatever else changes meanwhile, nobody present
/// all along is passed over or met twice.
async fn rows(state: &State, job: &ExportJob, upload: &mut Upload<'_>) -> Result<u64> {
    let table = &state.app.table;
    let mut rows = Rows::new().map_err(unwritable)?;
    for shard in 0..SHARDS {
        let mut after: Option<CustomerId> = None;
        loop {
            let hits = table.customers_by_first_contact(&job.shop, shard, BATCH, after).await?;
            let Some(last) = hits.last() else {
                break;
            };
            after = Some(last.id);
            let ids: Vec<CustomerId> = hits.iter().map(|hit| hit.id).collect();
            let mut customers = table.customers(&job.shop, &ids).await?;
            customers.sort_by_key(|customer| customer.id);
            for customer in &customers {
                rows.add(customer).map_err(unwritable)?;
            }
            if rows.waiting() >= PART {
                upload.add(rows.take().map_err(unwritable)?).await?;
            }
        }
    }
    let count = rows.count();
    upload.add(rows.take().map_err(unwritable)?).await?;
    Ok(count)
}

fn unwritable(_: csv::Error) -> Error {
    Error::Impossible("writing CSV to memory")
}
