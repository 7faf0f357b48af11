//! Schedule: what is due becomes messages in the outbox.
//!
//! Every hour it looks an hour ahead, so that a mail is due to the minute wherever the shop is:
//! zones of half and quarter hours have their nine o'clock between two runs. What an outage left
//! behind is caught up for three days; what is older is recorded as missed.
//!
//! Every five minutes it goes on with the jobs that a request left unfinished, and forgets again
//! whoever was erased and came back with older data.
//!
//! Planning twice makes one message: the occurrence is written with it, and the due date moves on
//! in the same transaction.

mod plan;
mod resume;

use shared::events::ScheduledRun;
use shared::{App, Error, Result};

/// Handles a planned run.
///
/// # Errors
/// [`Error`] when a shop could not be planned; the others are all the same, and running again
/// plans what is left.
pub async fn handle(app: &App, run: ScheduledRun) -> Result<()> {
    match run.run.as_str() {
        "plan" => plan::plan(app, app.clock.now()).await,
        "resume" => resume::resume(app, app.clock.now()).await,
        _ => Err(Error::Impossible("a planned run that nobody planned")),
    }
}
