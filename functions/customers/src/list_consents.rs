//! `GET /v1/customers/{id}/consents`: what a customer agrees to now, and the evidence, the latest
//! first (G01, G02).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, Cursor, Operation, PathId, Problem, Query, Staff};

use crate::consent_view;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show what a customer agreed to").paged().lists_objects("A statement, as it is kept.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let text = id.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["consents", &text]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let customer = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.consents(&staff.shop, id, limit, after).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::ConsentsViewed, vec![text.clone()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    let items: Vec<Value> = page.items.iter().map(consent_view::evidence).collect();
    Ok(Json(json!({
        "consents": consent_view::states(&customer.consents),
        "items": items,
        "next": page.next.map(|position| cursors.seal(&position)),
    })))
}
