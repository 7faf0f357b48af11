//! Forms: each is a shop's, and its id leads there (pattern 14).

use serde::{Deserialize, Serialize};

use super::keys;
use super::{Page, Position, Range, Refusal, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{Form, FormId, ShopId};

/// What a form's id leads to.
#[derive(Serialize, Deserialize)]
struct Owner {
    shop: ShopId,
}

/// How many forms a shop has that are not deleted, as of a version that another form raises.
#[derive(Debug, Clone, Copy)]
pub struct FormCount {
    /// How many.
    pub forms: usize,
    version: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct FormsVersion {
    version: u64,
}

/// How many forms are counted at once.
const COUNTED: u32 = 100;

/// The steps that may be refused when a form is made.
#[derive(Debug, Clone, Copy)]
pub struct FormSteps {
    owner: Step,
}

impl FormSteps {
    /// Whether some form has the id already.
    pub fn taken(&self, refusal: &Refusal) -> bool {
        refusal.failed(self.owner)
    }
}

impl Table {
    /// Pattern 14: whose the form with this id is, in whichever shop: the id is what leads to it.
    /// Half a read unit.
    pub async fn form_shop_by_id(&self, id: &FormId) -> Result<Option<ShopId>> {
        let owner: Option<Owner> = self.get_eventually(&keys::form_owner(id)).await?;
        Ok(owner.map(|owner| owner.shop))
    }

    /// A form of a shop, deleted or not, as of some seconds ago: what visitors are answered by. Half a
    /// read unit.
    pub async fn form_lately(&self, shop: &ShopId, id: &FormId) -> Result<Option<Form>> {
        self.get_eventually(&keys::form(shop, id)).await
    }

    /// A form of a shop, deleted or not.
    pub async fn form(&self, shop: &ShopId, id: &FormId) -> Result<Option<Form>> {
        self.get(&keys::form(shop, id)).await
    }

    /// Pattern 14: a page of a shop's forms that are not deleted, in the order of their ids.
    pub async fn forms(&self, shop: &ShopId, limit: u32, mut after: Option<Position>) -> Result<Page<Form>> {
        let mut items: Vec<Form> = Vec::new();
        loop {
            let left = limit - u32::try_from(items.len()).unwrap_or(limit);
            let select = Select::table(keys::forms_partition(shop), Range::All, left);
            let page: Page<Form> = self.query(select.after(after)).await?;
            items.extend(page.items.into_iter().filter(|form| form.deleted_at.is_none()));
            after = page.next;
            if after.is_none() || items.len() >= limit as usize {
                return Ok(Page { items, next: after });
            }
        }
    }

    /// Counts a shop's forms that are not deleted: who makes one more makes it of this count.
    pub async fn count_forms(&self, shop: &ShopId) -> Result<FormCount> {
        // Before the forms: one that comes meanwhile raises it.
        let version: Option<FormsVersion> = self.get(&keys::forms_version(shop)).await?;
        let (mut forms, mut after) = (0, None);
        loop {
            let page = self.forms(shop, COUNTED, after).await?;
            forms += page.items.len();
            after = page.next;
            if after.is_none() {
                return Ok(FormCount { forms, version: version.map(|standing| standing.version) });
            }
        }
    }
}

impl Transaction {
    /// Makes `form`, if no form of the deployment has its id.
    pub fn create_form(&mut self, form: &Form) -> Result<FormSteps> {
        let owner = Owner { shop: form.shop.clone() };
        let owner = self.create(to_item(keys::form_owner(&form.id), "form_owner", &owner)?);
        self.create(to_item(keys::form(&form.shop, &form.id), "form", form)?);
        Ok(FormSteps { owner })
    }

    /// Requires that the shop has no form that `count` does not count, besides the one that is made.
    pub fn count_form(&mut self, shop: &ShopId, count: &FormCount) -> Result<()> {
        let next = FormsVersion { version: count.version.unwrap_or_default() + 1 };
        let item = to_item(keys::forms_version(shop), "forms_version", &next)?;
        match count.version {
            Some(version) => self.replace(item, version),
            None => self.create(item),
        };
        Ok(())
    }

    /// Writes the next version of a form.
    pub fn replace_form(&mut self, form: &Form) -> Result<Step> {
        Ok(self.replace(to_item(keys::form(&form.shop, &form.id), "form", form)?, form.version - 1))
    }
}
