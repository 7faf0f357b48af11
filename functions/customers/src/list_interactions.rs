//! `GET /v1/customers/{id}/interactions`: the latest first, what is to come before what was.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, Cursor, Operation, PathId, Problem, Query, Staff};

use crate::record_interaction::view;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the interactions with a customer").paged().lists_objects("An interaction.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let text = id.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["interactions", &text]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.interactions(&staff.shop, id, limit, after).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::InteractionsViewed, vec![text.clone()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    let items: Vec<Value> = page.items.iter().map(view).collect();
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}
