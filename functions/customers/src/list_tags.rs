//! `GET /v1/tags`: what may be put on a customer: the eight built-in tags, then the shop's own.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{Locale, OwnTag, TagId};
use shared::http::{Cursor, Problem, Query, Staff};
use shared::table::Position;

pub async fn handle(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Json<Value>, Problem> {
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["tags"]);
    let limit = query.limit();
    let after: Option<Position> = query.cursor(&cursors);
    query.0.finish()?;
    let mut items: Vec<Value> = if after.is_none() { TagId::built_in().map(built_in).collect() } else { Vec::new() };
    let page = app.table.own_tags(&staff.shop, limit, after).await?;
    items.extend(page.items.iter().map(own));
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}

fn built_in(tag: TagId) -> Value {
    json!({ "tag": tag, "labels": { "fr": tag.label(Locale::Fr), "en": tag.label(Locale::En) }, "built_in": true })
}

fn own(tag: &OwnTag) -> Value {
    json!({ "tag": tag.id, "labels": { "fr": tag.label, "en": tag.label }, "built_in": false })
}
