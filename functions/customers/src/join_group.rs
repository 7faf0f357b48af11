//! `PUT /v1/customers/{id}/group`: into a group, out of the one before (S04).

use axum::extract::State;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, CustomerId, GroupId, Invalid};
use shared::http::{Call, FieldError, Input, PathId, Problem, Staff, text};

use crate::edit_customer::Edit;

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let group: Option<GroupId> = input.fields.required("group", text);
    input.fields.finish()?;
    let group = group.ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;
    app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    // Another shop's group is as unknown as one that never was.
    if app.table.group(&staff.shop, group).await?.is_none() {
        return Err(Problem::invalid(vec![FieldError::new("/group", Invalid::Choice)]));
    }
    let action = AuditAction::GroupJoined;
    let edit = Edit { app: &app, call: &call, staff: &staff, settings: &settings, id, action };
    let customer = edit.make(|customer, transaction| {
        transaction.require_group(&staff.shop, group);
        customer.group = Some(group);
        Ok(())
    });
    edit.answer(&customer.await?).await
}
