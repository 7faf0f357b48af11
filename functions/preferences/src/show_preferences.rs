//! `GET /p/{token}`: what was agreed, and a button to take it back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::http::{Call, Operation, PathToken, Problem, closed_link};

use crate::preferences_page::Holder;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show what a customer agreed to").answers_page(StatusCode::OK).shows_closed_links()
}

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    Ok(match Holder::of(&app, token).await? {
        Some(holder) => holder.page(false),
        None => closed_link(&call),
    })
}
