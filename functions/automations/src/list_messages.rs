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
    PathId(id): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let text = id.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["messages", &text]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let customer = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.messages(&staff.shop, id, limit, after).await?;
    let messages = page.items.iter().map(|message| message.id.to_string());
    let records = std::iter::once(text.clone()).chain(messages).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::MessagesListed, records);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    let items: Vec<Value> = page.items.iter().map(|message| message_view(message, &customer, &app.keyring)).collect();
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}
