//! A file under way: what was encoded, what is in the bucket, and how far the job says that it has come.
//!
//! A part goes to the bucket when it is full, and then into the job: that is where another worker goes
//! on, be it because this one has no time left or because it died. Whoever finds that the job has
//! changed under it stops at once and writes nothing more.

use std::io::Read;
use std::time::Instant;

use shared::domain::{ClaimId, Customer, CustomerId, ExportJob, ExportPlace, ExportProgress, ExportState};
use shared::table::SHARDS;
use shared::{Error, Result};

use crate::State;
use crate::cell::Cell;
use crate::columns::Surroundings;
use crate::format::Encoder;
use crate::upload::Upload;

/// Why a file is not written to its end.
#[derive(Debug)]
pub enum Stop {
    /// The job is no longer this worker's: another has it, or nobody wants it.
    Overtaken,
    /// No time is left; the next worker goes on.
    HandedOver,
    /// Somebody was erased meanwhile; it begins anew.
    Erased,
    /// The bucket takes no more of the upload: it does not know it any more, as when it was made whole by
    /// who died then, or a part is not the one that was counted.
    UploadLost,
    /// It would have more rows than its form may have.
    TooManyRows,
    /// Something failed.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What the bucket refuses now it will refuse again.
fn lost(error: Error) -> Stop {
    match error {
        Error::Refused(_) => {
            tracing::error!(cause = shared::telemetry::chain(&error), "the bucket takes no more of an upload");
            Stop::UploadLost
        }
        error => Stop::Failed(error),
    }
}

/// The file of a claimed job.
pub struct File<'a> {
    state: &'a State,
    /// The job as it stands in the table.
    pub job: ExportJob,
    owner: ClaimId,
    encoder: Encoder,
    upload: Upload<'a>,
    /// How many rows were added.
    pub rows: u64,
    /// Whose rows were added.
    pub place: ExportPlace,
    progress: ExportProgress,
    until: Instant,
}

impl<'a> File<'a> {
    /// Goes on with the file that `job`, which `owner` has claimed, has under way.
    pub fn go_on(state: &'a State, job: ExportJob, owner: ClaimId, encoder: Encoder, until: Instant) -> Result<Self> {
        let progress = job.progress.clone().ok_or(Error::Impossible("a file that was not begun"))?;
        let upload = Upload::of(state, &job).ok_or(Error::Impossible("a file that was not begun"))?;
        let (rows, place) = (progress.rows, progress.place.clone());
        Ok(Self { state, job, owner, encoder, upload, rows, place, progress, until })
    }

    /// Where a file begins.
    pub fn beginning() -> ExportPlace {
        let shards = usize::from(SHARDS);
        ExportPlace { after: vec![None; shards], done: vec![false; shards] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Stop> {
        self.count()?;
        Ok(self.encoder.row(cells)?)
    }

    /// Adds the card of a customer.
    pub fn card(&mut self, customer: &Customer, shop: &Surroundings) -> Result<(), Stop> {
        self.count()?;
        Ok(self.encoder.card(customer, shop)?)
    }

    fn count(&mut self) -> Result<(), Stop> {
        self.rows += 1;
        match self.job.request.format.most_rows() {
            Some(most) if self.rows > most => Err(Stop::TooManyRows),
            _ => Ok(()),
        }
    }

    /// Sends a part in the middle of a customer who has very much, so that memory stays bounded. That
    /// is nowhere to go on from: it waits for twice a part, and mostly for the customer's end.
    pub async fn relieve(&mut self) -> Result<(), Stop> {
        self.flush(2 * self.state.limits.part).await.map(drop)
    }

    /// Sends what waits if it is at least so much; whether it was.
    async fn flush(&mut self, least: usize) -> Result<bool, Stop> {
        let full = self.encoder.waiting() >= least;
        if full {
            let part = self.encoder.take()?;
            self.upload.add(part).await.map_err(lost)?;
        }
        Ok(full)
    }

    /// All customers of `shard` up to `customer` are in the file: sends a part if one is full, and says
    /// so in the job.
    pub async fn reached(&mut self, shard: u8, customer: Option<CustomerId>, done: bool) -> Result<(), Stop> {
        let at = usize::from(shard);
        self.place.after[at] = customer.or(self.place.after[at]);
        self.place.done[at] = done;
        // Nothing waits now: this is where another may go on.
        if self.flush(self.state.limits.part).await? { self.checkpoint().await } else { Ok(()) }
    }

    async fn checkpoint(&mut self) -> Result<(), Stop> {
        let hand_over = Instant::now() >= self.until;
        self.progress.parts.clone_from(&self.upload.parts);
        self.progress.rows = self.rows;
        self.progress.place.clone_from(&self.place);
        let state = if hand_over { ExportState::Pending } else { ExportState::Running { owner: self.owner } };
        let next = self.job.next(state, self.state.app.clock.now());
        let next = ExportJob { attempts: 0, progress: Some(self.progress.clone()), ..next };
        if !self.state.app.table.replace_export(&next).await? {
            return Err(Stop::Overtaken);
        }
        self.job = next;
        if hand_over { Err(Stop::HandedOver) } else { Ok(()) }
    }

    /// Sends what is left, and makes the file appear.
    pub async fn finish(mut self) -> Result<(ExportJob, ExportState), Stop> {
        let mut rest = self.encoder.finish()?;
        loop {
            let mut part = Vec::new();
            let most = self.state.limits.part as u64;
            (&mut rest)
                .take(most)
                .read_to_end(&mut part)
                .map_err(|_| Error::Impossible("a file that can't be read"))?;
            let last = (part.len() as u64) < most;
            if !part.is_empty() || self.upload.parts.is_empty() {
                self.upload.add(part).await.map_err(lost)?;
            }
            if last {
                break;
            }
        }
        self.upload.finish().await.map_err(lost)?;
        let (at, object) = (self.state.app.clock.now(), self.job.object_key());
        Ok((self.job, ExportState::Done { at, rows: self.rows, object, parts: self.upload.parts }))
    }
}
