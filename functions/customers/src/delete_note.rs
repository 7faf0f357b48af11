//! `DELETE /v1/customers/{id}/notes/{note}`: of the version that was read (N01).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, CustomerId, NoteId};
use shared::http::{Call, IfMatch, Operation, PathIds, Problem, ProblemKind, Staff};
use shared::table::{CustomerWrites, Transaction};

use crate::change_note::{preview_after, seen_note};
use crate::edit_customer::gone;

/// How often a deletion waits for its turn when the customer's record changes under it.
const ATTEMPTS: u32 = 10;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Delete a note").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(id, note): PathIds<CustomerId, NoteId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let note = seen_note(&app, &staff, id, note, &if_match).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::NoteDeleted, vec![id.to_string()]);
    for _ in 0..ATTEMPTS {
        let customer = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
        let preview = preview_after(&app, &customer, &note, None).await?;
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
        let mut transaction = Transaction::new();
        let moved = customer.changed_by(&staff.actor(), call.now, |customer| customer.last_note = preview);
        transaction.replace_customer(writes, &customer, &moved)?;
        let step = transaction.delete_note(&staff.shop, &note);
        transaction.audit(&staff.shop, &entry, Some(id))?;
        match app.table.commit(transaction).await? {
            Ok(()) => return Ok(gone()),
            Err(refusal) if refusal.failed(step) => return Err(Problem::new(ProblemKind::Stale)),
            Err(_) => {}
        }
    }
    Err(shared::Error::Contended.into())
}
