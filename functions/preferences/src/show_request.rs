//! `GET /p/{token}/agree`: the words that a link asks to agree to. Opening it agrees to nothing: mail
//! scanners open links.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::http::{Call, Operation, PathToken, Problem, closed_link};

use crate::asked::Link;
use crate::request_page;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Show the words of a link that asks for consent")
        .answers_page(StatusCode::OK)
        .shows_closed_links()
}

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    Ok(match Link::of(&app, &call, &token).await? {
        Some(Link::Open(asked)) => request_page::words(&asked),
        Some(Link::Answered(answered)) => request_page::answered(&answered),
        None => closed_link(&call),
    })
}
