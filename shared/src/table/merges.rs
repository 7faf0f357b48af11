//! What a merge leaves in the table: where the other record leads, who was merged into whom, and what
//! is needed to undo it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::keys::{self, Key};
use super::{Item, Page, Range, Select, Table, Transaction, expire, to_item};
use crate::Result;
use crate::domain::{Customer, CustomerId, Job, JobId, ShopId};
use crate::keyring::AddressDigest;

/// Where a merged customer's record leads.
#[derive(Debug, Serialize, Deserialize)]
struct Pointer {
    survivor: CustomerId,
}

/// The same, of whom it says where to.
#[derive(Debug, Deserialize)]
struct PointerFrom {
    pk: String,
    #[serde(flatten)]
    pointer: Pointer,
}

/// Somebody who was merged into a customer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Merged {
    /// Who.
    pub(crate) other: CustomerId,
    /// The address that has led to the survivor since.
    pub(crate) address: AddressDigest,
    /// The newest link to their preferences, see [`Customer::preferences_generation`].
    pub(crate) preferences_generation: u32,
}

/// What two records were before their merge: enough to undo it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Before {
    pub(crate) survivor: Customer,
    pub(crate) other: Customer,
    /// Whether their address, where it was the same, led to the other.
    pub(crate) other_was_first: bool,
}

/// That a merge brought an item.
#[derive(Debug)]
pub(crate) struct Moved {
    /// Where this stands.
    pub(crate) key: Key,
    /// The sort key of what was brought.
    pub(crate) sk: String,
    /// The item as it was, where it was not brought unchanged.
    pub(crate) kept: Option<Item>,
}

/// The most merges that lead from one record to another; each merge makes the way one step long.
const LONGEST_WAY: usize = 10;

impl Table {
    /// Who stands for a customer that was merged; `None` if it was not.
    pub async fn survivor(&self, shop: &ShopId, id: CustomerId) -> Result<Option<CustomerId>> {
        let (mut at, mut found) = (id, None);
        for _ in 0..LONGEST_WAY {
            match self.merged_into(shop, at).await? {
                Some(next) => (at, found) = (next, Some(next)),
                None => break,
            }
        }
        Ok(found)
    }

    /// Whom a customer was merged into, whatever became of that one; `None` if it was not.
    pub(super) async fn merged_into(&self, shop: &ShopId, id: CustomerId) -> Result<Option<CustomerId>> {
        let pointer: Option<Pointer> = self.get(&keys::merged_into(shop, id)).await?;
        Ok(pointer.map(|pointer| pointer.survivor))
    }

    /// The customer, or who stands for it since a merge: a second and third read only then.
    pub async fn customer_or_survivor(&self, shop: &ShopId, id: CustomerId) -> Result<Option<Customer>> {
        if let Some(customer) = self.customer(shop, id).await? {
            return Ok(Some(customer));
        }
        match self.survivor(shop, id).await? {
            Some(survivor) => self.customer(shop, survivor).await,
            None => Ok(None),
        }
    }

    /// The customers with these ids, or who stands for them since a merge, by the id that was asked for; at
    /// most 100. Half a read unit each up to 4 KB, and another for an id that nobody has any more.
    pub async fn customers_or_survivors(
        &self,
        shop: &ShopId,
        ids: &[CustomerId],
    ) -> Result<BTreeMap<CustomerId, Customer>> {
        let by_id = |customers: Vec<Customer>| customers.into_iter().map(|customer| (customer.id, customer));
        let mut found: BTreeMap<_, _> = by_id(self.customers(shop, ids).await?).collect();
        let gone = ids.iter().filter(|id| !found.contains_key(id));
        let pointers: Vec<_> = gone.map(|id| keys::merged_into(shop, *id)).collect();
        let pointers: Vec<PointerFrom> = self.get_many(&pointers).await?;
        let survivors: BTreeSet<CustomerId> = pointers.iter().map(|from| from.pointer.survivor).collect();
        let survivors = self.customers(shop, &Vec::from_iter(survivors)).await?;
        let survivors: BTreeMap<_, _> = by_id(survivors).collect();
        for PointerFrom { pk, pointer } in pointers {
            let id = pk.rsplit('#').next().and_then(|id| id.parse().ok());
            if let Some((id, survivor)) = id.zip(survivors.get(&pointer.survivor)) {
                found.insert(id, survivor.clone());
            }
        }
        Ok(found)
    }

    /// The item at `sk` of a customer's partition, as it stands.
    pub(crate) async fn belonging_at(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        sk: &str,
    ) -> Result<Option<super::Belongings>> {
        let range = Range::Between(sk.to_owned(), sk.to_owned());
        let page = self.query_items(Select::table(keys::customer_partition(shop, customer), range, 1)).await?;
        page.items.into_iter().next().map(super::Belongings::of).transpose()
    }

    /// Who was merged into `survivor` as `other`.
    pub(crate) async fn merged(
        &self,
        shop: &ShopId,
        survivor: CustomerId,
        other: CustomerId,
    ) -> Result<Option<Merged>> {
        self.get(&keys::merged(shop, survivor, other)).await
    }

    /// What the records of a merge were before it, for thirty days.
    pub(crate) async fn before_merge(&self, shop: &ShopId, survivor: CustomerId, job: JobId) -> Result<Option<Before>> {
        self.get(&keys::before_merge(shop, survivor, job)).await
    }

    /// The first of what a merge brought; at most `limit`.
    pub(crate) async fn moved(
        &self,
        shop: &ShopId,
        survivor: CustomerId,
        job: JobId,
        limit: u32,
    ) -> Result<Vec<Moved>> {
        let beginning = keys::moved_by(job);
        let range = Range::BeginsWith(beginning.clone());
        let page: Page<Item> =
            self.query_items(Select::table(keys::customer_partition(shop, survivor), range, limit)).await?;
        let read = |mut item: Item| {
            let sk = item.get("sk").and_then(|sk| sk.as_s().ok()).cloned().unwrap_or_default();
            let kept = match item.remove("kept") {
                Some(AttributeValue::M(kept)) => Some(kept),
                _ => None,
            };
            let brought = sk.strip_prefix(&beginning).unwrap_or_default().to_owned();
            Moved { key: Key { pk: keys::customer_partition(shop, survivor), sk }, sk: brought, kept }
        };
        Ok(page.items.into_iter().map(read).collect())
    }
}

impl Transaction {
    /// Requires that there is no record of the customer, and nobody who stands for it since a merge.
    pub fn require_nobody(&mut self, shop: &ShopId, id: CustomerId) {
        self.require_absent(&keys::customer(shop, id));
        self.require_absent(&keys::merged_into(shop, id));
    }

    /// Makes the record of `other` lead to `survivor`, where its address leads from then on.
    pub(crate) fn point(&mut self, other: &Customer, survivor: CustomerId, address: AddressDigest) -> Result<()> {
        let (shop, preferences_generation) = (&other.shop, other.preferences_generation);
        self.derive(to_item(keys::merged_into(shop, other.id), "merged_into", &Pointer { survivor })?);
        let merged = Merged { other: other.id, address, preferences_generation };
        self.derive(to_item(keys::merged(shop, survivor, other.id), "merged", &merged)?);
        Ok(())
    }

    /// Takes away where the record of `other` leads.
    pub(crate) fn unpoint(&mut self, shop: &ShopId, other: CustomerId, survivor: CustomerId) {
        self.remove(keys::merged_into(shop, other));
        self.remove(keys::merged(shop, survivor, other));
    }

    /// Makes the record of `other`, which leads somewhere already, lead to `survivor`.
    pub(crate) fn redirect(&mut self, shop: &ShopId, other: CustomerId, survivor: CustomerId) -> Result<()> {
        self.derive(to_item(keys::merged_into(shop, other), "merged_into", &Pointer { survivor })?);
        Ok(())
    }

    /// Throws away what two records were before the merge of `job`.
    pub(crate) fn remove_before(&mut self, job: &Job, survivor: CustomerId) {
        self.remove(keys::before_merge(&job.shop, survivor, job.id));
    }

    /// Takes away that a merge brought something: it has gone back.
    pub(crate) fn forget_moved(&mut self, moved: &Moved) {
        self.remove_standing(moved.key.clone());
    }

    /// Writes an item again, exactly as it was.
    pub(crate) fn create_again(&mut self, item: Item) {
        self.create(item);
    }

    /// Keeps what two records were, as long as their merge may be undone.
    pub(crate) fn keep_before(&mut self, job: &Job, before: &Before) -> Result<()> {
        let key = keys::before_merge(&job.shop, before.survivor.id, job.id);
        let mut item = to_item(key, "before_merge", before)?;
        if let Some(until) = job.undo_until() {
            expire(&mut item, until);
        }
        self.derive(item);
        Ok(())
    }

    /// Notes that `job` brought the item at `sk` to `survivor`; `kept` as it was, where it was not
    /// brought unchanged.
    pub(crate) fn note_moved(&mut self, job: &Job, survivor: CustomerId, sk: &str, kept: Option<Item>) -> Result<()> {
        #[derive(Serialize)]
        struct Mark {}
        let mut item = to_item(keys::moved(&job.shop, survivor, job.id, sk), "moved", &Mark {})?;
        if let Some(until) = job.undo_until() {
            expire(&mut item, until);
        }
        if let Some(kept) = kept {
            item.insert("kept".to_owned(), AttributeValue::M(kept));
        }
        self.create(item);
        Ok(())
    }
}
