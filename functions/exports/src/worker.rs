//! Writes the file of one job.
//!
//! Each delivery of the job begins an attempt with a version of its own; whoever finds another
//! version at the end has been overtaken, and deletes its file, which has a key of its own. So does
//! whoever finds at the end that somebody was erased meanwhile, and begins anew.

use std::collections::HashSet;

use jiff::Timestamp;
use shared::domain::{ClaimId, CustomerId, Erasure, ExportJob, ExportState, Message, MessageId, Occurrence};
use shared::table::{SHARDS, Transaction};
use shared::{Error, Result};

use crate::State;
use crate::csv_rows::Rows;
use crate::upload::{PART, Upload};
use crate::withdraw::{delete, delete_all};

/// How many customers are read at once: the most of one batch.
const BATCH: u32 = 100;

/// How many of the newest erasures an attempt knows of: those that a late index, or a read that is
/// not consistent, may not show yet.
const ERASURES: u32 = 100;

/// Runs the job unless it is at its end.
///
/// # Errors
/// [`Error`] when it has to be tried again.
pub async fn run(state: &State, announced: ExportJob) -> Result<()> {
    let table = &state.app.table;
    while let Some(job) = table.export(&announced.shop, announced.id).await? {
        match job.state {
            ExportState::Done { .. } | ExportState::Withdrawn { .. } | ExportState::Failed { .. } => return Ok(()),
            ExportState::Pending | ExportState::Running { .. } => {}
        }
        let now = state.app.clock.now();
        if job.attempts >= ExportJob::MAX_ATTEMPTS {
            return table.replace_export(&next(&job, ExportState::Failed { at: now })).await.map(drop);
        }
        let owner = ClaimId::new(state.app.entropy.ulid(now));
        let begun = next(&job, ExportState::Running { owner });
        let job = ExportJob { attempts: job.attempts + 1, begun_at: Some(now), ..begun };
        if !table.replace_export(&job).await? || attempt(state, job).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes the file of the attempt; `false` if it has to be made again, since somebody was erased
/// meanwhile.
async fn attempt(state: &State, job: ExportJob) -> Result<bool> {
    let table = &state.app.table;
    let known = table.newest_erasures(&job.shop, ERASURES).await?;
    let object = job.object_key();
    // An attempt that ended between writing its file and saying so has left it.
    delete_all(state, &job).await?;
    let rows = write(state, &job, &object, &known).await?;
    if table.newest_erasures(&job.shop, 1).await?.first() != known.first() {
        delete(state, &object).await?;
        table.replace_export(&restarted(&job)).await?;
        return Ok(false);
    }
    let at = state.app.clock.now();
    let done = finish(state, &next(&job, ExportState::Done { at, rows, object: object.clone() }), at).await?;
    tracing::info!(shop = %job.shop, job = %job.id, rows, done, "export");
    if !done {
        delete(state, &object).await?;
    }
    Ok(true)
}

/// Says that the file is there, and tells the shop; `false` if another attempt has overtaken this one.
async fn finish(state: &State, job: &ExportJob, at: Timestamp) -> Result<bool> {
    let (app, occurrence) = (&state.app, Occurrence::ExportReady { export: job.id });
    let message = Message::to_merchant(job.shop.clone(), MessageId::new(app.entropy.ulid(at)), occurrence, at);
    let mut transaction = Transaction::new();
    transaction.replace_export(job)?;
    transaction.tell_merchant(&message)?;
    Ok(app.table.commit(transaction).await?.is_ok())
}

/// The job, to be begun anew through no fault of its own: its present attempt does not count.
pub fn restarted(job: &ExportJob) -> ExportJob {
    ExportJob { attempts: job.attempts.saturating_sub(1), ..next(job, ExportState::Pending) }
}

/// The job's next version.
pub fn next(job: &ExportJob, state: ExportState) -> ExportJob {
    ExportJob { version: job.version + 1, state, ..job.clone() }
}

async fn write(state: &State, job: &ExportJob, object: &str, erased: &[Erasure]) -> Result<u64> {
    let mut upload = Upload::begin(state, object).await?;
    let erased = erased.iter().map(|erasure| erasure.customer).collect();
    match rows(state, job, &mut upload, &erased).await {
        Ok(count) => upload.finish().await.map(|()| count),
        Err(error) => {
            upload.abort().await;
            Err(error)
        }
    }
}

/// Every customer once: an id never changes, so whatever else changes meanwhile, nobody present
/// all along is passed over or met twice.
async fn rows(state: &State, job: &ExportJob, upload: &mut Upload<'_>, erased: &HashSet<CustomerId>) -> Result<u64> {
    let table = &state.app.table;
    let mut rows = Rows::new().map_err(unwritable)?;
    for shard in 0..SHARDS {
        let mut after: Option<CustomerId> = None;
        loop {
            let listed = table.customers_by_first_contact(&job.shop, shard, BATCH, after).await?;
            let Some(last) = listed.last() else {
                break;
            };
            after = Some(last.hit.id);
            let ids: Vec<CustomerId> =
                listed.iter().map(|listed| listed.hit.id).filter(|id| !erased.contains(id)).collect();
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
