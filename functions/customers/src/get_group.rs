//! `GET /v1/groups/{id}`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::GroupId;
use shared::http::{PathId, Problem, Staff, etag};

use crate::create_group::view;

pub async fn handle(State(app): State<App>, staff: Staff, PathId(id): PathId<GroupId>) -> Result<Response, Problem> {
    let group = app.table.group(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    Ok(([etag(group.version)], Json(view(&group))).into_response())
}
