//! The catalogue (pattern 7).

use super::keys;
use super::{Page, Position, Range, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{Product, ProductId, ShopId};

impl Table {
    /// A page of a shop's products, oldest first, perhaps some seconds old: half a read unit per
    /// 4 KB.
    pub async fn products(&self, shop: &ShopId, limit: u32, after: Option<Position>) -> Result<Page<Product>> {
        let select = Select::table(keys::catalogue_partition(shop), Range::All, limit);
        self.query(select.eventually().after(after)).await
    }

    /// The product, read consistently.
    pub async fn product(&self, shop: &ShopId, id: ProductId) -> Result<Option<Product>> {
        self.get(&keys::product(shop, id)).await
    }
}

impl Transaction {
    /// Adds a product to the catalogue.
    pub fn create_product(&mut self, shop: &ShopId, product: &Product) -> Result<Step> {
        Ok(self.create(to_item(keys::product(shop, product.id), "product", product)?))
    }
}
