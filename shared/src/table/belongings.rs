//! What belongs to a customer, whatever it is: everything in its partition beside the record.
//!
//! Jobs go through it item by item. They know the few kinds that something elsewhere derives from;
//! all others they carry along or throw away as they stand, so that a new kind is not forgotten.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::customers::Owner;
use super::keys::{self, Key};
use super::{Item, Page, Position, Range, Select, Table, Transaction, from_item, to_item};
use crate::domain::{CustomerId, Note, OrderDraft, OrderId, ShopId, SubmissionId};
use crate::keyring::TokenHash;
use crate::{Error, Result};

/// How many items are counted at once.
const COUNTED: u32 = 100;

/// What a job has to know of an item.
#[derive(Debug)]
pub(crate) enum Belonging {
    /// A note: words derive from it.
    Note(Box<Note>),
    /// An order: its id leads to it.
    Order(OrderId),
    /// The reference to a magic link, which stands under its token's hash.
    Link(TokenHash),
    /// What a form sent: its receipt leads to it.
    Submission(SubmissionId),
    /// The reference to a link that asks for consent, which stands under its token's hash.
    ConsentRequest(TokenHash),
    /// Somebody who was merged into this customer.
    Merged(CustomerId),
    /// Anything else: nothing elsewhere knows of it.
    Other,
}

/// Something about a customer, as a program outside may read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// What it is: `note`, `order`, `submission`…
    pub kind: String,
    /// What it says, without what only the table needs.
    pub value: Value,
}

/// The kinds of items that say something about a person. The others are ours: what was mailed
/// already, what a merge left.
const SAYING: [&str; 6] = ["note", "order", "message", "submission", "consent", "interaction"];

/// What is left out of them: keys, and what the indexes show again; who in the shop did it is not
/// about the customer.
const LEFT_OUT: [&str; 18] = [
    "pk",
    "sk",
    "t",
    "ttl",
    "shop",
    "customer",
    "to",
    "sent_to",
    "list_pk",
    "list_sk",
    "card",
    "due_pk",
    "due_sk",
    "due",
    "owner",
    "author",
    "by",
    "recorded_by",
];

/// An item that belongs to a customer, as it was read.
#[derive(Debug)]
pub(crate) struct Belongings {
    pub(crate) item: Item,
    pub(crate) key: Key,
    pub(crate) what: Belonging,
}

impl Belongings {
    pub(super) fn of(item: Item) -> Result<Self> {
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
            keys::SUBMISSIONS => id(&key.sk).parse().map_or(Belonging::Other, Belonging::Submission),
            keys::CONSENT_REQUESTS => Belonging::ConsentRequest(from_item::<Link>(item.clone())?.hash),
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

    /// Everything that is kept about a customer at `now` beside the record, a page of at most 100 at a
    /// time; what is in the making through a magic link comes with the link's reference.
    pub async fn customer_data(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        now: Timestamp,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<Data>> {
        let page = self.belongings(shop, customer, limit, after).await?;
        let drafts = page.items.iter().filter_map(|read| match &read.what {
            Belonging::Link(hash) => Some(keys::order_draft(hash)),
            _ => None,
        });
        let drafts: Vec<OrderDraft> = self.get_many_now(&drafts.collect::<Vec<_>>()).await?;
        let drafts = drafts.into_iter().filter(|draft| draft.is_kept(now)).map(|draft| {
            let mut value = serde_json::to_value(draft).map_err(|_| Error::Impossible("a draft is no JSON"))?;
            leave_out(&mut value);
            Ok(Data { kind: "order_draft".to_owned(), value })
        });
        let saying = page.items.into_iter().filter(|read| SAYING.contains(&text(&read.item, "t").as_str()));
        let data = saying.map(|read| {
            let kind = text(&read.item, "t");
            let mut value: Value = from_item(read.item)?;
            leave_out(&mut value);
            Ok(Data { kind, value })
        });
        Ok(Page { items: data.chain(drafts).collect::<Result<_>>()?, next: page.next })
    }

    /// How much belongs to a customer, by kind: what a merge would bring. It reads all of it.
    pub async fn count_belongings(&self, shop: &ShopId, customer: CustomerId) -> Result<BTreeMap<String, u64>> {
        let (mut counts, mut after) = (BTreeMap::new(), None);
        loop {
            let page = self.belongings(shop, customer, COUNTED, after).await?;
            for read in &page.items {
                let kind = read.key.sk.split('#').next().unwrap_or_default();
                // What people would not look for is not counted.
                if ["NOTE", "ORDER", "LINK", "MESSAGE", "SUBMISSION", "CONSENT", "INTERACTION"].contains(&kind) {
                    *counts.entry(format!("{}s", kind.to_lowercase())).or_default() += 1;
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(counts);
            }
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

    /// Writes an item as it stands with `customer`.
    pub(crate) fn bring(&mut self, shop: &ShopId, customer: CustomerId, item: &Item) {
        self.create(rehomed(item, shop, customer));
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
fn rehomed(item: &Item, shop: &ShopId, customer: CustomerId) -> Item {
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

/// Takes [`LEFT_OUT`] out of whatever `value` holds. What a form sent is lists of text under the
/// form's own names, and is kept as sent.
fn leave_out(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|name, value| value.is_array() || !LEFT_OUT.contains(&name.as_str()));
            object.values_mut().for_each(leave_out);
        }
        Value::Array(list) => list.iter_mut().for_each(leave_out),
        _ => {}
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
