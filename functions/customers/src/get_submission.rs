//! `GET /v1/submissions/{id}`: everything as it was sent, by the receipt that the visitor has.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shared::App;
use shared::domain::{AuditAction, SubmissionId};
use shared::http::{Call, Operation, PathId, Problem, Staff};
use shared::table::Sent;

use crate::forgotten::Forgotten;
use crate::submission_view::SubmissionView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show what a form sent").answers::<SubmissionView>(StatusCode::OK)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<SubmissionId>,
) -> Result<Json<SubmissionView>, Problem> {
    let sent = standing_submission(&app, &call, &staff, id).await?;
    seen(&app, &call, &staff, id, sent).await
}

/// What the receipt leads to, unless it has expired or whoever sent it is forgotten.
pub async fn standing_submission(app: &App, call: &Call, staff: &Staff, id: SubmissionId) -> Result<Sent, Problem> {
    let sent = app.table.sent(&staff.shop, id, call.now).await?.ok_or_else(Problem::not_found)?;
    match &sent {
        Sent::Quarantined(suspected)
            if Forgotten::lately(app, &staff.shop).await?.sent(None, &suspected.email, suspected.at) =>
        {
            Err(Problem::not_found())
        }
        Sent::Quarantined(_) | Sent::Received { .. } => Ok(sent),
    }
}

/// The submission, seen and recorded as seen.
pub async fn seen(
    app: &App,
    call: &Call,
    staff: &Staff,
    id: SubmissionId,
    sent: Sent,
) -> Result<Json<SubmissionView>, Problem> {
    let customer = match &sent {
        Sent::Received { customer, .. } => Some(*customer),
        Sent::Quarantined(_) => None,
    };
    let records = customer.map(|customer| customer.to_string()).into_iter().chain([id.to_string()]).collect();
    let entry = staff.audit(call, &app.entropy, AuditAction::SubmissionViewed, records);
    app.table.record_consultation(&staff.shop, &entry, customer).await?;
    Ok(Json(SubmissionView::from(sent)))
}
