//! `GET /f/{form}/script.js`: what a page may load to tell its visitors from programs.
//!
//! It is made for each opening of a page, since it says when that was; a page that does without it
//! is received all the same.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::FormId;
use shared::http::{Call, Operation, PathId, Problem};
use shared::intake::Opened;

use crate::open_form::open_form;

const SCRIPT: &str = include_str!("script.js");

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Get the script that a page with the form may load").answers_script(StatusCode::OK)
}

pub async fn handle(State(app): State<App>, call: Call, PathId(id): PathId<FormId>) -> Result<Response, Problem> {
    let form = open_form(&app, &id).await?;
    let stamp = Opened::stamp(&app.keyring, &form.id, call.now);
    let script = SCRIPT.replace("{{form}}", form.id.as_str()).replace("{{stamp}}", &stamp);
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        // Pages that isolate themselves load from elsewhere only what says so.
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    Ok((headers, script).into_response())
}
