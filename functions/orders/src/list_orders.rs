//! `GET /v1/orders`: the shop's orders, newest first, of one day or of all (K05).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::AuditAction;
use shared::http::{Call, Cursor, Operation, Problem, Query, Staff, day};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List orders").asks(|query| query.0.optional("day", day)).paged().lists_objects("An order.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let day = query.0.optional("day", day);
    let day_text = day.map(|day| day.to_string()).unwrap_or_default();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["orders", &day_text]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let page = app.table.orders(&staff.shop, day, limit, after).await?;
    let records = page.items.iter().map(|card| card.id.to_string()).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrdersListed, records);
    app.table.record_consultation(&staff.shop, &entry, None).await?;
    Ok(Json(json!({ "items": page.items, "next": page.next.map(|position| cursors.seal(&position)) })))
}
