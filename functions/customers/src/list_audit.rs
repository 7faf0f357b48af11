//! `GET /v1/audit`: who did what on a day (UTC), newest first (G03). Reading it is recorded too.

use axum::Json;
use axum::extract::State;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use shared::App;
use shared::domain::AuditAction;
use shared::http::{Call, Cursor, Operation, Problem, Query, Staff, day};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("List who did what on a day")
        .asks(|query| query.0.optional("day", day))
        .paged()
        .lists_objects("An audit entry.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let day = query.0.optional("day", day).unwrap_or_else(|| call.now.to_zoned(TimeZone::UTC).date());
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["audit of day", &day.to_string()]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let page = app.table.audit_of_day(&staff.shop, day, limit, after).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::AuditViewed, vec![day.to_string()]);
    app.table.record_consultation(&staff.shop, &entry, None).await?;
    let next = page.next.map(|position| cursors.seal(&position));
    Ok(Json(json!({ "day": day, "items": page.items, "next": next })))
}
