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

    /// A page of a shop's forms, deleted ones included, in the order of their ids.
    pub async fn forms(&self, shop: &ShopId, limit: u32, after: Option<Position>) -> Result<Page<Form>> {
        self.query(Select::table(keys::forms_partition(shop), Range::All, limit).after(after)).await
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

    /// Writes the next version of a form.
    pub fn replace_form(&mut self, form: &Form) -> Result<Step> {
        Ok(self.replace(to_item(keys::form(&form.shop, &form.id), "form", form)?, form.version - 1))
    }
}
