//! When somebody is erased, the files that may hold them go, and what is being written begins anew.

use jiff::SignedDuration;
use shared::domain::{Erasure, ExportJob, ExportState};
use shared::{Error, Result};

use crate::State;
use crate::worker;

/// How many jobs are read at once.
const PAGE: u32 = 100;

/// How long a file may stand in the bucket: its lifecycle deletes what is older.
const LONGEST: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Withdraws the shop's files that were begun before the erasure, and restarts what was.
///
/// # Errors
/// [`Error`] when it has to be tried again.
pub async fn withdraw(state: &State, erasure: &Erasure) -> Result<()> {
    let since = erasure.at.checked_sub(LONGEST).map_err(|_| Error::Impossible("the beginning of the calendar"))?;
    let (mut after, mut contended) = (None, Ok(()));
    loop {
        let page = state.app.table.exports(&erasure.shop, since, PAGE, after).await?;
        for job in page.items.into_iter().filter(|job| job.may_precede(erasure.at)) {
            // One that is in somebody's hands must not keep the others from going.
            match withdraw_one(state, job).await {
                Err(Error::Contended) => contended = Err(Error::Contended),
                withdrawn => withdrawn?,
            }
        }
        after = page.next;
        if after.is_none() {
            return contended;
        }
    }
}

async fn withdraw_one(state: &State, job: ExportJob) -> Result<()> {
    let table = &state.app.table;
    match &job.state {
        ExportState::Done { .. } => {
            // Those of attempts that ended between writing and saying so as well.
            delete_all(state, &job).await?;
            let at = state.app.clock.now();
            // One that was quicker did the same.
            table.replace_export(&job.next(ExportState::Withdrawn { at }, at)).await.map(drop)
        }
        ExportState::Failed { .. } | ExportState::Withdrawn { .. } | ExportState::Cancelled { .. } => {
            delete_all(state, &job).await
        }
        ExportState::Running { .. } => match worker::begin_anew(state, &job).await? {
            // The stream brings it to a worker.
            true => Ok(()),
            // It went on by itself: look again.
            false => Err(Error::Contended),
        },
        ExportState::Pending => Ok(()),
    }
}

/// Deletes the file of every attempt at `job`, if it is there.
///
/// # Errors
/// [`Error`] when it has to be tried again.
pub async fn delete_all(state: &State, job: &ExportJob) -> Result<()> {
    for object in job.object_keys() {
        delete(state, &object).await?;
    }
    Ok(())
}

/// Deletes a file, if it is there.
///
/// # Errors
/// [`Error`] when it has to be tried again.
pub async fn delete(state: &State, object: &str) -> Result<()> {
    state.s3.delete_object().bucket(&state.bucket).key(object).send().await.map(drop).map_err(Error::of_s3)
}
