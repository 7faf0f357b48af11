//! `GET /v1/orders/{id}`: an order, seen and recorded as seen.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, OrderId};
use shared::http::{Call, Operation, PathId, Problem, Staff, etag};

use crate::order_view::view_with_alerts;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show an order").answers_object(StatusCode::OK, "The order.").versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<OrderId>,
) -> Result<Response, Problem> {
    let (order, settings) = tokio::try_join!(app.table.order(&staff.shop, id), app.table.settings(&staff.shop))?;
    let (order, settings) = order.zip(settings).ok_or_else(Problem::not_found)?;
    let customer = app.table.customer_or_survivor(&staff.shop, order.customer).await?;
    let records = vec![order.customer.to_string(), id.to_string()];
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrderViewed, records);
    app.table.record_consultation(&staff.shop, &entry, Some(order.customer)).await?;
    let view = view_with_alerts(&order, &staff, customer.as_ref(), settings.zone.day(call.now));
    Ok(([etag(order.version)], Json(view)).into_response())
}
