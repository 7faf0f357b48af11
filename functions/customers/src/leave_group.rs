//! `DELETE /v1/customers/{id}/group`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, Operation, PathId, Problem, Staff};

use crate::edit_customer::{Edit, gone};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Take a customer out of its group").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let action = AuditAction::GroupLeft;
    let edit = Edit { app: &app, call: &call, staff: &staff, settings: &settings, id, action };
    edit.make(|customer, _| {
        customer.group = None;
        Ok(())
    })
    .await?;
    Ok(gone())
}
