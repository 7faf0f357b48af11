//! `GET /v1/customers/{id}/audit`: who saw or changed a customer, newest first (G03). Reading it is
//! recorded too. From an index: the newest entries may be some seconds late.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, Cursor, Operation, PathId, Problem, Query, Staff};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List who saw or changed a customer").paged().lists_objects("An audit entry.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let text = id.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["audit of customer", &text]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.audit_of_customer(&staff.shop, id, limit, after).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::AuditViewed, vec![text.clone()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    Ok(Json(json!({ "items": page.items, "next": page.next.map(|position| cursors.seal(&position)) })))
}
