//! `GET /v1/orders`: the shop's orders, newest first, of one day or of all (K05).

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, Invalid};
use shared::http::{Call, Cursor, Operation, Problem, Query, Staff};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List orders").asks(|query| query.0.optional("day", read_day)).paged().lists_objects("Orders.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let day: Option<Date> = query.0.optional("day", read_day);
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

fn read_day(value: &Value) -> Result<Date, Invalid> {
    let text = value.as_str().filter(|text| text.len() == 10).ok_or(Invalid::Date)?;
    text.parse().map_err(|_| Invalid::Date)
}
