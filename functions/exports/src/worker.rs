//! Brings one job to its end: claims it, writes its file or goes on with it, and says what came of it.
//!
//! Each delivery of the job claims it by a version of its own. A file that another worker left in the
//! middle is gone on with, unless somebody was erased meanwhile: then it begins anew. Whoever finds
//! another version in the table has been overtaken, and stops.

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use shared::domain::{
    ClaimId, CustomerId, Erasure, ExportFailure, ExportJob, ExportProgress, ExportState, JobId, Message, MessageId,
    Occurrence,
};
use shared::table::Transaction;
use shared::telemetry::METRICS;
use shared::{Error, Result};

use crate::State;
use crate::columns::Surroundings;
use crate::file::{File, Stop};
use crate::format::Encoder;
use crate::rows::Rows;
use crate::upload::Upload;
use crate::withdraw::{delete, delete_all};

/// How many of the newest erasures a worker knows of: those that a late index, or a read that is
/// not consistent, may not show yet.
const ERASURES: u32 = 100;

/// How many groups are read at once.
const GROUPS: u32 = 100;

/// Works on the job until it is at its end, or until `until` comes: then it is handed over.
///
/// # Errors
/// [`Error`] when it has to be tried again.
pub async fn run(state: &State, announced: ExportJob, until: Instant) -> Result<()> {
    let table = &state.app.table;
    while let Some(job) = table.export(&announced.shop, announced.id).await? {
        match job.state {
            ExportState::Cancelled { .. } => return clear(state, &job).await,
            // Whoever gave it up may have died before it was cleared.
            ExportState::Failed { .. } => return clear(state, &job).await,
            ExportState::Done { .. } | ExportState::Withdrawn { .. } => return Ok(()),
            ExportState::Pending | ExportState::Running { .. } => {}
        }
        let begins_anew = job.progress.is_none();
        if job.attempts >= ExportJob::MAX_ATTEMPTS || begins_anew && job.files >= ExportJob::MAX_FILES {
            return give_up(state, &job, ExportFailure::Faults).await;
        }
        let now = state.app.clock.now();
        let owner = ClaimId::new(state.app.entropy.ulid(now));
        let claimed = job.next(ExportState::Running { owner }, now);
        let claimed = ExportJob { attempts: job.attempts + 1, ..claimed };
        if !table.replace_export(&claimed).await? {
            continue;
        }
        match attempt(state, claimed, owner, until).await {
            Ok(()) | Err(Stop::Overtaken | Stop::HandedOver) => return Ok(()),
            Err(Stop::Erased) => {}
            Err(Stop::TooManyRows) => {
                return match still_of(state, &announced, owner).await? {
                    Some(job) => give_up(state, &job, ExportFailure::TooManyRows).await,
                    None => Ok(()),
                };
            }
            Err(Stop::UploadLost) => forget_file(state, &announced, owner).await?,
            Err(Stop::Failed(error)) => return Err(error),
        }
    }
    Ok(())
}

/// Writes what is left of the file of a claimed job, and says that it is there.
async fn attempt(state: &State, job: ExportJob, owner: ClaimId, until: Instant) -> Result<(), Stop> {
    let table = &state.app.table;
    let known = table.newest_erasures(&job.shop, ERASURES).await?;
    let newest = known.first().map(key);
    let begun = job.progress.as_ref().is_some_and(|progress| progress.erasure == newest);
    let job = if begun { job } else { begin(state, job, owner, newest).await? };
    let surroundings = surroundings(state, &job).await?;
    let erased: HashSet<_> = known.iter().map(|erasure| erasure.customer).collect();
    let nothing_sent = job.progress.as_ref().is_none_or(|progress| progress.parts.is_empty());
    let at = job.begun_at.unwrap_or(job.requested_at);
    let encoder = Encoder::new(&job.request, &surroundings, at, nothing_sent)?;
    let asked = job.clone();
    let mut file = File::go_on(state, job, owner, encoder, until)?;
    Rows::of(table, &asked, &surroundings, &erased).write(&mut file).await?;
    let (job, done) = file.finish().await?;
    let again = table.newest_erasures(&job.shop, 1).await?;
    if again.first().map(key) != newest {
        delete(state, &job.object_key()).await?;
        let at = state.app.clock.now();
        table.replace_export(&job.restarted(at)).await?;
        return Err(Stop::Erased);
    }
    if !finish(state, &job, done).await? {
        delete(state, &job.object_key()).await?;
        return Err(Stop::Overtaken);
    }
    Ok(())
}

/// What an erasure is known by.
fn key(erasure: &Erasure) -> (JobId, CustomerId) {
    (erasure.job, erasure.customer)
}

/// Begins a file, and says so in the job before anything is in it.
async fn begin(
    state: &State,
    job: ExportJob,
    owner: ClaimId,
    erasure: Option<(JobId, CustomerId)>,
) -> Result<ExportJob, Stop> {
    if let Some(upload) = Upload::of(state, &job) {
        upload.abort().await;
    }
    // What was whole, and of which nobody heard: its worker ended between writing it and saying so.
    delete_all(state, &job).await?;
    let now = state.app.clock.now();
    let job = ExportJob { files: job.files + 1, begun_at: Some(now), ..job.next(ExportState::Running { owner }, now) };
    let upload = Upload::begin(state, &job).await?;
    let (parts, place) = (Vec::new(), File::beginning());
    let progress = ExportProgress { upload: upload.id.clone(), parts, rows: 0, place, erasure };
    let job = ExportJob { progress: Some(progress), ..job };
    match state.app.table.replace_export(&job).await? {
        true => Ok(job),
        false => {
            upload.abort().await;
            Err(Stop::Overtaken)
        }
    }
}

async fn surroundings(state: &State, job: &ExportJob) -> Result<Surroundings> {
    let table = &state.app.table;
    let settings = table.settings(&job.shop).await?.ok_or(Error::Impossible("an export of a shop without settings"))?;
    let today = settings.zone.day(job.begun_at.unwrap_or(job.requested_at));
    let (mut groups, mut after) = (BTreeMap::new(), None);
    loop {
        let page = table.groups(&job.shop, GROUPS, after).await?;
        groups.extend(page.items.into_iter().map(|group| (group.id, group.name.expose().to_owned())));
        after = page.next;
        if after.is_none() {
            return Ok(Surroundings { settings, today, groups });
        }
    }
}

/// Says that the file is there, and tells whoever asked; `false` if the job has changed meanwhile.
async fn finish(state: &State, job: &ExportJob, done: ExportState) -> Result<bool> {
    let (app, occurrence) = (&state.app, Occurrence::ExportReady { export: job.id });
    let at = app.clock.now();
    let message = Message::to_merchant(job.shop.clone(), MessageId::new(app.entropy.ulid(at)), occurrence, at);
    let rows = if let ExportState::Done { rows, .. } = &done { *rows } else { 0 };
    let job = ExportJob { progress: None, ..job.next(done, at) };
    let mut transaction = Transaction::new();
    transaction.replace_export(&job)?;
    transaction.tell_merchant(&message)?;
    let done = app.table.commit(transaction).await?.is_ok();
    let what = job.request.what.name();
    tracing::info!(shop = %job.shop, job = %job.id, what, done, "export");
    if done {
        tracing::info!(target: METRICS, export_rows = rows, shop = %job.shop, what);
    }
    Ok(done)
}

/// The job as it stands, if `owner` still has it.
async fn still_of(state: &State, announced: &ExportJob, owner: ClaimId) -> Result<Option<ExportJob>> {
    let job = state.app.table.export(&announced.shop, announced.id).await?;
    Ok(job.filter(|job| job.state == ExportState::Running { owner }))
}

/// The bucket takes no more of the upload: the next attempt begins anew.
async fn forget_file(state: &State, announced: &ExportJob, owner: ClaimId) -> Result<()> {
    let Some(job) = still_of(state, announced, owner).await? else {
        return Ok(());
    };
    let next = ExportJob { progress: None, ..job.next(job.state.clone(), state.app.clock.now()) };
    if state.app.table.replace_export(&next).await?
        && let Some(upload) = Upload::of(state, &job)
    {
        upload.abort().await;
    }
    Ok(())
}

/// Ends the job without a file.
async fn give_up(state: &State, job: &ExportJob, why: ExportFailure) -> Result<()> {
    let at = state.app.clock.now();
    if state.app.table.replace_export(&job.next(ExportState::Failed { at, why }, at)).await? {
        clear(state, job).await?;
    }
    Ok(())
}

/// Drops what there is of a file that nobody wants any more.
async fn clear(state: &State, job: &ExportJob) -> Result<()> {
    if let Some(upload) = Upload::of(state, job) {
        upload.abort().await;
    }
    delete_all(state, job).await
}

/// Lets the job begin anew, through no fault of its own; `false` if it went on by itself.
pub async fn begin_anew(state: &State, job: &ExportJob) -> Result<bool> {
    let begun = state.app.table.replace_export(&job.restarted(state.app.clock.now())).await?;
    if begun && let Some(upload) = Upload::of(state, job) {
        upload.abort().await;
    }
    Ok(begun)
}
