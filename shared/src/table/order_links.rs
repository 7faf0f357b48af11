//! Magic links: filed under the hash of their token, listed by their customer (pattern 7).

use serde::{Deserialize, Serialize};

use super::keys;
use super::{Item, Page, Position, Range, Select, Step, Table, Transaction, expire, to_item};
use crate::Result;
use crate::domain::{CustomerId, OrderLink, OrderLinkId, ShopId};
use crate::keyring::TokenHash;

/// What a customer's list knows of a link: where it stands.
#[derive(Debug, Serialize, Deserialize)]
struct Reference {
    hash: TokenHash,
}

impl Table {
    /// Pattern 7: the link whose token has this hash, read consistently: what is revoked is gone
    /// at the next request.
    pub async fn order_link_by_token(&self, hash: &TokenHash) -> Result<Option<OrderLink>> {
        self.get(&keys::order_link(hash)).await
    }

    /// The link with this id of a customer.
    pub async fn order_link(&self, shop: &ShopId, customer: CustomerId, id: OrderLinkId) -> Result<Option<OrderLink>> {
        let reference: Option<Reference> = self.get(&keys::order_link_reference(shop, customer, id)).await?;
        match reference {
            Some(Reference { hash }) => self.order_link_by_token(&hash).await,
            None => Ok(None),
        }
    }

    /// A page of a customer's links, newest first; at most 100.
    pub async fn order_links(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<OrderLink>> {
        let range = Range::BeginsWith(keys::LINKS.to_owned());
        let select = Select::table(keys::customer_partition(shop, customer), range, limit).backwards().after(after);
        let page: Page<Reference> = self.query(select).await?;
        let keys: Vec<_> = page.items.iter().map(|reference| keys::order_link(&reference.hash)).collect();
        let mut links: Vec<OrderLink> = self.get_many_now(&keys).await?;
        links.sort_by_key(|link| std::cmp::Reverse(link.id));
        Ok(Page { items: links, next: page.next })
    }
}

impl Transaction {
    /// Makes a link. The table may delete it some time after it has expired.
    pub fn create_order_link(&mut self, link: &OrderLink) -> Result<()> {
        self.create(item(link)?);
        let reference = Reference { hash: link.hash.clone() };
        let mut item =
            to_item(keys::order_link_reference(&link.shop, link.customer, link.id), "order_link", &reference)?;
        expire(&mut item, link.expires_at);
        self.create(item);
        Ok(())
    }

    /// Writes the next version of a link.
    pub fn replace_order_link(&mut self, link: &OrderLink) -> Result<Step> {
        Ok(self.replace(item(link)?, link.version - 1))
    }

    /// Requires that a link still is as it was read: revoking one stops orders that are under way.
    pub fn require_order_link(&mut self, link: &OrderLink) -> Step {
        self.require_version(&keys::order_link(&link.hash), link.version)
    }
}

/// A link, under the hash of its token.
fn item(link: &OrderLink) -> Result<Item> {
    let mut item = to_item(keys::order_link(&link.hash), "order_link", link)?;
    expire(&mut item, link.expires_at);
    Ok(item)
}
