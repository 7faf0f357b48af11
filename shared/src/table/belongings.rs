//! What belongs to a customer, whatever it is: everything in its partition beside the record.
//!
//! Jobs go through it item by item. They know the few kinds that something elsewhere derives from;
//! all others they carry along or throw away as they stand, so that a new kind is not forgotten.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use super::customers::Owner;
use super::keys::{self, Key};
use super::{Item, Page, Position, Range, Select, Table, Transaction, from_item, to_item};
use crate::Result;
use crate::domain::{CustomerId, Note, OrderId, ShopId};
use crate::keyring::TokenHash;

/// What a job has to know of an item.
#[derive(Debug)]
pub(crate) enum Belonging {
    /// A note: words derive from it.
    Note(Box<Note>),
    /// An order: its id leads to it.
    Order(OrderId),
    /// The reference to a magic link, which stands under its token's hash.
    Link(TokenHash),
    /// Somebody who was merged into this customer.
    Merged(CustomerId),
    /// Anything else: nothing elsewhere knows of it.
    Other,
}

/// An item that belongs to a customer, as it was read.
#[derive(Debug)]
pub(crate) struct Belongings {
    pub(crate) item: Item,
    pub(crate) key: Key,
    pub(crate) what: Belonging,
}

impl Belongings {
    fn of(item: Item) -> Result<Self> {
        #[derive(Deserialize)]
        struct Link {
            hash: TokenHash,
        }
        let key = Key { pk: text(&item, "pk"), sk: text(&item, "sk") };
        let id = |text: &str| text.rsplit('#').next().unwrap_or_default().to_owned();
        let what = match key.sk.split_inclusive('#').next().unwrap_or_default() {
            keys::NOTES => Belonging::Note(Box::new(from_item(item.clone())?)),
            keys::ORDERS => id(&key.sk).parse().map_or(Belonging::Other, Belonging::Order),
            keys::LINKS => Belonging::Link(from_item::<Link>(item.clone())?.hash),
            keys::MERGED => id(&key.sk).parse().map_or(Belonging::Other, Belonging::Merged),
            _ => Belonging::Other,
        };
        Ok(Self { item, key, what })
    }

    /// The version that the item was read with, where it has versions.
    pub(crate) fn version(&self) -> Option<u64> {
        self.item.get("version").and_then(|value| value.as_n().ok()).and_then(|text| text.parse().ok())
    }
}

fn text(item: &Item, name: &str) -> String {
    item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
}

impl Table {
    /// A page of what belongs to a customer. The record, where it leads once it is merged, and the
    /// marks of jobs are no belongings.
    pub(crate) async fn belongings(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        mut after: Option<Position>,
    ) -> Result<Page<Belongings>> {
        loop {
            let partition = keys::customer_partition(shop, customer);
            let page = self.query_items(Select::table(partition, Range::All, limit).after(after)).await?;
            let own = |item: &Item| {
                let sk = text(item, "sk");
                sk != keys::CUSTOMER && sk != keys::MERGED_INTO && !sk.starts_with(keys::JOB_MARKS)
            };
            let items = page.items.into_iter().filter(own).map(Belongings::of).collect::<Result<Vec<_>>>()?;
            if !items.is_empty() || page.next.is_none() {
                return Ok(Page { items, next: page.next });
            }
            after = page.next;
        }
    }

    /// The keys of a magic link and of the drafts that were posted through it; at most `limit`.
    pub(crate) async fn link_keys(&self, hash: &TokenHash, limit: u32) -> Result<Vec<Key>> {
        let page = self.query_items(Select::table(keys::order_link(hash).pk, Range::All, limit)).await?;
        let standing = page.items.iter().map(|item| Key { pk: text(item, "pk"), sk: text(item, "sk") });
        Ok(standing.collect())
    }
}

impl Transaction {
    /// Gives an order to nobody in particular: what was bought and paid is kept, what was said is
    /// not, nor the link it came through.
    pub(crate) fn pseudonymise_order(
        &mut self,
        shop: &ShopId,
        order: OrderId,
        read: &Belongings,
        pseudonym: CustomerId,
    ) -> Result<()> {
        let mut item = rehomed(&read.item, shop, pseudonym);
        item.remove("link");
        for words in ["note", "reason", "comment"] {
            item.remove(words);
            item.values_mut().for_each(|value| without(value, words));
        }
        self.create(item);
        self.remove_as_read(read);
        self.derive_order_owner(shop, order, pseudonym)
    }

    /// Makes an order's id lead to `customer`, whose order another step writes.
    pub(crate) fn derive_order_owner(&mut self, shop: &ShopId, order: OrderId, customer: CustomerId) -> Result<()> {
        let owner = Owner { shop: shop.clone(), customer };
        self.derive(to_item(keys::order_owner(shop, order), "order_owner", &owner)?);
        Ok(())
    }

    /// Deletes an item, if it still is as it was read.
    pub(crate) fn remove_as_read(&mut self, read: &Belongings) {
        match read.version() {
            Some(version) => self.remove_version(read.key.clone(), version),
            None => self.remove_standing(read.key.clone()),
        };
    }
}

/// The item as it stands with `customer`: in that partition, and naming that customer wherever it
/// named the one before.
pub(crate) fn rehomed(item: &Item, shop: &ShopId, customer: CustomerId) -> Item {
    let mut item = item.clone();
    item.insert("pk".to_owned(), AttributeValue::S(keys::customer_partition(shop, customer)));
    rename(&mut item, &customer.to_string());
    item
}

fn rename(item: &mut Item, customer: &str) {
    for (name, value) in item {
        match value {
            AttributeValue::S(id) if name == "customer" => customer.clone_into(id),
            AttributeValue::M(map) => rename(map, customer),
            _ => {}
        }
    }
}

/// Takes the attribute `name` out of whatever `value` holds.
fn without(value: &mut AttributeValue, name: &str) {
    match value {
        AttributeValue::M(map) => {
            map.remove(name);
            map.values_mut().for_each(|value| without(value, name));
        }
        AttributeValue::L(list) => list.iter_mut().for_each(|value| without(value, name)),
        _ => {}
    }
}
