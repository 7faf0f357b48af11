//! `PUT /v1/customers/{id}/block`: the shop serves them no longer (B01). Links are closed and
//! marketing stops with the next request.

use axum::extract::State;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, Block, CustomerId, Text};
use shared::http::{Call, Input, PathId, Problem, Staff, text};

use crate::edit_customer::Edit;

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let reason: Option<Text<500>> = input.fields.required("reason", text);
    input.fields.finish()?;
    let reason = reason.ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;
    let action = AuditAction::CustomerBlocked;
    let edit = Edit { app: &app, call: &call, staff: &staff, settings: &settings, id, action };
    let customer = edit.make(|customer, _| {
        customer.block = Some(Block { reason: reason.clone(), by: staff.subject.clone(), at: call.now });
        Ok(())
    });
    edit.answer(&customer.await?).await
}
