//! Customers: the record, its uniqueness, and what is filed so that it is found (patterns 1 to 3).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::addresses::AddressHolders;
use super::keys::{self, Index};
use super::{Item, Page, Position, Range, Refusal, Select, Step, Table, Transaction, file_in, from_item, to_item};
use crate::Result;
use crate::domain::{
    ConsentEvidence, Customer, CustomerId, CustomerStatus, Discount, DueDate, Fields, Line, ShopId, Temperature,
    sort_key, words,
};
use crate::keyring::Keyring;

/// What a list shows of a customer (L02): at most 1 KB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Who.
    #[serde(flatten)]
    pub hit: Hit,
    /// The personal discount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// How interested they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Temperature>,
    /// Where they live, on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Line<120>>,
    /// The newest note's beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_note: Option<Line<140>>,
}

/// What identifies a customer at a glance. A search finds these, filed with each word: a page of
/// hits costs no reading of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The record.
    pub id: CustomerId,
    /// The name.
    pub name: Line<200>,
    /// The company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Line<200>>,
    /// The e-mail address.
    pub email: crate::domain::EmailAddress,
    /// The telephone number, as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Line<40>>,
    /// Whether they buy.
    pub status: CustomerStatus,
}

impl From<&Customer> for Hit {
    fn from(customer: &Customer) -> Self {
        let text = "a name and a number are lines already";
        Self {
            id: customer.id,
            name: customer.name.expose().parse().expect(text),
            company: customer.company.clone(),
            email: customer.email.clone(),
            phone: customer.phone.as_ref().map(|phone| phone.expose().parse().expect(text)),
            status: customer.status,
        }
    }
}

impl From<&Customer> for Card {
    fn from(customer: &Customer) -> Self {
        Self {
            hit: customer.into(),
            discount: customer.discount,
            temperature: customer.temperature,
            address: address_line(customer),
            last_note: customer.last_note.as_ref().map(|note| note.text.clone()),
        }
    }
}

/// Where a customer lives, on one line; cut where it is too long for a card.
fn address_line(customer: &Customer) -> Option<Line<120>> {
    let address = customer.delivery_address.as_ref().or(customer.billing_address.as_ref())?;
    let line: String = address.lines().join(", ").chars().take(120).collect();
    line.parse().ok()
}

/// A word's item: the hit, and where the word stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Word {
    pub(super) word: String,
    pub(super) fields: Fields,
    /// How many characters it has in common with the customer's word before it in the alphabet. A
    /// query no longer than that has met the customer already.
    pub(super) shares: usize,
    #[serde(flatten)]
    pub(super) hit: Hit,
}

/// Whose address.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Owner {
    pub(super) shop: ShopId,
    pub(super) customer: CustomerId,
}

impl Owner {
    pub(super) fn of(customer: &Customer) -> Self {
        Self { shop: customer.shop.clone(), customer: customer.id }
    }
}

/// What writing a customer needs to know beside the customer.
#[derive(Debug, Clone, Copy)]
pub struct CustomerWrites<'a> {
    /// For digests and the preferences' tokens.
    pub keyring: &'a Keyring,
    /// Today in the shop's zone: due dates lie on it or later.
    pub today: Date,
}

/// The steps that may be refused when a customer is written.
#[derive(Debug, Clone, Copy)]
pub struct CustomerSteps {
    record: Step,
    address: Option<Step>,
}

impl CustomerSteps {
    /// Whether the record was no longer as it was read, or stood already.
    pub fn lost_race(&self, refusal: &Refusal) -> bool {
        refusal.failed(self.record)
    }

    /// The customer who has the address already, if that is why.
    pub fn address_taken_by(&self, refusal: &Refusal) -> Option<CustomerId> {
        let standing = refusal.standing(self.address?)?.clone();
        from_item::<Owner>(standing).ok().map(|owner| owner.customer)
    }
}

/// On what grounds a customer gets another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressClaim {
    /// It leads to nobody, which the transaction makes sure of.
    Free,
    /// It leads to this customer already, since a merge.
    Own,
    /// It leads to another, and staff insist.
    Shared,
}

impl Table {
    /// Pattern 1: the customer, read consistently. 1 read unit up to 4 KB.
    pub async fn customer(&self, shop: &ShopId, id: CustomerId) -> Result<Option<Customer>> {
        self.get(&keys::customer(shop, id)).await
    }

    /// Pattern 3: a page of cards of one status, by name. At most 4 read units for 25.
    pub async fn customers_by_name(
        &self,
        shop: &ShopId,
        status: CustomerStatus,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<Card>> {
        let select = Select::index(Index::List, keys::customers_list(shop, status), Range::All, limit).after(after);
        let page: Page<Carded> = self.query(select).await?;
        Ok(Page { items: page.items.into_iter().map(|item| item.card).collect(), next: page.next })
    }

    /// The customers with these ids as they are now, in any order; at most 100. A read unit each up
    /// to 4 KB.
    pub async fn customers_now(&self, shop: &ShopId, ids: &[CustomerId]) -> Result<Vec<Customer>> {
        let keys: Vec<_> = ids.iter().map(|id| keys::customer(shop, *id)).collect();
        self.get_many_now(&keys).await
    }

    /// The customers with these ids, in any order; at most 100. Half a read unit each up to 4 KB.
    pub async fn customers(&self, shop: &ShopId, ids: &[CustomerId]) -> Result<Vec<Customer>> {
        let keys: Vec<_> = ids.iter().map(|id| keys::customer(shop, *id)).collect();
        self.get_many(&keys).await
    }

    /// The customers with these ids, in any order, for an export: what only we use of a record is left
    /// out, which is less to read. At most 100. Half a read unit each up to 4 KB.
    pub async fn customers_to_export(&self, shop: &ShopId, ids: &[CustomerId]) -> Result<Vec<Customer>> {
        let keys: Vec<_> = ids.iter().map(|id| keys::customer(shop, *id)).collect();
        self.get_parts_of_many(&keys, EXPORTED).await
    }
}

/// The attributes of a record that an export may show. Absent are the newest note's beginning, who set
/// which field, which link the mails carry, and what the record is filed by.
const EXPORTED: &[&str] = &[
    "shop",
    "id",
    "version",
    "name",
    "company",
    "contact_person",
    "vat_number",
    "email",
    "email_status",
    "phone",
    "country",
    "delivery_address",
    "billing_address",
    "preferred_channels",
    "language",
    "currency",
    "discount",
    "birthday",
    "status",
    "temperature",
    "tags",
    "group",
    "block",
    "source",
    "first_contact",
    "last_contact_at",
    "consents",
    "figures",
    "created_at",
    "updated_at",
];

#[derive(Deserialize)]
struct Carded {
    card: Card,
}

impl Transaction {
    /// Makes `customer`, with everything it is found by. About 25 write units for a name of two
    /// words, an address and a telephone number.
    pub fn create_customer(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<CustomerSteps> {
        let address = self.take_address(writes, customer)?;
        let record = self.create_record(writes, customer)?;
        Ok(CustomerSteps { record, address: Some(address) })
    }

    /// Makes `customer` beside the one who has the address already, since staff insist.
    pub fn create_duplicate(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<CustomerSteps> {
        self.share_address(writes, customer)?;
        let record = self.create_record(writes, customer)?;
        Ok(CustomerSteps { record, address: None })
    }

    fn create_record(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<Step> {
        let step = self.create(record(customer)?);
        self.add_preferences(writes.keyring, customer)?;
        self.derive_again(writes, customer)?;
        Ok(step)
    }

    /// Takes away `customer`, as it was read, with everything it is found by: lists, words, due
    /// dates, its preferences' links. `holders` are those of its address. At most 66 steps.
    pub(crate) fn remove_customer(
        &mut self,
        writes: CustomerWrites<'_>,
        customer: &Customer,
        holders: &AddressHolders,
    ) -> Result<CustomerSteps> {
        let shop = &customer.shop;
        let record = self.lead_away(writes, customer)?;
        self.remove_preferences(writes.keyring, customer.id, customer.preferences_generation);
        let digest = writes.keyring.address_digest(shop, &customer.email);
        self.leave_address(shop, &digest, customer.id, holders)?;
        Ok(CustomerSteps { record, address: None })
    }

    /// Changes `before` to `after`, whose version is the next, and moves what derives from it. A
    /// change that moves nothing derived costs the record and its two index entries.
    ///
    /// # Errors
    /// [`Error::Impossible`](crate::Error::Impossible) where the address differs: that takes
    /// [`readdress_customer`](Self::readdress_customer).
    pub fn replace_customer(
        &mut self,
        writes: CustomerWrites<'_>,
        before: &Customer,
        after: &Customer,
    ) -> Result<CustomerSteps> {
        let digest = |customer: &Customer| writes.keyring.address_digest(&customer.shop, &customer.email);
        if digest(before) != digest(after) {
            return Err(crate::Error::Impossible("an address that changes without leaving the old one"));
        }
        Ok(CustomerSteps { record: self.replace_record(writes, before, after)?, address: None })
    }

    /// Changes `before` to `after`, who has another address: `holders` are those of the old one. Mails
    /// to the new one carry another link to the preferences; that of the old ones unsubscribes, no more.
    pub fn readdress_customer(
        &mut self,
        writes: CustomerWrites<'_>,
        before: &Customer,
        after: &Customer,
        holders: &AddressHolders,
        claim: AddressClaim,
    ) -> Result<CustomerSteps> {
        let old = writes.keyring.address_digest(&before.shop, &before.email);
        self.leave_address(&before.shop, &old, before.id, holders)?;
        let after = Customer { preferences_generation: before.preferences_generation + 1, ..after.clone() };
        self.add_preferences(writes.keyring, &after)?;
        let address = match claim {
            AddressClaim::Free => Some(self.take_address(writes, &after)?),
            AddressClaim::Own => None,
            AddressClaim::Shared => {
                self.share_address(writes, &after)?;
                None
            }
        };
        Ok(CustomerSteps { record: self.replace_record(writes, before, &after)?, address })
    }

    fn replace_record(&mut self, writes: CustomerWrites<'_>, before: &Customer, after: &Customer) -> Result<Step> {
        let step = self.replace(record(after)?, before.version);
        let mut come = Self::new();
        self.rederive(writes, before, after, &mut come)?;
        self.append(come);
        Ok(step)
    }

    /// Changes the record alone: what derives from it is left to [`rederive`](Self::rederive).
    pub(crate) fn replace_bare_record(&mut self, before: &Customer, after: &Customer) -> Result<CustomerSteps> {
        Ok(CustomerSteps { record: self.replace(record(after)?, before.version), address: None })
    }

    /// Takes away a record that leads elsewhere from now on, with what it is found by; its address
    /// and its preferences' links are other steps' business. At most 43 steps.
    pub(crate) fn lead_away(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<Step> {
        let step = self.remove_version(keys::customer(&customer.shop, customer.id), customer.version);
        for (pk, sk) in derived(writes, customer)?.into_keys() {
            self.remove(keys::Key { pk, sk });
        }
        Ok(step)
    }

    /// Brings back a record that leads nowhere any more, and what it is found by: at most 43 steps.
    pub(crate) fn bring_back_customer(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<Step> {
        let step = self.create(record(customer)?);
        self.derive_again(writes, customer)?;
        Ok(step)
    }

    /// Moves what derives from `before` to what derives from `after`, whose record another step
    /// guards: what is no more goes here, what comes is added to `come`.
    pub(crate) fn rederive(
        &mut self,
        writes: CustomerWrites<'_>,
        before: &Customer,
        after: &Customer,
        come: &mut Self,
    ) -> Result<()> {
        let mut outdated = derived(writes, before)?;
        for (key, item) in derived(writes, after)? {
            if outdated.remove(&key).as_ref() != Some(&item) {
                come.derive(item);
            }
        }
        for (pk, sk) in outdated.into_keys() {
            self.remove(keys::Key { pk, sk });
        }
        Ok(())
    }

    /// Writes everything that derives from `customer`, whose record another step guards.
    pub(crate) fn derive_again(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<()> {
        for item in derived(writes, customer)?.into_values() {
            self.derive(item);
        }
        Ok(())
    }

    /// Notes that a customer was heard of, where nothing else of the record changes.
    pub fn touch_customer(&mut self, shop: &ShopId, id: CustomerId, now: jiff::Timestamp) -> Step {
        self.touch(&keys::customer(shop, id), now)
    }

    /// Requires that the customer is as it was read.
    pub(crate) fn require_customer_version(&mut self, shop: &ShopId, id: CustomerId, version: u64) -> Step {
        self.require_version(&keys::customer(shop, id), version)
    }

    /// Requires that the customer is still there.
    pub fn require_customer(&mut self, shop: &ShopId, id: CustomerId) -> Step {
        self.require(&keys::customer(shop, id))
    }

    /// Keeps a piece of consent evidence.
    pub fn create_consent(&mut self, shop: &ShopId, evidence: &ConsentEvidence) -> Result<Step> {
        Ok(self.create(to_item(keys::consent(shop, evidence.customer, evidence.id), "consent", evidence)?))
    }
}

/// The record with its places in the `list` and `filter` indexes.
fn record(customer: &Customer) -> Result<Item> {
    let mut item = to_item(keys::customer(&customer.shop, customer.id), "customer", customer)?;
    let sort = keys::customers_list_sort(&sort_key(&customer.name.sorted_by()), customer.id);
    let card = Card::from(customer);
    file_in(&mut item, Index::List, keys::customers_list(&customer.shop, customer.status), sort, Some(&card))?;
    super::facets::file_customer(&mut item, customer)?;
    Ok(item)
}

/// Everything else that follows from the record: its words and its due dates, by their keys. What
/// two records have in common need not be written again.
fn derived(writes: CustomerWrites<'_>, customer: &Customer) -> Result<BTreeMap<(String, String), Item>> {
    let shop = &customer.shop;
    let mut items = BTreeMap::new();
    let mut before = String::new();
    for (word, fields) in words(customer) {
        let key = keys::word(shop, &word, customer.id);
        let shares = before.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
        before.clone_from(&word);
        let item = to_item(key.clone(), "word", &Word { word, fields, shares, hit: customer.into() })?;
        items.insert((key.pk, key.sk), item);
    }
    let digest = writes.keyring.address_digest(shop, &customer.email);
    for due in DueDate::of(customer, &digest, writes.today) {
        let key = keys::due_date(shop, &due);
        items.insert((key.pk, key.sk), super::due_dates::item(shop, &due)?);
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::value::Error;
    use serde::de::{Deserializer, Error as _, Visitor};
    use serde::forward_to_deserialize_any;

    use super::*;

    /// Instead of a record: which fields one is asked for.
    struct Fields;

    impl<'de> Deserializer<'de> for Fields {
        type Error = Error;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> std::result::Result<V::Value, Error> {
            Err(Error::custom(fields.join(" ")))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> std::result::Result<V::Value, Error> {
            Err(Error::custom("no struct"))
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    #[test]
    fn an_export_reads_every_field_but_those_that_are_ours_alone() {
        let known = Customer::deserialize(Fields).unwrap_err().to_string();
        let own = ["last_note", "preferences_generation", "provenance"];
        let read: BTreeSet<&str> = EXPORTED.iter().copied().chain(own).collect();
        assert_eq!(known.split(' ').collect::<BTreeSet<_>>(), read);
    }
}
