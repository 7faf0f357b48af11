//! `GET /v1/customers/{id}/order-links`: a customer's links, newest first, without their addresses.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, Cursor, List, Operation, PathId, Problem, Query, Staff};

use crate::create_order_link::OrderLinkView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List a customer's magic links").paged().lists::<OrderLinkView>()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(customer): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<List<OrderLinkView>>, Problem> {
    let text = customer.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["order-links", &text]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    app.table.customer(&staff.shop, customer).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.order_links(&staff.shop, customer, limit, after).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrderLinksListed, vec![text.clone()]);
    app.table.record_consultation(&staff.shop, &entry, Some(customer)).await?;
    let items = page.items.iter().map(|link| OrderLinkView::of(link, call.now)).collect();
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}
