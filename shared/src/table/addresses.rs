//! Who has which address in a shop (pattern 2): one customer whom it leads to, and those whom staff
//! insisted on beside.

use std::collections::HashSet;

use serde::Deserialize;

use super::customers::{CustomerWrites, Owner};
use super::keys;
use super::{Page, Range, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{Customer, CustomerId, ShopId};
use crate::keyring::AddressDigest;

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

/// More customers than share one address; the list is read whole.
const MAX_SHARERS: u32 = 1000;

#[derive(Deserialize)]
struct Holder {
    sk: String,
    customer: CustomerId,
}

impl Table {
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
}

impl Transaction {
    /// Makes the address lead to `customer`, if it leads to nobody.
    pub(super) fn take_address(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<Step> {
        let digest = writes.keyring.address_digest(&customer.shop, &customer.email);
        let key = keys::address_owner(&customer.shop, &digest);
        Ok(self.create(to_item(key, "address", &Owner::of(customer))?))
    }

    /// Files `customer` under an address that leads to another, who still is there.
    pub(super) fn share_address(&mut self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<()> {
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
}
