//! `GET /v1/openapi.json`: the document of the whole API, as it was when this was built.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use shared::http::{Operation, Staff};

/// Kept by a test the same as what every function declares.
const DOCUMENT: &str = include_str!("../../../shared/openapi.json");

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show this document").answers_object(StatusCode::OK, "OpenAPI 3.1.")
}

pub async fn handle(_: Staff) -> Response {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT).into_response()
}
