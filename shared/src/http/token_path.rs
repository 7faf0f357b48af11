//! The secret in a public page's path, and the one answer to every secret that opens nothing.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use maud::html;

use super::{Call, Page, Problem, page};
use crate::keyring::Token;
use crate::wording::say;

/// The token in the path, if it can be one: what can't is answered like one that opens nothing.
#[derive(Debug, Clone)]
pub struct PathToken(pub Option<Token>);

impl<S: Send + Sync> FromRequestParts<S> for PathToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text: Option<Path<String>> = Path::from_request_parts(parts, state).await.ok();
        Ok(Self(text.and_then(|text| Token::parse(&text))))
    }
}

/// The page for a link that opens nothing, whatever the reason.
pub fn closed_link(call: &Call) -> Response {
    let title = say(call.locale, "link-closed-title", &[]);
    let content = html! { p.card { (say(call.locale, "link-closed-text", &[])) } };
    page(StatusCode::NOT_FOUND, Page { locale: call.locale, title: &title, shop: None }, content)
}
