//! `POST /v1/submissions/{id}/restore`: what was suspected is honest, and is added to its customer as
//! if it had come now. What is a customer's already is shown as it is.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shared::App;
use shared::domain::{AuditAction, AuditEntry, Quarantined, Settings, SubmissionId};
use shared::http::{Call, Fields, Input, Operation, PathId, Problem, Staff, first_outcome};
use shared::intake::{Contact, Intake, Restoring, Visit};
use shared::table::Sent;

use crate::get_submission::{seen, standing_submission};
use crate::submission_view::SubmissionView;

/// How often it is looked at again when somebody else was quicker.
const ATTEMPTS: u32 = 3;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Restore what was suspected to be junk")
        .takes(Fields::finish)
        .answers::<SubmissionView>(StatusCode::OK)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<SubmissionId>,
    input: Input,
) -> Result<Json<SubmissionView>, Problem> {
    input.fields.finish()?;
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::SubmissionRestored, Vec::new());
    for _ in 0..ATTEMPTS {
        // Repeated, it finds what it restored; its key must not have come with anything else.
        first_outcome(app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?)?;
        match standing_submission(&app, &call, &staff, id).await? {
            Sent::Quarantined(suspected) => {
                let restoring = Restoring { id, entry: &entry, key: input.key.as_ref() };
                restore(&app, &settings, &suspected, &restoring).await?;
            }
            received @ Sent::Received { .. } => return seen(&app, &call, &staff, id, received).await,
        }
    }
    Err(shared::Error::Contended.into())
}

/// Adds it to its customer, unless somebody was quicker.
async fn restore(
    app: &App,
    settings: &Settings,
    suspected: &Quarantined,
    restoring: &Restoring<'_>,
) -> Result<(), Problem> {
    let form = app.table.form(&suspected.shop, &suspected.form).await?.ok_or_else(Problem::not_found)?;
    let contact = Contact::of_suspected(suspected, &form, settings);
    let contact = contact.map_err(|_| Problem::internal("a suspected submission had an address once"))?;
    let AuditEntry { at: now, .. } = *restoring.entry;
    let (visit, fields) = (&Visit::of_suspected(suspected), &suspected.fields);
    let intake = Intake { app, form: &form, settings, visit, fields, contact: &contact, now };
    intake.restore(restoring).await?;
    Ok(())
}
