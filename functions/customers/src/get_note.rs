//! `GET /v1/customers/{id}/notes/{note}`: one note, with its version.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, CustomerId, NoteId};
use shared::http::{Call, Operation, PathIds, Problem, Staff, etag};

use crate::create_note::NoteView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show a note").answers::<NoteView>(StatusCode::OK).versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(id, note): PathIds<CustomerId, NoteId>,
) -> Result<Response, Problem> {
    // What is on its way to another record is not shown under this one.
    let (customer, note) =
        tokio::try_join!(app.table.customer(&staff.shop, id), app.table.note(&staff.shop, id, note))?;
    let note = customer.and(note);
    let note = note.filter(|note| staff.sees_health() || !note.health).ok_or_else(Problem::not_found)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::NotesViewed, vec![id.to_string()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    Ok(([etag(note.version)], Json(NoteView::from(&note))).into_response())
}
