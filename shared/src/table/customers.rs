//! Customers: the record, its uniqueness, and what is filed so that it is found (patterns 1 to 3).

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::keys::{self, Index};
use super::{Item, Page, Position, Range, Refusal, Select, Step, Table, Transaction, file_in, from_item, to_item};
use crate::Result;
use crate::domain::{
    ConsentEvidence, Customer, CustomerId, CustomerStatus, Discount, DueDate, Fields, Line, Settings, ShopId,
    Temperature, sort_key, words,
};
use crate::keyring::{AddressDigest, Keyring, Purpose, Token};

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

/// Whose address, or whose preferences.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Owner {
    pub(super) shop: ShopId,
    pub(super) customer: CustomerId,
}

impl Owner {
    fn of(customer: &Customer) -> Self {
        Self { shop: customer.shop.clone(), customer: customer.id }
    }
}

/// What writing a customer needs to know beside the customer.
#[derive(Debug, Clone, Copy)]
pub struct CustomerWrites<'a> {
    /// For digests and the preferences' token.
    pub keyring: &'a Keyring,
    /// For the thresholds of due dates.
    pub settings: &'a Settings,
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

/// Who has an address in a shop: one customer whom forms and orders find by it, and those whom
/// staff insisted on (`allow_duplicate`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressHolders {
    /// Whom the address leads to.
    pub first: Option<CustomerId>,
    /// The others, in the order of their making.
    pub others: Vec<CustomerId>,
}

impl AddressHolders {
    /// Everybody but customer `id`.
    pub fn besides(&self, id: CustomerId) -> Vec<CustomerId> {
        let all = self.first.iter().chain(&self.others);
        all.copied().filter(|holder| *holder != id).collect()
    }
}

impl Table {
    /// Pattern 1: the customer, read consistently. 1 read unit up to 4 KB.
    pub async fn customer(&self, shop: &ShopId, id: CustomerId) -> Result<Option<Customer>> {
        self.get(&keys::customer(shop, id)).await
    }

    /// Pattern 2: the customer whose address has this digest, if any.
    pub async fn customer_id_by_address(&self, shop: &ShopId, address: &AddressDigest) -> Result<Option<CustomerId>> {
        let owner: Option<Owner> = self.get(&keys::address_owner(shop, address)).await?;
        Ok(owner.map(|owner| owner.customer))
    }

    /// Pattern 2: whom these addresses lead to, in any order, perhaps as of a second ago; at most
    /// 100. Half a read unit each.
    pub async fn address_owners(&self, shop: &ShopId, addresses: &[AddressDigest]) -> Result<Vec<CustomerId>> {
        // The store refuses a key that comes twice.
        let distinct: HashSet<&AddressDigest> = addresses.iter().collect();
        let keys: Vec<_> = distinct.into_iter().map(|address| keys::address_owner(shop, address)).collect();
        let owners: Vec<Owner> = self.get_many(&keys).await?;
        Ok(owners.into_iter().map(|owner| owner.customer).collect())
    }

    /// Pattern 2: everybody who has the address with this digest. One read unit.
    pub async fn address_holders(&self, shop: &ShopId, address: &AddressDigest) -> Result<AddressHolders> {
        let range = Range::Between(keys::ADDRESS_OWNER.to_owned(), format!("{}~", keys::ADDRESS_SHARERS));
        let select = Select::table(keys::address_partition(shop, address), range, MAX_SHARERS);
        let page: Page<Holder> = self.query(select).await?;
        let mut holders = AddressHolders::default();
        for Holder { sk, customer } in page.items {
            match sk == keys::ADDRESS_OWNER {
                true => holders.first = Some(customer),
                false => holders.others.push(customer),
            }
        }
        Ok(holders)
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
}

/// More customers than share one address; the list is read whole.
const MAX_SHARERS: u32 = 1000;

#[derive(Deserialize)]
struct Holder {
    sk: String,
    customer: CustomerId,
}

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
        let token = preferences_token(writes.keyring, customer.id);
        self.create(to_item(keys::preferences(&token.hash()), "preferences", &Owner::of(customer))?);
        self.derive_again(writes, customer)?;
        Ok(step)
    }

    /// Makes the address lead to `customer`, if it leads to nobody.
    fn take_address(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<Step> {
        let digest = writes.keyring.address_digest(&customer.shop, &customer.email);
        let key = keys::address_owner(&customer.shop, &digest);
        Ok(self.create(to_item(key, "address", &Owner::of(customer))?))
    }

    /// Files `customer` under an address that leads to another, who still is there.
    fn share_address(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<()> {
        let digest = writes.keyring.address_digest(&customer.shop, &customer.email);
        self.require(&keys::address_owner(&customer.shop, &digest));
        let key = keys::address_sharer(&customer.shop, &digest, customer.id);
        self.derive(to_item(key, "address_sharer", &Owner::of(customer))?);
        Ok(())
    }

    /// Takes customer `id` from the address of this digest, which leads from then on to the next
    /// who has it.
    pub(crate) fn leave_address(
        &mut self,
        shop: &ShopId,
        digest: &AddressDigest,
        id: CustomerId,
        holders: &AddressHolders,
    ) -> Result<()> {
        // Each of these stands unless another who has the address was quicker: then it is read anew.
        if holders.first != Some(id) {
            if holders.others.contains(&id) {
                self.remove_standing(keys::address_sharer(shop, digest, id));
            }
            return Ok(());
        }
        let owner = keys::address_owner(shop, digest);
        let heir = holders.others.first().map(|heir| Owner { shop: shop.clone(), customer: *heir });
        let next = heir.as_ref().map(|heir| to_item(owner.clone(), "address", heir)).transpose()?;
        self.settle(owner, "customer", &id.to_string(), next);
        if let Some(heir) = heir {
            self.remove_standing(keys::address_sharer(shop, digest, heir.customer));
        }
        Ok(())
    }

    /// Takes away `customer`, as it was read, with everything it is found by: lists, words, due
    /// dates, its preferences' link. `holders` are those of its address. At most 47 steps.
    pub(crate) fn remove_customer(
        &mut self,
        writes: CustomerWrites<'_>,
        customer: &Customer,
        holders: &AddressHolders,
    ) -> Result<CustomerSteps> {
        let shop = &customer.shop;
        let record = self.lead_away(writes, customer)?;
        self.remove_preferences(writes.keyring, customer.id);
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

    /// Changes `before` to `after`, who has another address: `holders` are those of the old one.
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
        let address = match claim {
            AddressClaim::Free => Some(self.take_address(writes, after)?),
            AddressClaim::Own => None,
            AddressClaim::Shared => {
                self.share_address(writes, after)?;
                None
            }
        };
        Ok(CustomerSteps { record: self.replace_record(writes, before, after)?, address })
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
    /// and its preferences' link are other steps' business. At most 43 steps.
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

    /// Makes the preferences' link of customer `id` lead to `to`.
    pub(crate) fn lead_preferences(
        &mut self,
        keyring: &Keyring,
        shop: &ShopId,
        id: CustomerId,
        to: CustomerId,
    ) -> Result<()> {
        let key = keys::preferences(&preferences_token(keyring, id).hash());
        self.derive(to_item(key, "preferences", &Owner { shop: shop.clone(), customer: to })?);
        Ok(())
    }

    /// Takes away the preferences' link of customer `id`.
    pub(crate) fn remove_preferences(&mut self, keyring: &Keyring, id: CustomerId) {
        self.remove(keys::preferences(&preferences_token(keyring, id).hash()));
    }

    /// Gives the place that `from` has at an address to `to`; `holders` are those of the address.
    pub(crate) fn hand_over_address(
        &mut self,
        shop: &ShopId,
        digest: &AddressDigest,
        from: CustomerId,
        to: CustomerId,
        holders: &AddressHolders,
    ) -> Result<()> {
        let heir = Owner { shop: shop.clone(), customer: to };
        let sharer = keys::address_sharer(shop, digest, to);
        if holders.first == Some(from) {
            let owner = keys::address_owner(shop, digest);
            let next = to_item(owner.clone(), "address", &heir)?;
            self.settle(owner, "customer", &from.to_string(), Some(next));
            if holders.others.contains(&to) {
                self.remove_standing(sharer);
            }
        } else if holders.others.contains(&from) {
            self.remove_standing(keys::address_sharer(shop, digest, from));
            if holders.first != Some(to) {
                self.derive(to_item(sharer, "address_sharer", &heir)?);
            }
        }
        Ok(())
    }

    /// Gives back to `id` what it had at an address that it shared with `survivor`.
    pub(crate) fn give_back_shared_address(
        &mut self,
        shop: &ShopId,
        digest: &AddressDigest,
        id: CustomerId,
        survivor: CustomerId,
        was_first: bool,
    ) -> Result<()> {
        let owner = |customer| Owner { shop: shop.clone(), customer };
        let (first, other) = if was_first { (id, survivor) } else { (survivor, id) };
        if was_first {
            let key = keys::address_owner(shop, digest);
            let next = to_item(key.clone(), "address", &owner(first))?;
            self.settle(key, "customer", &survivor.to_string(), Some(next));
        }
        let key = keys::address_sharer(shop, digest, other);
        self.derive(to_item(key, "address_sharer", &owner(other))?);
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

/// What opens the preferences of a customer.
fn preferences_token(keyring: &Keyring, customer: CustomerId) -> Token {
    keyring.token(Purpose::Preferences, customer.ulid(), Customer::PREFERENCES_GENERATION)
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
    for due in DueDate::of(customer, &digest, &writes.settings.thresholds, writes.today) {
        let key = keys::due_date(shop, customer.id, due.kind());
        items.insert((key.pk.clone(), key.sk.clone()), super::due_dates::item(shop, key, &due)?);
    }
    Ok(items)
}
