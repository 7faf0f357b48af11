//! Orders in the making: what a customer has chosen through a link and not ordered yet.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{CustomerId, DraftId, Line, Money, OrderLine, OrderLink, OrderLinkId, ProductId, Quantity, ShopId, Text};

/// So many of a product, as it was called and priced when it was chosen: what became of it since can
/// be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    /// What it was called.
    pub name: Line<120>,
    /// How many.
    pub quantity: Quantity,
    /// What one cost.
    pub unit_price: Money,
}

/// The one order in the making of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDraft {
    /// The shop it is made in.
    pub shop: ShopId,
    /// The draft: what makes posting it twice one order.
    pub id: DraftId,
    /// Raised by every change; 0 until it is stored.
    pub version: u64,
    /// Whose link it is made through.
    pub customer: CustomerId,
    /// That link.
    pub link: OrderLinkId,
    /// What was chosen.
    pub lines: BTreeMap<ProductId, DraftLine>,
    /// The customer's words to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text<500>>,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// From when it is no longer kept.
    pub expires_at: Timestamp,
}

impl OrderDraft {
    /// How long one is kept that nobody goes on with.
    pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// An empty one.
    pub fn new(link: &OrderLink, customer: CustomerId, id: DraftId, now: Timestamp) -> Self {
        Self {
            shop: link.shop.clone(),
            id,
            version: 0,
            customer,
            link: link.id,
            lines: BTreeMap::new(),
            note: None,
            changed_at: now,
            expires_at: Self::kept_until(now),
        }
    }

    fn kept_until(now: Timestamp) -> Timestamp {
        now.saturating_add(Self::KEPT).unwrap_or(Timestamp::MAX)
    }

    /// Whether it is still kept at `now`. Read at each use: the table deletes what is expired days late.
    pub fn is_kept(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Its next version, which is stored at `now`.
    #[must_use]
    pub fn next(self, now: Timestamp) -> Self {
        Self { version: self.version + 1, changed_at: now, expires_at: Self::kept_until(now), ..self }
    }
}

impl From<&OrderLine> for DraftLine {
    fn from(line: &OrderLine) -> Self {
        Self { name: line.name.clone(), quantity: line.quantity, unit_price: line.unit_price }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::Keyring;
    use crate::domain::LinkTerms;

    fn draft() -> OrderDraft {
        let keyring = Keyring::new(&[7; 32]).unwrap();
        let (link, customer) = (OrderLinkId::new(Ulid::from_parts(1, 1)), CustomerId::new(Ulid::nil()));
        let shop = "main".parse().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let link = OrderLink::new(&keyring, shop, link, customer, LinkTerms::default(), now, now);
        OrderDraft::new(&link, customer, DraftId::new(Ulid::nil()), now)
    }

    #[test]
    fn a_draft_that_nobody_goes_on_with_is_kept_for_thirty_days() {
        let draft = draft();
        assert_eq!(draft.expires_at.to_string(), "1970-01-31T00:00:00Z");
        assert!(draft.is_kept(Timestamp::UNIX_EPOCH) && !draft.is_kept(draft.expires_at));
    }
}
