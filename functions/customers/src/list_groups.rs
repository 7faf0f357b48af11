//! `GET /v1/groups`: the shop's groups, oldest first.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::http::{Cursor, List, Operation, Problem, Query, Staff};

use crate::create_group::GroupView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the groups").paged().lists::<GroupView>()
}

pub async fn handle(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Json<List<GroupView>>, Problem> {
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["groups"]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let page = app.table.groups(&staff.shop, limit, after).await?;
    let items = page.items.iter().map(GroupView::from).collect();
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}
