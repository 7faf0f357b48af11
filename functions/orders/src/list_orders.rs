//! `GET /v1/orders`: the shop's orders, newest first: of a day, in a state, of a channel, of a
//! customer, or all (K05). From an index: the newest may be some seconds late.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::AuditAction;
use shared::http::{Call, Cursor, Operation, Problem, Query, Staff, choice, day, text};
use shared::table::WantedOrders;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List orders").asks(read).paged().lists_objects("An order.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let wanted = read(&mut query);
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["orders", &format!("{wanted:?}")]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let page = app.table.orders(&staff.shop, &wanted, limit, after).await?;
    let records = page.items.iter().map(|card| card.id.to_string()).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrdersListed, records);
    app.table.record_consultation(&staff.shop, &entry, None).await?;
    Ok(Json(json!({ "items": page.items, "next": page.next.map(|position| cursors.seal(&position)) })))
}

fn read(query: &mut Query) -> WantedOrders {
    WantedOrders {
        day: query.0.optional("day", day),
        state: query.0.optional("state", choice),
        channel: query.0.optional("channel", choice),
        customer: query.0.optional("customer", text),
    }
}
