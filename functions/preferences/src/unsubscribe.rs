//! `POST /p/{token}/unsubscribe`: no marketing from here on, for mail already queued too. One POST
//! does it, whatever its body says: `List-Unsubscribe=One-Click` of a mail program (RFC 8058), or
//! nothing.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{ConsentMethod, ConsentPurpose, ConsentState};
use shared::http::{Call, Operation, PathToken, Problem, closed_link};

use crate::holder::{ATTEMPTS, Holder};
use crate::preferences_page::{self, Notice};
use crate::statement::{Said, state};
use crate::unsubscription_page;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Take back the consent to marketing").answers_page(StatusCode::OK).shows_closed_links()
}

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    let said = Said {
        purpose: ConsentPurpose::MarketingEmail,
        state: ConsentState::Withdrawn,
        method: ConsentMethod::Unsubscribe,
        words: None,
    };
    for _ in 0..ATTEMPTS {
        let Some(holder) = Holder::of_any(&app, &token).await? else {
            return Ok(closed_link(&call));
        };
        let consent = holder.customer.consents.get(said.purpose);
        if consent.is_some_and(|consent| consent.state == ConsentState::Withdrawn) {
            if !holder.trusted {
                return Ok(unsubscription_page::done(&call, &holder));
            }
            return preferences_page::show(&app, &holder, Some(Notice::Unsubscribed)).await;
        }
        state(&app, &call, &holder, said).await?;
    }
    Err(shared::Error::Contended.into())
}
