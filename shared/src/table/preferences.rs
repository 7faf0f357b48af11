//! What a preferences token leads to.

use super::Table;
use super::customers::Owner;
use super::keys;
use crate::Result;
use crate::domain::{CustomerId, ShopId};
use crate::keyring::TokenHash;

impl Table {
    /// The shop and customer whose preferences the token with this hash opens.
    pub async fn preferences_by_token(&self, hash: &TokenHash) -> Result<Option<(ShopId, CustomerId)>> {
        let owner: Option<Owner> = self.get(&keys::preferences(hash)).await?;
        Ok(owner.map(|owner| (owner.shop, owner.customer)))
    }
}
