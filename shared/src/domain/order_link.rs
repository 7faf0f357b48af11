//! Magic links: a customer's personal shop (K01).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{CustomerId, OrderLinkId, ShopId};
use crate::keyring::{Keyring, Purpose, Token, TokenHash};

/// The link of one customer. Its token is never stored: it is made again from the id and the
/// generation, and found by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLink {
    /// The shop it leads to.
    pub shop: ShopId,
    /// The link.
    pub id: OrderLinkId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Raised when the token is replaced.
    pub generation: u32,
    /// SHA-256 of the token.
    pub hash: TokenHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it opens no more.
    pub expires_at: Timestamp,
}

impl OrderLink {
    /// How long a link opens unless staff say otherwise.
    pub const DEFAULT_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

    /// A new link for `customer`, and its token.
    pub fn new(keyring: &Keyring, shop: ShopId, id: OrderLinkId, customer: CustomerId, now: Timestamp) -> Self {
        let generation = 1;
        let hash = keyring.token(Purpose::OrderLink, id.ulid(), generation).hash();
        let expires_at = now.checked_add(Self::DEFAULT_LIFE).unwrap_or(Timestamp::MAX);
        Self { shop, id, customer, generation, hash, created_at: now, expires_at }
    }

    /// The token that opens it.
    pub fn token(&self, keyring: &Keyring) -> Token {
        keyring.token(Purpose::OrderLink, self.id.ulid(), self.generation)
    }

    /// Whether it opens at `now`. Read at each use: the table deletes what is expired days late.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_link_keeps_its_hash_and_can_make_its_token_again() {
        let keyring = Keyring::new(&[7; 32]).unwrap();
        let id = OrderLinkId::new(Ulid::from_parts(1, 1));
        let now = Timestamp::UNIX_EPOCH;
        let link = OrderLink::new(&keyring, "main".parse().unwrap(), id, CustomerId::new(Ulid::nil()), now);
        assert_eq!(link.token(&keyring).hash(), link.hash);
        assert!(link.is_open(now));
        assert!(!link.is_open(link.expires_at));
        assert_eq!(link.expires_at.to_string(), "1970-04-01T00:00:00Z");
    }
}
