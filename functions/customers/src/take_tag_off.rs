//! `DELETE /v1/customers/{id}/tags/{tag}`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, CustomerId, TagId};
use shared::http::{Call, Operation, PathIds, Problem, Staff};

use crate::edit_customer::{Edit, gone};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Take a tag off a customer").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(id, tag): PathIds<CustomerId, TagId>,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let today = settings.zone.day(call.now);
    let action = AuditAction::TagTakenOff;
    let edit = Edit { app: &app, call: &call, staff: &staff, settings: &settings, id, action };
    edit.make(|customer, _| {
        customer.tags.take_off(&tag, today);
        Ok(())
    })
    .await?;
    Ok(gone())
}
