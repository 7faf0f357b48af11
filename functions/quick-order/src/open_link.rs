//! From the token in a path to what its holder may see.

use shared::App;
use shared::domain::{Customer, Locale, OrderLink, Settings};
use shared::http::{Call, PathToken, Problem};
use shared::telemetry::name_shop;

/// An open link, and what its page is made of.
pub struct OpenLink {
    pub link: OrderLink,
    pub customer: Customer,
    pub settings: Settings,
}

impl OpenLink {
    /// What the token opens; `None` for everything that opens nothing, whatever the reason.
    pub async fn of(app: &App, call: &Call, token: &PathToken) -> Result<Option<Self>, Problem> {
        let Some(token) = &token.0 else {
            return Ok(None);
        };
        let link = app.table.order_link_by_token(&token.hash()).await?;
        let Some(link) = link.filter(|link| link.is_open(call.now)) else {
            return Ok(None);
        };
        name_shop(&link.shop);
        let (customer, settings) = tokio::try_join!(
            app.table.customer_or_survivor(&link.shop, link.customer),
            app.table.settings(&link.shop)
        )?;
        // Whom the shop no longer serves gets the answer of a link that never was (A14.14).
        let served = customer.filter(|customer| customer.block.is_none());
        Ok(served.zip(settings).map(|(customer, settings)| Self { link, customer, settings }))
    }

    /// What the page is written in.
    pub fn locale(&self) -> Locale {
        self.settings.locale(&self.customer.language)
    }
}
