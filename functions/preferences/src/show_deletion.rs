//! `GET /p/{token}/deletion`: what a deletion means, before anything is deleted (D01, E04).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::http::{Call, Operation, PathToken, Problem, closed_link};

use crate::deletion_page;
use crate::holder::Holder;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show what deleting one's data means").answers_page(StatusCode::OK).shows_closed_links()
}

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    Ok(match Holder::of(&app, &token).await? {
        Some(holder) => deletion_page::ask(&holder, "", None),
        None => closed_link(&call),
    })
}
