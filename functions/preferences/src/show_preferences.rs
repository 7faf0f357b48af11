//! `GET /p/{token}`: what was agreed, with a button to take it back or to agree.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::http::{Call, Operation, PathToken, Problem, Query, boolean, closed_link};

use crate::holder::Holder;
use crate::preferences_page::{self, Notice};
use crate::unsubscription_page;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show what a customer agreed to").asks(read).answers_page(StatusCode::OK).shows_closed_links()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    token: PathToken,
    mut query: Query,
) -> Result<Response, Problem> {
    let Some(holder) = Holder::of_any(&app, &token).await? else {
        return Ok(closed_link(&call));
    };
    if !holder.trusted {
        return Ok(unsubscription_page::ask(&call, &holder));
    }
    // Whatever else a mail program hung on the address is nobody's mistake here.
    let saved = read(&mut query).unwrap_or_default();
    preferences_page::show(&app, &holder, saved.then_some(Notice::Saved)).await
}

/// Whether something was just changed here.
fn read(query: &mut Query) -> Option<bool> {
    query.0.optional("saved", boolean)
}
