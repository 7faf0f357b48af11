//! What a preferences token leads to.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::customers::Owner;
use super::keys;
use super::{Table, Transaction, expire, to_item};
use crate::Result;
use crate::domain::{CustomerId, Locale, ShopId};
use crate::keyring::TokenHash;

/// How long it is told that a deletion is done.
const TOLD: SignedDuration = SignedDuration::from_hours(24);

/// That whose preferences a token opened is forgotten: enough to say so once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// The shop that forgot them.
    pub shop: ShopId,
    /// What the page is written in.
    pub locale: Locale,
    expires_at: Timestamp,
}

impl Table {
    /// The shop and customer whose preferences the token with this hash opens.
    pub async fn preferences_by_token(&self, hash: &TokenHash) -> Result<Option<(ShopId, CustomerId)>> {
        let owner: Option<Owner> = self.get(&keys::preferences(hash)).await?;
        Ok(owner.map(|owner| (owner.shop, owner.customer)))
    }

    /// Whether whose preferences the token with this hash opened had their data deleted by it, within
    /// a day.
    pub async fn forgotten_by_token(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<Forgotten>> {
        let forgotten: Option<Forgotten> = self.get(&keys::forgotten(hash)).await?;
        Ok(forgotten.filter(|forgotten| now < forgotten.expires_at))
    }
}

impl Transaction {
    /// Notes under a token that whose preferences it opened is forgotten, so that pressing the button
    /// twice is answered once more.
    pub fn note_forgotten(&mut self, hash: &TokenHash, shop: &ShopId, locale: Locale, now: Timestamp) -> Result<()> {
        let expires_at = now.checked_add(TOLD).unwrap_or(Timestamp::MAX);
        let mut item =
            to_item(keys::forgotten(hash), "forgotten", &Forgotten { shop: shop.clone(), locale, expires_at })?;
        expire(&mut item, expires_at);
        self.derive(item);
        Ok(())
    }
}
