//! `GET /v1/customers/{id}/order-links`: a customer's links, newest first, without their addresses.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::List;
use shared::http::{Call, Operation, PathId, Problem, Query, Staff};

use crate::create_order_link::OrderLinkView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List a customer's magic links").asks(|_| ()).lists::<OrderLinkView>()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(customer): PathId<CustomerId>,
    query: Query,
) -> Result<Json<List<OrderLinkView>>, Problem> {
    query.0.finish()?;
    app.table.customer(&staff.shop, customer).await?.ok_or_else(Problem::not_found)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrderLinksListed, vec![customer.to_string()]);
    app.table.record_consultation(&staff.shop, &entry, Some(customer)).await?;
    let links = app.table.order_links(&staff.shop, customer).await?;
    Ok(Json(List { items: links.iter().map(OrderLinkView::from).collect(), next: None }))
}
