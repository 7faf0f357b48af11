//! What exceeds one transaction, step by step (see [`Job`]).
//!
//! A request begins a job and goes on with it for ten seconds; `automations` goes on with what is
//! left. Each step reads what stands, and writes it away under conditions that fail where another
//! was quicker: two workers on one job do no harm, and a step that failed is simply made again.

mod delete_group;
mod erase;
mod merge;
mod note_words;
mod relocate;
mod undo;

use std::time::{Duration, Instant};

use jiff::Timestamp;

pub use erase::{Erasing, forget_again};
pub use merge::Merging;
pub use note_words::finish_note;
pub use undo::Undoing;

use self::relocate::Route;

use crate::domain::{Job, JobState, ShopId, Work};
use crate::table::{Belonging, Belongings, MAX_STEPS, Transaction};
use crate::telemetry::chain;
use crate::{App, Error, Result};

/// How long a request goes on with the job it began.
pub const IN_REQUEST: Duration = Duration::from_secs(10);

/// How long what is in use is waited for: a mail that was handed over is settled by then.
const LATER: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

/// How many steps in a row may come to nothing before the next round goes on.
const MOST_IDLE: u32 = 20;

/// How many jobs of a shop one round of `automations` looks at.
const PER_ROUND: u32 = 100;

/// How many items a step reads.
const PAGE: u32 = 25;

/// What a step has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// So many items were dealt with; more may be left.
    More(u64),
    /// What is left is in use, and can't be dealt with now.
    Later,
    /// Nothing is left.
    Nothing,
}

/// Goes on with `job` until it is done or `budget` has passed. What fails on the way is left to the
/// next round: the job is on its way whatever happens now.
pub async fn run(app: &App, mut job: Job, budget: Duration) -> Job {
    let began = Instant::now();
    let (read, mut items, mut idle) = (job.clone(), 0, 0);
    let ended = loop {
        if began.elapsed() >= budget || idle >= MOST_IDLE {
            break Ok(Progress::More(0));
        }
        let before = job.clone();
        match step(app, &mut job).await {
            Ok(Progress::More(more)) => {
                items += more;
                idle = if more == 0 && job == before { idle + 1 } else { 0 };
            }
            ended => break ended,
        }
    };
    if let Err(error) = &ended {
        tracing::error!(shop = %job.shop, job = %job.id, kind = job.work.name(), cause = chain(error), "job failed");
    }
    let now = app.clock.now();
    let after = match ended {
        Ok(Progress::Nothing) => job.done(items, now),
        Ok(Progress::Later) => job.put_off(items, now.checked_add(LATER).unwrap_or(now)),
        Ok(Progress::More(_)) | Err(_) if items > 0 || job != read => job.put_off(items, now),
        Ok(Progress::More(_)) | Err(_) => return job,
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

/// One step of `job`, which changes itself where a step comes once.
///
/// # Errors
/// [`Error`] when it has to be made again.
async fn step(app: &App, job: &mut Job) -> Result<Progress> {
    match job.work {
        Work::Erase { customer, pseudonym } => erase::step(app, job, customer, pseudonym).await,
        Work::Merge { survivor, words: true, .. } | Work::UndoMerge { survivor, words: true, .. } => {
            merge::write_words(app, job, survivor).await
        }
        Work::Merge { survivor, other, .. } => merge::step(app, job, Route { from: other, to: survivor }).await,
        Work::UndoMerge { merge, survivor, other, .. } => {
            undo::step(app, job, merge, Route { from: survivor, to: other }).await
        }
        Work::DeleteGroup { .. } => delete_group::step(app, job).await,
        Work::NoteWords { customer, note } => note_words::step(app, job, customer, note).await,
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

/// As many of `read` as one transaction may deal with: two who were merged may have had one address,
/// which a transaction may touch once only.
fn alone_if_shared(read: &[Belongings]) -> &[Belongings] {
    let merged = |read: &Belongings| matches!(read.what, Belonging::Merged(_));
    match read.iter().position(merged) {
        Some(0) => &read[..1],
        Some(first) => &read[..first],
        None => read,
    }
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
