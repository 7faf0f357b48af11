//! `GET /v1/orders/{id}`: an order, seen and recorded as seen.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, Order, OrderId};
use shared::http::{Call, Operation, PathId, Problem, Staff, etag};
use shared::table::OrderCard;

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
    let order = app.table.order(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let records = vec![order.customer.to_string(), id.to_string()];
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrderViewed, records);
    app.table.record_consultation(&staff.shop, &entry, Some(order.customer)).await?;
    Ok(([etag(order.version)], Json(view(&order, &staff))).into_response())
}

fn view(order: &Order, staff: &Staff) -> Value {
    let mut view = json!(OrderCard::from(order));
    view["link"] = json!(order.link);
    view["note"] = json!(order.note.as_ref().filter(|_| staff.sees_contact_data()));
    let lines = order.lines.iter().map(|line| {
        let mut view = json!(line);
        view["total"] = json!(line.total());
        view
    });
    view["lines"] = lines.collect();
    view
}
