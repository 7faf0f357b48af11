//! `OPTIONS /f/{form}`: what a browser asks before a script posts JSON (CORS).

use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::FormId;
use shared::http::{Operation, PathId, Problem};

use crate::headers::readable_from;
use crate::open_form::open_form;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Ask whether a script may send the form").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    PathId(id): PathId<FormId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let form = open_form(&app, &id).await?;
    let allowed = [
        (ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "accept, content-type, idempotency-key"),
        (ACCESS_CONTROL_MAX_AGE, "3600"),
    ];
    Ok(readable_from(&form, &headers, (StatusCode::NO_CONTENT, allowed).into_response()))
}
