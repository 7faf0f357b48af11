//! `GET /v1/customers/{id}/messages`: every mail that was written to a customer, or may not go, the
//! newest first, with what became of it (O02).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, Cursor, Operation, PathId, Problem, Query, Staff, message_view};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the e-mails to a customer").paged().lists_objects("An e-mail.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(customer): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let id = customer.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["messages", &id]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    app.table.customer(&staff.shop, customer).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.messages(&staff.shop, customer, limit, after).await?;
    let messages = page.items.iter().map(|message| message.id.to_string());
    let records = std::iter::once(id.clone()).chain(messages).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::MessagesListed, records);
    app.table.record_consultation(&staff.shop, &entry, Some(customer)).await?;
    let items: Vec<Value> = page.items.iter().map(message_view).collect();
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}
