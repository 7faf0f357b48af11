//! Interactions: in their customer's partition, in the order of time (pattern 1b).

use super::keys;
use super::{Page, Position, Range, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{CustomerId, Interaction, InteractionId, ShopId};

impl Table {
    /// The interaction with this id.
    pub async fn interaction(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        id: InteractionId,
    ) -> Result<Option<Interaction>> {
        self.get(&keys::interaction(shop, customer, id)).await
    }

    /// Pattern 1b: a page of a customer's interactions, the latest first.
    pub async fn interactions(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<Interaction>> {
        let range = Range::BeginsWith(keys::INTERACTIONS.to_owned());
        let partition = keys::customer_partition(shop, customer);
        self.query(Select::table(partition, range, limit).backwards().after(after)).await
    }
}

impl Transaction {
    /// Records an interaction.
    pub fn create_interaction(&mut self, shop: &ShopId, interaction: &Interaction) -> Result<Step> {
        let key = keys::interaction(shop, interaction.customer, interaction.id);
        Ok(self.create(to_item(key, "interaction", interaction)?))
    }
}
