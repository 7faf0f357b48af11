//! The preferences as a page.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use shared::App;
use shared::domain::{ConsentPurpose, ConsentState, Customer, Settings};
use shared::http::{Page, PathToken, Problem, page};
use shared::keyring::Token;
use shared::wording::{day, say};

/// Whose preferences the token in the path opens.
pub struct Holder {
    pub token: Token,
    pub customer: Customer,
    pub settings: Settings,
}

impl Holder {
    /// Whose preferences `token` opens, if anybody's.
    pub async fn of(app: &App, token: PathToken) -> Result<Option<Self>, Problem> {
        let Some(token) = token.0 else {
            return Ok(None);
        };
        let Some((shop, customer)) = app.table.preferences_by_token(&token.hash()).await? else {
            return Ok(None);
        };
        let (customer, settings) = tokio::try_join!(app.table.customer(&shop, customer), app.table.settings(&shop))?;
        Ok(customer.zip(settings).map(|(customer, settings)| Self { token, customer, settings }))
    }

    /// The page; `done` says that something was just taken back.
    pub fn page(&self, done: bool) -> Response {
        let locale = self.settings.locale(&self.customer.language);
        let title = say(locale, "preferences-title", &[]);
        let marketing = self.customer.consents.get(ConsentPurpose::MarketingEmail);
        let since = marketing.map(|consent| day(locale, self.settings.zone.day(consent.at))).unwrap_or_default();
        let (state, granted) = match marketing.map(|consent| consent.state) {
            Some(ConsentState::Granted) => (say(locale, "preferences-granted", &[("day", &since)]), true),
            Some(ConsentState::Withdrawn) => (say(locale, "preferences-withdrawn", &[("day", &since)]), false),
            None => (say(locale, "preferences-never", &[]), false),
        };
        let content = html! {
            @if done { p.good role="status" { (say(locale, "preferences-done", &[])) } }
            section.card {
                h2 { (say(locale, "preferences-marketing", &[])) }
                p { (state) }
                @if granted {
                    form method="post" action={ "/p/" (self.token.expose()) "/unsubscribe" } {
                        button.quiet type="submit" { (say(locale, "preferences-unsubscribe", &[])) }
                    }
                }
            }
            p.soft { (say(locale, "preferences-orders", &[])) }
        };
        page(StatusCode::OK, Page { locale, title: &title, shop: Some(self.settings.name.expose()) }, content)
    }
}
