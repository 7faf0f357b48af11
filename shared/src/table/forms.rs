//! Forms, and what they sent.

use super::keys;
use super::{Table, Transaction, to_item};
use crate::Result;
use crate::domain::{Form, FormId, ShopId, Submission};

impl Table {
    /// The form with this id, in whichever shop: the id is what leads to it. Half a read unit.
    pub async fn form_by_id(&self, id: &FormId) -> Result<Option<Form>> {
        self.get_eventually(&keys::form(id)).await
    }

    /// Makes a form; `false` if its id is taken.
    pub async fn create_form(&self, form: &Form) -> Result<bool> {
        self.create_one(to_item(keys::form(&form.id), "form", form)?).await
    }
}

impl Transaction {
    /// Keeps what a form sent.
    pub fn create_submission(&mut self, shop: &ShopId, submission: &Submission) -> Result<()> {
        let key = keys::submission(shop, submission.customer, submission.id);
        self.create(to_item(key, "submission", submission)?);
        Ok(())
    }
}
