//! What exceeds one transaction, step by step (see [`Job`]).
//!
//! A request begins a job and goes on with it for ten seconds; `automations` goes on with what is
//! left. Each step reads what stands, and writes it away under conditions that fail where another
//! was quicker: two workers on one job do no harm, and a step that failed is simply made again.

mod erase;

use std::time::{Duration, Instant};

use jiff::Timestamp;

pub use erase::{Erasing, forget_again};

use crate::domain::{Job, JobState, ShopId, Work};
use crate::table::{MAX_STEPS, Transaction};
use crate::telemetry::chain;
use crate::{App, Error, Result};

/// How long a request goes on with the job it began.
pub const IN_REQUEST: Duration = Duration::from_secs(10);

/// How many jobs of a shop one round of `automations` looks at.
const PER_ROUND: u32 = 100;

/// How many items a step reads.
const PAGE: u32 = 25;

/// What a step has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// So many items were dealt with; more may be left.
    More(u64),
    /// Nothing is left.
    Nothing,
}

/// Goes on with `job` until it is done or `budget` has passed. What fails on the way is left to the
/// next round: the job is on its way whatever happens now.
pub async fn run(app: &App, job: Job, budget: Duration) -> Job {
    let began = Instant::now();
    let mut items = 0;
    let ended = loop {
        if began.elapsed() >= budget {
            break Ok(false);
        }
        match step(app, &job).await {
            Ok(Progress::More(more)) => items += more,
            Ok(Progress::Nothing) => break Ok(true),
            Err(error) => break Err(error),
        }
    };
    if let Err(error) = &ended {
        tracing::error!(shop = %job.shop, job = %job.id, kind = job.work.name(), cause = chain(error), "job failed");
    }
    let now = app.clock.now();
    let after = match ended {
        Ok(true) => job.done(items, now),
        Ok(false) | Err(_) if items > 0 => job.put_off(items, now),
        Ok(false) | Err(_) => return job,
    };
    settle(app, job, after).await
}

/// Writes how far a job has come. Where that fails, or another worker was quicker, the next round
/// finds out.
async fn settle(app: &App, before: Job, after: Job) -> Job {
    let written = async {
        let mut transaction = Transaction::new();
        transaction.replace_job(&before, &after)?;
        app.table.commit(transaction).await
    };
    match written.await {
        Ok(Ok(())) => after,
        Ok(Err(_)) => app.table.job(&before.shop, before.id).await.ok().flatten().unwrap_or(before),
        Err(error) => {
            tracing::error!(shop = %before.shop, job = %before.id, cause = chain(&error), "job not settled");
            before
        }
    }
}

/// One step of `job`.
async fn step(app: &App, job: &Job) -> Result<Progress> {
    match &job.work {
        Work::Erase { customer, pseudonym } => erase::step(app, job, *customer, *pseudonym).await,
        Work::Merge { .. } | Work::UndoMerge { .. } | Work::DeleteGroup { .. } => Ok(Progress::Nothing),
    }
}

/// Goes on with the jobs of a shop that nobody has finished, until `deadline`.
///
/// # Errors
/// [`Error`] when the jobs can't be found.
pub async fn resume(app: &App, shop: &ShopId, now: Timestamp, deadline: Instant) -> Result<()> {
    for id in app.table.jobs_awake(shop, now, PER_ROUND).await? {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        // The index may be late: it may have ended meanwhile.
        if let Some(job) = app.table.job(shop, id).await?.filter(|job| job.state == JobState::Running) {
            run(app, job, left).await;
        }
    }
    Ok(())
}

/// Adds `own` to `transaction`, or says that it is full.
fn fits(transaction: &mut Transaction, own: Transaction) -> Result<bool> {
    if own.len() > MAX_STEPS {
        return Err(Error::Impossible("an item that takes more than 100 steps"));
    }
    let fits = transaction.len() + own.len() <= MAX_STEPS;
    if fits {
        transaction.append(own);
    }
    Ok(fits)
}
