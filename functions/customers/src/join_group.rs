//! `PUT /v1/customers/{id}/group`: into a group, out of the one before (S04).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, CustomerId, GroupId, Invalid};
use shared::http::{Call, FieldError, Fields, Input, Operation, PathId, Problem, Staff, text};

use crate::edit_customer::Edit;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Put a customer into a group")
        .takes(read_group)
        .answers_object(StatusCode::OK, "The customer.")
        .versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let group = read_group(input.fields)?;
    app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    // Another shop's group is as unknown as one that never was.
    let gone = || Problem::invalid(vec![FieldError::new("/group", Invalid::Choice)]);
    app.table.group(&staff.shop, group).await?.ok_or_else(gone)?;
    let action = AuditAction::GroupJoined;
    let edit = Edit { app: &app, call: &call, staff: &staff, settings: &settings, id, action };
    let customer = edit.make(|customer, transaction| {
        transaction.require_group(&staff.shop, group);
        customer.group = Some(group);
        Ok(())
    });
    match customer.await {
        Ok(customer) => edit.answer(&customer).await,
        // Deleted meanwhile, it stands in the way of every attempt.
        Err(_) if app.table.group(&staff.shop, group).await?.is_none() => Err(gone()),
        Err(problem) => Err(problem),
    }
}

fn read_group(mut fields: Fields) -> Result<GroupId, Problem> {
    let group = fields.required("group", text);
    fields.finish()?;
    group.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
}
