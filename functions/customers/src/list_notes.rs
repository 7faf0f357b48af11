//! `GET /v1/customers/{id}/notes`: High → Medium → None, newest first within each (N03).

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::domain::{AuditAction, CustomerId};
use shared::http::{Call, Cursor, List, Operation, PathId, Problem, Query, Staff};

use crate::create_note::NoteView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the notes on a customer").paged().lists::<NoteView>()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<List<NoteView>>, Problem> {
    let text = id.to_string();
    let health = staff.sees_health();
    // A page of one who sees more is not gone on with by one who sees less.
    let cursors = Cursor::new(&app.keyring, &staff.shop, &[if health { "all-notes" } else { "notes" }, &text]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.notes(&staff.shop, id, health, limit, after).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::NotesViewed, vec![text.clone()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    let items = page.items.iter().map(NoteView::from).collect();
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}
