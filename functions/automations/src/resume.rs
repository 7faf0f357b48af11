//! Every five minutes: the jobs that nobody has finished, who has to be forgotten again, and exports that
//! no worker has.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use shared::domain::{ExportJob, ExportState, ShopId};
use shared::telemetry::chain;
use shared::{App, Result, jobs};

/// How long a round goes on: well within the life of the function.
const BUDGET: Duration = Duration::from_secs(40);

/// Goes through the shops. One that fails does not keep the others from going.
pub async fn resume(app: &App, now: Timestamp) -> Result<()> {
    let deadline = Instant::now() + BUDGET;
    let mut failed = None;
    for shop in app.table.shops().await? {
        if let Err(error) = resume_shop(app, &shop, now, deadline).await {
            tracing::error!(%shop, cause = chain(&error), "jobs could not be gone on with");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn resume_shop(app: &App, shop: &ShopId, now: Timestamp, deadline: Instant) -> Result<()> {
    let Some(settings) = app.table.settings(shop).await? else {
        return Ok(());
    };
    // What was begun comes first: looking through the ledger must not keep it from ending.
    let resumed = jobs::resume(app, shop, now, deadline).await;
    // The one does not wait for the other.
    wake_exports(app, shop, now).await?;
    resumed?;
    for job in jobs::forget_again(app, &settings, now).await? {
        jobs::run(app, job, deadline.saturating_duration_since(Instant::now())).await;
    }
    Ok(())
}

/// How many exports of a shop are read at once.
const EXPORTS: u32 = 100;

/// How long after it was asked for an export may be without a worker.
const ASKED: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Brings exports back to a worker that were not heard of for longer than one may take: the stream gives
/// up what failed four times. The worker counts how often that was, and gives up too in the end.
async fn wake_exports(app: &App, shop: &ShopId, now: Timestamp) -> Result<()> {
    let since = now.saturating_sub(ASKED).unwrap_or(Timestamp::MIN);
    let mut after = None;
    loop {
        let page = app.table.exports(shop, since, EXPORTS, after).await?;
        for job in page.items.into_iter().filter(|job| is_silent(job, now)) {
            // Where it has changed, somebody has it.
            app.table.replace_export(&job.next(ExportState::Pending, now)).await?;
            tracing::warn!(%shop, job = %job.id, "an export is brought back to a worker");
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn is_silent(job: &ExportJob, now: Timestamp) -> bool {
    let changed = job.changed_at.unwrap_or(job.requested_at);
    !job.state.is_final() && now.duration_since(changed) > ExportJob::SILENCE
}
