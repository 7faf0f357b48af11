//! `GET /v1/customers/{id}/orders`: what a customer bought, newest first; in one currency, the
//! orders that its figures come from (O01, O04).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, Currency, CustomerId};
use shared::http::{Call, Cursor, Operation, PathId, Problem, Query, Staff, text};

use crate::order_view::view;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List what a customer bought").asks(read).paged().lists_objects("An order.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(customer): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let currency = read(&mut query);
    let id = customer.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["orders of", &id, currency.map_or("", Currency::code)]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    app.table.customer(&staff.shop, customer).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.orders_of_customer(&staff.shop, customer, currency, limit, after).await?;
    let orders = page.items.iter().map(|order| order.id.to_string());
    let records = std::iter::once(id.clone()).chain(orders).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrdersListed, records);
    app.table.record_consultation(&staff.shop, &entry, Some(customer)).await?;
    let items: Vec<Value> = page.items.iter().map(|order| view(order, &staff)).collect();
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}

fn read(query: &mut Query) -> Option<Currency> {
    query.0.optional("currency", text)
}
