//! `GET /p/{token}`: what was agreed, and a button to take it back.

use axum::extract::State;
use axum::response::Response;
use shared::App;
use shared::http::{Call, PathToken, Problem, closed_link};

use crate::preferences_page::Holder;

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    Ok(match Holder::of(&app, token).await? {
        Some(holder) => holder.page(false),
        None => closed_link(&call),
    })
}
