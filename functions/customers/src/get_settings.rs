//! `GET /v1/settings`: what the shop is and how it works. Nothing about anybody.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::Settings;
use shared::http::{Operation, Problem, Staff, etag};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show the shop's settings").answers_object(StatusCode::OK, "The settings.").versioned()
}

pub async fn handle(State(app): State<App>, staff: Staff) -> Result<Response, Problem> {
    let settings = app.table.settings_now(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(&settings))
}

/// The settings as a response, with their version.
pub fn answer(settings: &Settings) -> Response {
    ([etag(settings.version)], Json(settings)).into_response()
}
