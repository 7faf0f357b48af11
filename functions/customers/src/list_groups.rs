//! `GET /v1/groups`: the shop's groups, oldest first.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::http::{Cursor, Problem, Query, Staff};

use crate::create_group::view;

pub async fn handle(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Json<Value>, Problem> {
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["groups"]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let page = app.table.groups(&staff.shop, limit, after).await?;
    let items: Vec<Value> = page.items.iter().map(view).collect();
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}
