//! `GET /v1/customers/{id}/notes`: High → Medium → None, newest first within each (N03).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, Cursor, Operation, PathId, Problem, Query, Staff};

use crate::create_note::view;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the notes on a customer").paged().lists_objects("Notes.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let text = id.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["notes", &text]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.notes(&staff.shop, id, limit, after).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::NotesViewed, vec![text.clone()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    let items: Vec<Value> = page.items.iter().map(view).collect();
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}
