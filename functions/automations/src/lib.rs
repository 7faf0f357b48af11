//! Schedule: what is due becomes messages in the outbox. Staff API: what they say, and what became of
//! them.
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

mod get_reputation;
mod list_messages;
mod plan;
mod resend_message;
mod resendable;
mod resume;
mod resume_marketing;

use http::Method;
use shared::events::ScheduledRun;
use shared::http::{EDITORS, MANAGERS, Routes};
use shared::{App, Error, Result};

/// Every route of this function.
pub fn routes(app: App) -> Routes {
    const RESEND: &str = "/v1/customers/{id}/messages/{message}/resend";
    Routes::new(app)
        .staff(Method::GET, "/v1/automations/reputation", EDITORS, get_reputation::handle)
        .described(get_reputation::describe)
        .staff(Method::DELETE, "/v1/automations/pause", MANAGERS, resume_marketing::handle)
        .described(resume_marketing::describe)
        .staff(Method::GET, "/v1/customers/{id}/messages", EDITORS, list_messages::handle)
        .described(list_messages::describe)
        .staff(Method::POST, RESEND, EDITORS, resend_message::handle)
        .described(resend_message::describe)
}

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
