//! From the token in a path to what its holder may see.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use maud::html;
use shared::App;
use shared::domain::{Customer, Locale, OrderLink, Settings};
use shared::http::{Call, Page, Problem, page};
use shared::keyring::Token;
use shared::wording::say;

/// The token in the path, if it can be one.
pub struct LinkToken(pub Option<Token>);

impl<S: Send + Sync> FromRequestParts<S> for LinkToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text: Option<Path<String>> = Path::from_request_parts(parts, state).await.ok();
        Ok(Self(text.and_then(|text| Token::parse(&text))))
    }
}

/// An open link, and what its page is made of.
pub struct OpenLink {
    pub link: OrderLink,
    pub customer: Customer,
    pub settings: Settings,
}

impl OpenLink {
    /// What the token opens; `None` for everything that opens nothing, whatever the reason.
    pub async fn of(app: &App, call: &Call, token: &LinkToken) -> Result<Option<Self>, Problem> {
        let Some(token) = &token.0 else {
            return Ok(None);
        };
        let link = app.table.order_link_by_token(&token.hash()).await?;
        let Some(link) = link.filter(|link| link.is_open(call.now)) else {
            return Ok(None);
        };
        let (customer, settings) =
            tokio::try_join!(app.table.customer(&link.shop, link.customer), app.table.settings(&link.shop))?;
        Ok(customer.zip(settings).map(|(customer, settings)| Self { link, customer, settings }))
    }

    /// What the page is written in.
    pub fn locale(&self) -> Locale {
        self.settings.locale(&self.customer.language)
    }
}

/// The one answer to every token that opens nothing.
pub fn closed(call: &Call) -> Response {
    let title = say(call.locale, "link-closed-title", &[]);
    let content = html! { p.card { (say(call.locale, "link-closed-text", &[])) } };
    page(StatusCode::NOT_FOUND, Page { locale: call.locale, title: &title, shop: None }, content)
}
