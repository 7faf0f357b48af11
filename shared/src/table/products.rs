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
    /// Where it stands among what is offered.
    #[serde(rename = "sk", skip_serializing)]
    pub place: String,
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
    /// Whether the shop counts how many there are.
    pub counted: bool,
    /// Whether there is more to say of it.
    pub described: bool,
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
            place: place(product),
            id: product.id,
            name: product.name.clone(),
            unit: product.unit.clone(),
            prices: product.prices.clone(),
            group_prices: product.group_prices.clone(),
            image: product.image,
            category: product.category.clone(),
            quantity: product.quantity,
            counted: product.counted,
            described: product.description.is_some(),
        }
    }
}

/// What is offered at all in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// The categories: what each is sorted by, and its name.
    pub categories: Vec<(String, String)>,
    /// About how many offers there are, in all categories and in none.
    pub offers: u64,
}

/// How many offers of one category, or of none, have a price in one currency.
#[derive(Deserialize)]
struct Tally {
    sk: String,
    #[serde(default)]
    name: String,
    tally: i64,
}

/// What the catalogue is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// To be looked at: it may be some seconds old.
    Show,
    /// To be ordered from: prices and stock are those of now.
    Order,
}

/// The most categories of one currency that are looked at: those of which nothing is left are among them.
const MOST_CATEGORIES: u32 = 2000;

/// How many offers are read at the price of one product: half a read unit.
const OFFERS_OF_A_READ: u32 = 10;

/// How many stocks are read at the price of one: half a read unit.
const STOCKS_OF_A_READ: u32 = 75;

/// The fewest wanted stocks that have to be among them for the next ones to be read so too. Where they
/// lie farther apart, asking for each costs as much, and is one request.
const WORTH_A_READ: usize = 4;

/// How many there are of a product; below zero where the till sold more than was counted.
#[derive(Serialize, Deserialize)]
struct Stock {
    #[serde(rename = "sk", skip_serializing)]
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

    /// Pattern 7: a page of what customers are offered, in the order they see it: everything, or one
    /// category; from behind a place on. Perhaps some seconds old: half a read unit per 4 KB, which
    /// are some ten products.
    pub async fn offers(
        &self,
        shop: &ShopId,
        category: Option<&str>,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Vec<Offered>> {
        let pk = keys::offers_partition(shop);
        let range = category.map_or(Range::All, |category| Range::BeginsWith(format!("{category}#")));
        let after = after.map(|place| Position::of_key(keys::offer(shop, place)));
        Ok(self.query(Select::table(pk, range, limit).eventually().after(after)).await?.items)
    }

    /// What customers are offered of the products with these ids, at most 100, in the order they see it,
    /// perhaps some seconds old, in a shop of about `offers`: at most half a read unit for each of them,
    /// one where it says more than 4 KB; less where all the shop offers is cheaper to read than they are.
    pub async fn offers_among(&self, shop: &ShopId, ids: &BTreeSet<ProductId>, offers: u64) -> Result<Vec<Offered>> {
        let worth = u32::try_from(ids.len()).unwrap_or(u32::MAX).saturating_mul(OFFERS_OF_A_READ);
        if offers < worth.into() {
            let all = self.offers(shop, None, worth, None).await?;
            // There may be more by now than was said.
            if all.len() < worth as usize {
                return Ok(all.into_iter().filter(|offered| ids.contains(&offered.id)).collect());
            }
        }
        self.offers_by_id(shop, ids, Reading::Show).await
    }

    /// What customers are offered of the products with these ids, at most 100, in the order they see it:
    /// from the products themselves.
    pub async fn offers_by_id(
        &self,
        shop: &ShopId,
        ids: &BTreeSet<ProductId>,
        reading: Reading,
    ) -> Result<Vec<Offered>> {
        let keys: Vec<_> = ids.iter().map(|id| keys::product(shop, *id)).collect();
        let products: Vec<Product> = match reading {
            Reading::Show => self.get_many(&keys).await?,
            Reading::Order => self.get_many_now(&keys).await?,
        };
        let mut offers: Vec<_> = products.iter().filter(|product| product.visible).map(Offered::from).collect();
        offers.sort_by(|one, other| one.place.cmp(&other.place));
        Ok(offers)
    }

    /// Pattern 7: in which categories something is offered in `currency`, and about how much, perhaps
    /// some seconds old: half a read unit for some fifty categories.
    pub async fn directory(&self, shop: &ShopId, currency: Currency) -> Result<Directory> {
        let beginning = keys::tallies_in(currency);
        let range = Range::BeginsWith(beginning.clone());
        let select = Select::table(keys::directory_partition(shop), range, MOST_CATEGORIES).eventually();
        let page: Page<Tally> = self.query(select).await?;
        let mut directory = Directory::default();
        for Tally { sk, name, tally } in page.items.into_iter().filter(|entry| entry.tally > 0) {
            directory.offers += tally.unsigned_abs();
            let category = sk.strip_prefix(&beginning).filter(|category| !category.is_empty());
            directory.categories.extend(category.map(|category| (category.to_owned(), name)));
        }
        Ok(directory)
    }

    /// Pattern 7: how many there are of those of `ids`, at most 100, that are counted, perhaps some
    /// seconds old. At most half a read unit each, however many others are counted; in a shop of a few
    /// hundred, half a unit for some seventy-five of the shop's.
    pub async fn stocks(&self, shop: &ShopId, ids: &BTreeSet<ProductId>) -> Result<BTreeMap<ProductId, i64>> {
        let (mut wanted, mut found) = (ids.clone(), BTreeMap::new());
        while let (Some(first), Some(last)) = (wanted.first(), wanted.last()) {
            let [from, to] = [first, last].map(|id| keys::stock(shop, *id).sk);
            let select = Select::table(keys::stocks_partition(shop), Range::Between(from, to), STOCKS_OF_A_READ);
            let page: Page<Stock> = self.query(select.eventually()).await?;
            let reached = page.next.and(page.items.last()).map(|stock| stock.product);
            found.extend(by_product(page.items));
            let before = wanted.len();
            // At the end, what was not found is not counted.
            wanted.retain(|id| reached.is_some_and(|reached| *id > reached));
            if before - wanted.len() < WORTH_A_READ {
                break;
            }
        }
        let keys: Vec<_> = wanted.iter().map(|id| keys::stock(shop, *id)).collect();
        found.extend(by_product(self.get_many(&keys).await?));
        found.retain(|product, _| ids.contains(product));
        Ok(found)
    }

    /// How many there are now of those of `ids`, at most 100, that are counted: a read unit each.
    pub async fn stocks_of(&self, shop: &ShopId, ids: &BTreeSet<ProductId>) -> Result<BTreeMap<ProductId, i64>> {
        let keys: Vec<_> = ids.iter().map(|id| keys::stock(shop, *id)).collect();
        Ok(by_product(self.get_many_now(&keys).await?))
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
        self.offer(shop, None, Some(product))?;
        if let Some(left) = stock {
            self.count_stock(shop, product.id, left)?;
        }
        Ok(step)
    }

    /// Changes `before` to `after`, whose version is the next.
    pub fn replace_product(&mut self, shop: &ShopId, before: &Product, after: &Product) -> Result<Step> {
        let step = self.replace(to_item(keys::product(shop, after.id), "product", after)?, before.version);
        self.offer(shop, Some(before), Some(after))?;
        Ok(step)
    }

    /// Takes a product, as it was read, out of the catalogue.
    pub fn remove_product(&mut self, shop: &ShopId, product: &Product) -> Result<Step> {
        self.offer(shop, Some(product), None)?;
        self.remove(keys::stock(shop, product.id));
        Ok(self.remove_version(keys::product(shop, product.id), product.version))
    }

    /// Offers `after` instead of `before`: its row, and the tallies it counts in, at most two for each of
    /// its currencies.
    fn offer(&mut self, shop: &ShopId, before: Option<&Product>, after: Option<&Product>) -> Result<()> {
        let [before, after] = [before, after].map(|product| product.filter(|product| product.visible));
        let row = |product: &Product| keys::offer(shop, &place(product));
        if let Some(before) = before
            && after.is_none_or(|after| place(after) != place(before))
        {
            self.remove(row(before));
        }
        if let Some(after) = after {
            self.derive(to_item(row(after), "offer", &Offered::from(after))?);
        }
        let name = after.map(|product| product.category.as_ref().map_or("", Line::expose));
        let renamed = before.map(|product| product.category.as_ref().map_or("", Line::expose)) != name;
        let [before, after] = [before, after].map(|product| tallies(shop, product));
        for key in before.iter().filter(|key| !after.contains(key)) {
            self.tally(key, -1, None);
        }
        for key in &after {
            match before.contains(key) {
                false => self.tally(key, 1, name),
                // The same category, spelt otherwise: what was written last is its name.
                true if renamed => self.tally(key, 0, name),
                true => {}
            }
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
fn place(product: &Product) -> String {
    keys::offer_place(&product.category_key(), product.position, product.id)
}

/// The tallies that a product counts in: its category's, in each of its currencies.
fn tallies(shop: &ShopId, product: Option<&Product>) -> Vec<Key> {
    let of = |product: &Product| {
        let category = product.category_key();
        product.prices.iter().map(|(currency, _)| keys::tally(shop, currency, &category)).collect()
    };
    product.map(of).unwrap_or_default()
}

fn by_product(stocks: Vec<Stock>) -> BTreeMap<ProductId, i64> {
    stocks.into_iter().map(|stock| (stock.product, stock.left)).collect()
}
