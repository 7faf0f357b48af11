//! `GET /v1/groups/{id}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::GroupId;
use shared::http::{Operation, PathId, Problem, Staff, etag};

use crate::create_group::GroupView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show a group").answers::<GroupView>(StatusCode::OK).versioned()
}

pub async fn handle(State(app): State<App>, staff: Staff, PathId(id): PathId<GroupId>) -> Result<Response, Problem> {
    let group = app.table.group(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    Ok(([etag(group.version)], Json(GroupView::from(&group))).into_response())
}
