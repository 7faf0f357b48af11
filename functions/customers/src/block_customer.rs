//! `PUT /v1/customers/{id}/block`: the shop serves them no longer (B01). Links are closed and
//! marketing stops with the next request.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, Block, CustomerId, Text};
use shared::http::{Call, Fields, Input, Operation, PathId, Problem, Staff, text};

use crate::edit_customer::Edit;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Block a customer").takes(read_reason).answers_object(StatusCode::OK, "The customer.").versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let reason = read_reason(input.fields)?;
    let action = AuditAction::CustomerBlocked;
    let edit = Edit { app: &app, call: &call, staff: &staff, settings: &settings, id, action };
    let customer = edit.make(|customer, _| {
        customer.block = Some(Block { reason: reason.clone(), by: staff.subject.clone(), at: call.now });
        Ok(())
    });
    edit.answer(&customer.await?).await
}

fn read_reason(mut fields: Fields) -> Result<Text<500>, Problem> {
    let reason = fields.required("reason", text);
    fields.finish()?;
    reason.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
}
