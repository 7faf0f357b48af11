//! The catalogue: products as staff keep them, as customers are offered them, and how many there are
//! of what is counted (pattern 7).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::keys::{self, Key};
use super::{Page, Position, Range, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{
    Currency, GroupId, Line, Money, OrderQuantity, Prices, Product, ProductId, ProductImage, Quantity, ShopId,
    Translations,
};

/// A product as customers are offered it: without what only its own page tells, so that a page of
/// sixty is a few read units. Derives from the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The product.
    pub id: ProductId,
    /// What it is called.
    pub name: Translations,
    /// What one of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Line<40>>,
    /// What one costs.
    pub prices: Prices,
    /// What one costs in a group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub group_prices: BTreeMap<GroupId, Prices>,
    /// What it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ProductImage>,
    /// What it is among.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Line<60>>,
    /// How many may be ordered at once.
    pub quantity: OrderQuantity,
}

impl Offered {
    /// What one costs in `group`, if that is said, in `currency`.
    pub fn group_price(&self, group: Option<GroupId>, currency: Currency) -> Option<Money> {
        self.group_prices.get(&group?)?.get(currency)
    }
}

impl From<&Product> for Offered {
    fn from(product: &Product) -> Self {
        Self {
            id: product.id,
            name: product.name.clone(),
            unit: product.unit.clone(),
            prices: product.prices.clone(),
            group_prices: product.group_prices.clone(),
            image: product.image,
            category: product.category.clone(),
            quantity: product.quantity,
        }
    }
}

/// What the catalogue is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// To be looked at: it may be some seconds old.
    Show,
    /// To be ordered from: prices and stock are those of now.
    Order,
}

impl Reading {
    fn of(self, select: Select) -> Select {
        match self {
            Self::Show => select.eventually(),
            Self::Order => select,
        }
    }
}

/// How many there are of a product; below zero where the till sold more than was counted.
#[derive(Serialize, Deserialize)]
struct Stock {
    product: ProductId,
    left: i64,
}

impl Table {
    /// A page of a shop's products, oldest first, perhaps some seconds old: half a read unit per
    /// 4 KB.
    pub async fn products(&self, shop: &ShopId, limit: u32, after: Option<Position>) -> Result<Page<Product>> {
        let select = Select::table(keys::catalogue_partition(shop), Range::All, limit);
        self.query(select.eventually().after(after)).await
    }

    /// Pattern 7: what customers are offered, in the order they see it; at most `limit`. Half a read
    /// unit per 4 KB to show it, a whole one to order from it.
    pub async fn offers(&self, shop: &ShopId, limit: u32, reading: Reading) -> Result<Vec<Offered>> {
        let select = Select::table(keys::offers_partition(shop), Range::All, limit);
        Ok(self.query(reading.of(select)).await?.items)
    }

    /// Pattern 7: how many there are of each product that is counted; of at most `limit`. Units as of
    /// [`Table::offers`]; 4 KB are some thirty products.
    pub async fn stocks(&self, shop: &ShopId, limit: u32, reading: Reading) -> Result<BTreeMap<ProductId, i64>> {
        let select = Select::table(keys::stocks_partition(shop), Range::All, limit);
        let page: Page<Stock> = self.query(reading.of(select)).await?;
        Ok(page.items.into_iter().map(|stock| (stock.product, stock.left)).collect())
    }

    /// How many there are of a product, read consistently; `None` where nobody counts.
    pub async fn stock(&self, shop: &ShopId, id: ProductId) -> Result<Option<i64>> {
        let stock: Option<Stock> = self.get(&keys::stock(shop, id)).await?;
        Ok(stock.map(|stock| stock.left))
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
    /// Adds a product to the catalogue, of which there are so many, or nobody counts.
    pub fn create_product(&mut self, shop: &ShopId, product: &Product, stock: Option<i64>) -> Result<Step> {
        let step = self.create(to_item(keys::product(shop, product.id), "product", product)?);
        self.offer(shop, product)?;
        if let Some(left) = stock {
            self.count_stock(shop, product.id, left)?;
        }
        Ok(step)
    }

    /// Changes `before` to `after`, whose version is the next.
    pub fn replace_product(&mut self, shop: &ShopId, before: &Product, after: &Product) -> Result<Step> {
        let step = self.replace(to_item(keys::product(shop, after.id), "product", after)?, before.version);
        if before.visible && (!after.visible || place(shop, before) != place(shop, after)) {
            self.remove(place(shop, before));
        }
        self.offer(shop, after)?;
        Ok(step)
    }

    /// Takes a product, as it was read, out of the catalogue.
    pub fn remove_product(&mut self, shop: &ShopId, product: &Product) -> Step {
        self.remove(place(shop, product));
        self.remove(keys::stock(shop, product.id));
        self.remove_version(keys::product(shop, product.id), product.version)
    }

    fn offer(&mut self, shop: &ShopId, product: &Product) -> Result<()> {
        if product.visible {
            self.derive(to_item(place(shop, product), "offer", &Offered::from(product))?);
        }
        Ok(())
    }

    /// Says how many there are of a product: staff have counted. Their word stands, whatever was sold
    /// meanwhile.
    pub fn count_stock(&mut self, shop: &ShopId, id: ProductId, left: i64) -> Result<()> {
        self.derive(to_item(keys::stock(shop, id), "stock", &Stock { product: id, left })?);
        Ok(())
    }

    /// Ends the counting of a product.
    pub fn forget_stock(&mut self, shop: &ShopId, id: ProductId) {
        self.remove(keys::stock(shop, id));
    }

    /// Takes `quantity` of a counted product out of the stock, if there is so much.
    pub fn take_stock(&mut self, shop: &ShopId, id: ProductId, quantity: Quantity) -> Step {
        self.add_to_counted(&keys::stock(shop, id), "left", -i64::from(quantity), Some(quantity.into()))
    }

    /// Moves the stock of a counted product, whatever there is of it: sold at the till, or given back.
    pub fn move_stock(&mut self, shop: &ShopId, id: ProductId, by: i64) -> Step {
        self.add_to_counted(&keys::stock(shop, id), "left", by, None)
    }
}

/// Where a product stands among what customers are offered.
fn place(shop: &ShopId, product: &Product) -> Key {
    keys::offer(shop, &product.category_key(), product.position, product.id)
}
