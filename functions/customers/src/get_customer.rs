//! `GET /v1/customers/{id}`: the record, seen and recorded as seen.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, Group};
use shared::http::{Call, Operation, PathId, Problem, Staff, etag};

use crate::customer_view::{self, Viewer};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show a customer").answers_object(StatusCode::OK, "The customer.").versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
) -> Result<Response, Problem> {
    let (customer, settings) = tokio::try_join!(app.table.customer(&staff.shop, id), app.table.settings(&staff.shop))?;
    let (customer, settings) = customer.zip(settings).ok_or_else(Problem::not_found)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomerViewed, vec![id.to_string()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    answer(&app, &customer, &Viewer { staff: &staff, settings: &settings, now: call.now }).await
}

/// The record as a response, with its version.
pub async fn answer(app: &App, customer: &Customer, viewer: &Viewer<'_>) -> Result<Response, Problem> {
    Ok(answer_in(group_of(app, customer).await?.as_ref(), customer, viewer))
}

/// The same, of a record whose group has been read already.
pub fn answer_in(group: Option<&Group>, customer: &Customer, viewer: &Viewer<'_>) -> Response {
    ([etag(customer.version)], Json(customer_view::record(customer, group, viewer))).into_response()
}

/// The group that the customer is in; none where it was deleted.
pub async fn group_of(app: &App, customer: &Customer) -> Result<Option<Group>, Problem> {
    match customer.group {
        Some(group) => Ok(app.table.group(&customer.shop, group).await?),
        None => Ok(None),
    }
}
