//! `GET /v1/customers/{id}/order-links`: a customer's links, newest first, without their addresses.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, PathId, Problem, Query, Staff};

use crate::create_order_link::view;

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(customer): PathId<CustomerId>,
    query: Query,
) -> Result<Json<Value>, Problem> {
    query.0.finish()?;
    app.table.customer(&staff.shop, customer).await?.ok_or_else(Problem::not_found)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrderLinksListed, vec![customer.to_string()]);
    app.table.record_consultation(&staff.shop, &entry, Some(customer)).await?;
    let links = app.table.order_links(&staff.shop, customer).await?;
    let items: Vec<Value> = links.iter().map(view).collect();
    Ok(Json(json!({ "items": items, "next": null })))
}
