//! `DELETE /v1/forms/{id}`: it receives nothing more. What it sent is kept, and can still be read
//! and restored.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, Form, FormId};
use shared::http::{Call, IfMatch, Operation, PathId, Problem, ProblemKind, Staff};
use shared::table::Transaction;

use crate::edit_customer::gone;
use crate::get_form::standing_form;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Delete a form").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<FormId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    let before = standing_form(&app, &staff, &id).await?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let now = call.now;
    let after = Form { version: before.version + 1, updated_at: now, deleted_at: Some(now), ..before };
    let mut transaction = Transaction::new();
    transaction.replace_form(&after)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::FormDeleted, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(gone()),
        Err(_) => Err(Problem::new(ProblemKind::Stale)),
    }
}
