//! From the token in a path to whose preferences it opens, and the frame of their pages.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use maud::Markup;
use shared::App;
use shared::domain::{Customer, Locale, Settings};
use shared::http::{Call, Page, PathToken, Problem, page};
use shared::keyring::{AddressDigest, Token};
use shared::table::CustomerWrites;
use shared::telemetry::name_shop;
use shared::wording::say;

use crate::pace;

/// How often a change waits for its turn when the record changes under it.
pub const ATTEMPTS: u32 = 20;

/// Whose preferences the token in the path opens.
///
/// A token that was mailed to an address that is no longer theirs, or to somebody who was merged into
/// them since, may be in another's hands: it is not trusted with anything but an unsubscription.
pub struct Holder {
    pub token: Token,
    pub customer: Customer,
    pub settings: Settings,
    pub trusted: bool,
}

impl Holder {
    /// Whose preferences `token` opens and may change, if anybody's.
    pub async fn of(app: &App, token: &PathToken) -> Result<Option<Self>, Problem> {
        Ok(Self::of_any(app, token).await?.filter(|holder| holder.trusted))
    }

    /// Whom `token` may unsubscribe at the least: mails of any age do.
    pub async fn of_any(app: &App, token: &PathToken) -> Result<Option<Self>, Problem> {
        match &token.0 {
            Some(token) => Self::by(app, token).await,
            None => Ok(None),
        }
    }

    async fn by(app: &App, token: &Token) -> Result<Option<Self>, Problem> {
        let Some(link) = app.table.preferences_by_token(&token.hash()).await? else {
            return Ok(None);
        };
        name_shop(&link.shop);
        let (customer, settings) =
            tokio::try_join!(app.table.customer_or_survivor(&link.shop, link.of), app.table.settings(&link.shop))?;
        let token = token.clone();
        Ok(customer.zip(settings).map(|(customer, settings)| {
            let trusted = link.is_current_of(&customer);
            Self { token, customer, settings, trusted }
        }))
    }

    /// The same, as it stands now; `None` where they are gone meanwhile, or trust it no longer.
    pub async fn again(&self, app: &App) -> Result<Option<Self>, Problem> {
        Ok(Self::by(app, &self.token).await?.filter(|holder| holder.trusted))
    }

    /// Counts that a button of theirs is pressed; the page that asks to wait where there were too many.
    pub async fn too_fast(&self, app: &App, call: &Call) -> Result<Option<Response>, Problem> {
        pace::too_fast(app, call, &self.token.hash(), &self.settings, self.locale()).await
    }

    /// What their pages are written in.
    pub fn locale(&self) -> Locale {
        self.settings.locale(&self.customer.language)
    }

    /// The path of one of their pages: `of` is what stands behind the token.
    pub fn path(&self, of: &str) -> String {
        format!("/p/{}{of}", self.token.expose())
    }

    /// What their address is filed under.
    pub fn address(&self, app: &App) -> AddressDigest {
        app.keyring.address_digest(&self.customer.shop, &self.customer.email)
    }

    /// What writing the record needs.
    pub fn writes<'a>(&'a self, app: &'a App, now: Timestamp) -> CustomerWrites<'a> {
        CustomerWrites { keyring: &app.keyring, today: self.settings.zone.day(now) }
    }

    /// A page of theirs, under the title `title` of the wording.
    pub fn page(&self, status: StatusCode, title: &str, content: Markup) -> Response {
        let title = say(self.locale(), title, &[]);
        page(status, Page { locale: self.locale(), title: &title, shop: Some(self.settings.name.expose()) }, content)
    }
}
