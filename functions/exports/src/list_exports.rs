//! `GET /v1/exports`: the jobs of the last thirty days, the newest first.

use axum::Json;
use axum::extract::State as Extract;
use shared::http::{Cursor, List, Operation, Problem, Query, Staff};

use crate::State;
use crate::export_view::ExportView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the exports of the last thirty days").paged().lists::<ExportView>()
}

pub async fn handle(
    Extract(state): Extract<State>,
    staff: Staff,
    mut query: Query,
) -> Result<Json<List<ExportView>>, Problem> {
    let app = &state.app;
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["exports"]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let page = app.table.newest_exports(&staff.shop, limit, after).await?;
    let items = page.items.iter().map(|job| ExportView::from(job).without_parts()).collect();
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}
