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

mod change_template;
mod forecast;
mod get_reputation;
mod get_template;
mod list_customer_automations;
mod list_messages;
mod list_templates;
mod list_upcoming;
mod plan;
mod preview_template;
mod resend_message;
mod resendable;
mod reset_template;
mod resume;
mod resume_marketing;
mod template_fields;
mod template_view;

use http::Method;
use shared::events::ScheduledRun;
use shared::http::{EDITORS, MANAGERS, Routes};
use shared::{App, Error, Result};

/// Every route of this function.
pub fn routes(app: App) -> Routes {
    const TEMPLATE: &str = "/v1/automations/templates/{kind}/{language}";
    const PREVIEW: &str = "/v1/automations/templates/{kind}/{language}/preview";
    const RESEND: &str = "/v1/customers/{id}/messages/{message}/resend";
    const OF_CUSTOMER: &str = "/v1/customers/{id}/automations";
    Routes::new(app)
        .staff(Method::GET, "/v1/automations/upcoming", EDITORS, list_upcoming::handle)
        .described(list_upcoming::describe)
        .staff(Method::GET, OF_CUSTOMER, EDITORS, list_customer_automations::handle)
        .described(list_customer_automations::describe)
        .staff(Method::GET, "/v1/automations/templates", EDITORS, list_templates::handle)
        .described(list_templates::describe)
        .staff(Method::GET, TEMPLATE, EDITORS, get_template::handle)
        .described(get_template::describe)
        .staff(Method::PUT, TEMPLATE, MANAGERS, change_template::handle)
        .described(change_template::describe)
        .staff(Method::DELETE, TEMPLATE, MANAGERS, reset_template::handle)
        .described(reset_template::describe)
        .staff(Method::POST, PREVIEW, MANAGERS, preview_template::handle)
        .described(preview_template::describe)
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
