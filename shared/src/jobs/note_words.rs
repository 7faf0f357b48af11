//! The last words of a long note, for which the transaction that wrote it had no room.

use jiff::Timestamp;

use super::Progress;
use crate::domain::{Actor, CustomerId, Job, JobId, Note, NoteId, ShopId, Work};
use crate::table::Transaction;
use crate::{App, Result};

/// Begins, in the transaction that writes `note`, the job that adds the words left.
///
/// # Errors
/// [`Error`](crate::Error) when the job can't be written as an item.
pub fn finish_note(
    app: &App,
    transaction: &mut Transaction,
    shop: &ShopId,
    note: &Note,
    by: &Actor,
    now: Timestamp,
) -> Result<Job> {
    let work = Work::NoteWords { customer: note.customer, note: note.id };
    let job = Job::new(shop.clone(), JobId::new(app.entropy.ulid(now)), work, by.clone(), now);
    transaction.create_job(&job)?;
    Ok(job)
}

/// Writes all words of the note. Whoever changed, moved or deleted it meanwhile wrote them.
pub(super) async fn step(app: &App, job: &Job, customer: CustomerId, note: NoteId) -> Result<Progress> {
    let Some(note) = app.table.note(&job.shop, customer, note).await? else {
        return Ok(Progress::Nothing);
    };
    let mut transaction = Transaction::new();
    transaction.finish_words(&job.shop, &note)?;
    let written = app.table.commit(transaction).await?.is_ok();
    Ok(if written { Progress::Nothing } else { Progress::More(0) })
}
