//! `GET /p/{token}/address`: where the code is typed, or that the address is proved.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::EmailStatus;
use shared::http::{Call, Operation, PathToken, Problem, closed_link};

use crate::address_page::{self, Standing};
use crate::confirm_address::good_code;
use crate::holder::Holder;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show where to type the code of a mail").answers_page(StatusCode::OK).shows_closed_links()
}

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    let Some(holder) = Holder::of(&app, &token).await? else {
        return Ok(closed_link(&call));
    };
    let standing = match holder.customer.email_status {
        EmailStatus::Confirmed => Standing::Confirmed,
        EmailStatus::Unconfirmed => match good_code(&app, &call, &holder).await? {
            Some(_) => Standing::Sent,
            None => Standing::None,
        },
    };
    Ok(address_page::show(&holder, standing))
}
