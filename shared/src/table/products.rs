//! The catalogue (pattern 7).

use std::collections::BTreeSet;

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

    /// The products with these ids, at most 100, in any order. What is missing may just have been
    /// added, and is asked for once more, consistently: most orders cost half a unit a product.
    pub async fn products_by_id(&self, shop: &ShopId, ids: &BTreeSet<ProductId>) -> Result<Vec<Product>> {
        let keys: Vec<_> = ids.iter().map(|id| keys::product(shop, *id)).collect();
        let mut found: Vec<Product> = self.get_many(&keys).await?;
        let known: BTreeSet<ProductId> = found.iter().map(|product| product.id).collect();
        for id in ids.difference(&known) {
            found.extend(self.product(shop, *id).await?);
        }
        Ok(found)
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
