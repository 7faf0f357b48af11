//! Magic links: a customer's personal shop (K01).

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{CustomerId, OrderLinkId, ProductId, ShopId, Zone};
use crate::keyring::{Keyring, Purpose, Token, TokenHash};

/// What a link lets its customer do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTerms {
    /// For how many days it opens after the day it is made: 1 to [`OrderLink::MOST_DAYS`].
    pub days: u16,
    /// How many orders it takes; `None` for any number.
    pub orders: Option<u32>,
    /// What it offers; `None` for the whole catalogue.
    pub products: Option<BTreeSet<ProductId>>,
}

impl Default for LinkTerms {
    fn default() -> Self {
        Self { days: 90, orders: None, products: None }
    }
}

impl LinkTerms {
    /// From when a link made at `now` opens no more: the end of its last day where the shop is, so that
    /// a mail can name that day.
    pub fn end(&self, zone: &Zone, now: Timestamp) -> Timestamp {
        let after = zone.day(now).checked_add((i32::from(self.days) + 1).days());
        after.map_or(Timestamp::MAX, |day| zone.instant(day, Time::midnight()))
    }
}

/// Whether a link opens, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// It opens.
    Open,
    /// Its time has passed.
    Expired,
    /// Staff took it back.
    Revoked,
    /// It has taken as many orders as it may: it shows them, and takes no more.
    UsedUp,
}

/// The link of one customer. Its token is never stored: it is made again from the id and the
/// generation, and found by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLink {
    /// The shop it leads to.
    pub shop: ShopId,
    /// The link.
    pub id: OrderLinkId,
    /// Raised by every change: an order through it counts on what was read.
    pub version: u64,
    /// Whose it is.
    pub customer: CustomerId,
    /// Part of the token.
    pub generation: u32,
    /// SHA-256 of the token.
    pub hash: TokenHash,
    /// How many more orders it takes, where that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders_left: Option<u32>,
    /// What it offers, where that is not the whole catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub products: Option<BTreeSet<ProductId>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it opens no more.
    pub expires_at: Timestamp,
    /// When staff took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl OrderLink {
    /// The most days a link opens.
    pub const MOST_DAYS: u16 = 366;
    /// The most orders that a limited link takes.
    pub const MOST_ORDERS: u32 = 1000;
    /// The most products of a selection.
    pub const MOST_PRODUCTS: usize = 100;

    /// A new link for `customer`, made at `now`, which opens until `expires_at`.
    pub fn new(
        keyring: &Keyring,
        shop: ShopId,
        id: OrderLinkId,
        customer: CustomerId,
        terms: LinkTerms,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Self {
        let generation = 1;
        let hash = keyring.token(Purpose::OrderLink, id.ulid(), generation).hash();
        let (orders_left, products) = (terms.orders, terms.products);
        Self {
            shop,
            id,
            version: 1,
            customer,
            generation,
            hash,
            orders_left,
            products,
            created_at: now,
            expires_at,
            revoked_at: None,
        }
    }

    /// The token that opens it.
    pub fn token(&self, keyring: &Keyring) -> Token {
        keyring.token(Purpose::OrderLink, self.id.ulid(), self.generation)
    }

    /// Whether it opens at `now`. Read at each use: the table deletes what is expired days late.
    pub fn state(&self, now: Timestamp) -> LinkState {
        match (self.revoked_at, self.orders_left) {
            (Some(_), _) => LinkState::Revoked,
            (None, _) if now >= self.expires_at => LinkState::Expired,
            (None, Some(0)) => LinkState::UsedUp,
            (None, _) => LinkState::Open,
        }
    }

    /// Whether its page is shown at `now`: one that takes no more orders still shows those it took.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.state(now), LinkState::Open | LinkState::UsedUp)
    }

    /// The last day, where the shop is, that it opens from beginning to end.
    pub fn last_day(&self, zone: &Zone) -> Date {
        let end = zone.day(self.expires_at);
        end.yesterday().unwrap_or(end)
    }

    /// Whether it offers `product`.
    pub fn offers(&self, product: ProductId) -> bool {
        self.products.as_ref().is_none_or(|selected| selected.contains(&product))
    }

    /// The link taken back at `now`.
    #[must_use]
    pub fn revoked(&self, now: Timestamp) -> Self {
        Self { version: self.version + 1, revoked_at: Some(now), ..self.clone() }
    }

    /// The link once it has taken an order: itself, where it takes any number.
    #[must_use]
    pub fn ordered_through(&self) -> Option<Self> {
        let left = self.orders_left?;
        Some(Self { version: self.version + 1, orders_left: Some(left.saturating_sub(1)), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn link(terms: LinkTerms) -> (Keyring, OrderLink) {
        let keyring = Keyring::new(&[7; 32]).unwrap();
        let id = OrderLinkId::new(Ulid::from_parts(1, 1));
        let customer = CustomerId::new(Ulid::nil());
        let (shop, now) = ("main".parse().unwrap(), Timestamp::UNIX_EPOCH);
        let end = terms.end(&"Europe/Paris".parse().unwrap(), now);
        let link = OrderLink::new(&keyring, shop, id, customer, terms, now, end);
        (keyring, link)
    }

    #[test]
    fn a_link_keeps_its_hash_and_can_make_its_token_again() {
        let (keyring, link) = link(LinkTerms::default());
        assert_eq!(link.token(&keyring).hash(), link.hash);
    }

    #[test]
    fn a_link_opens_to_the_end_of_a_day_where_the_shop_is() {
        let (_, link) = link(LinkTerms::default());
        // It is one o'clock on New Year's Day in Paris, and ninety days later it is the first of April.
        assert_eq!(link.expires_at.to_string(), "1970-04-01T23:00:00Z");
        let zone = |name: &str| name.parse::<Zone>().unwrap();
        assert_eq!(link.last_day(&zone("Europe/Paris")).to_string(), "1970-04-01");
        assert_eq!(link.last_day(&zone("America/New_York")).to_string(), "1970-03-31");
        // Where the clock skips midnight, the day begins an hour later.
        let eve = "2026-09-04T12:00:00Z".parse().unwrap();
        let end = LinkTerms { days: 1, ..LinkTerms::default() }.end(&zone("America/Santiago"), eve);
        assert_eq!(end.to_string(), "2026-09-06T04:00:00Z");
    }

    #[test]
    fn a_link_opens_until_its_time_its_orders_or_the_shop_end_it() {
        let now = Timestamp::UNIX_EPOCH;
        let (_, plain) = link(LinkTerms::default());
        assert_eq!((plain.state(now), plain.state(plain.expires_at)), (LinkState::Open, LinkState::Expired));
        assert!(plain.ordered_through().is_none(), "it takes any number");
        let revoked = plain.revoked(now);
        assert_eq!((revoked.state(now), revoked.is_open(now), revoked.version), (LinkState::Revoked, false, 2));
        let (_, twice) = link(LinkTerms { orders: Some(2), ..LinkTerms::default() });
        let once = twice.ordered_through().unwrap();
        assert_eq!((once.state(now), once.orders_left), (LinkState::Open, Some(1)));
        let used_up = once.ordered_through().unwrap();
        assert_eq!((used_up.state(now), used_up.is_open(now)), (LinkState::UsedUp, true));
    }
}
