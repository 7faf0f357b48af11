//! Whom the shop was lately made to forget: what they sent is not shown, even while a job is still
//! throwing it away.

use jiff::Timestamp;
use shared::App;
use shared::domain::{CustomerId, EmailAddress, Erasure, ShopId};
use shared::http::Problem;

/// How many erasures are looked at: more than jobs are unfinished at a time. One read unit.
const LATELY: u32 = 20;

/// The newest erasures of a shop.
pub struct Forgotten<'a> {
    app: &'a App,
    erasures: Vec<Erasure>,
}

impl<'a> Forgotten<'a> {
    /// Reads the end of the ledger.
    pub async fn lately(app: &'a App, shop: &ShopId) -> Result<Self, Problem> {
        Ok(Self { app, erasures: app.table.newest_erasures(shop, LATELY).await? })
    }

    /// Whether what came from `email` at this time, for this customer or nobody yet, is forgotten.
    pub fn sent(&self, customer: Option<CustomerId>, email: &EmailAddress, at: Timestamp) -> bool {
        self.erasures.iter().any(|erasure| match customer {
            Some(customer) => customer == erasure.customer,
            None => {
                let address = || self.app.keyring.address_digest(&erasure.shop, email);
                !erasure.shared && at < erasure.at && erasure.address == address()
            }
        })
    }
}
