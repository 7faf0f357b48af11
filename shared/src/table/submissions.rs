//! What forms sent: filed with its customer, or suspected and with nobody (patterns 15 and 16).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys::{self, Index};
use super::{Belongings, Page, Position, Range, Select, Step, Table, Transaction, expire, file_in, to_item};
use crate::Result;
use crate::domain::{
    CustomerId, EmailAddress, FormId, Line, Quarantined, Receipt, ShopId, Submission, SubmissionId, SubmissionState,
    Suspicion,
};
use crate::keyring::AddressDigest;

/// A submission as lists show it: at most some 600 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionCard {
    /// The submission.
    pub id: SubmissionId,
    /// When it came.
    pub at: Timestamp,
    /// Whom it was added to; of nobody while it is suspected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Why it is suspected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<Suspicion>,
    /// The address it is from.
    pub email: EmailAddress,
    /// The beginning of what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Line<{ Submission::PREVIEW }>>,
    /// From when it is gone, of what is suspected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl SubmissionCard {
    /// The card of what was added to a customer, from the fields of its form.
    pub fn of(submission: &Submission, email: EmailAddress, preview: Option<Line<{ Submission::PREVIEW }>>) -> Self {
        Self {
            id: submission.id,
            at: submission.at,
            customer: Some(submission.customer),
            suspicion: None,
            email,
            preview,
            expires_at: None,
        }
    }

    /// The card of what is suspected.
    pub fn of_suspected(suspected: &Quarantined, preview: Option<Line<{ Submission::PREVIEW }>>) -> Self {
        Self {
            id: suspected.id,
            at: suspected.at,
            customer: None,
            suspicion: Some(suspected.suspicion),
            email: suspected.email.clone(),
            preview,
            expires_at: Some(suspected.expires_at),
        }
    }
}

/// What a receipt leads to.
#[derive(Debug)]
pub enum Sent {
    /// What was added to a customer.
    Received {
        /// The submission, with the customer in whose partition it stands.
        submission: Box<Submission>,
        /// Who stands for that customer since a merge; the same where there was none.
        customer: CustomerId,
    },
    /// What is suspected.
    Quarantined(Box<Quarantined>),
}

/// How often a submission is looked for that a job moves to and fro.
const MOVES: u32 = 3;

#[derive(Deserialize)]
struct Filed {
    card: SubmissionCard,
}

impl Table {
    /// Pattern 15: a page of what a form sent, or of what of it is suspected, the latest first. As of
    /// some seconds ago.
    pub async fn submissions(
        &self,
        shop: &ShopId,
        form: &FormId,
        state: SubmissionState,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<SubmissionCard>> {
        let list = match state {
            SubmissionState::Received => keys::submissions_list(shop, form),
            SubmissionState::Quarantined => keys::quarantine_list(shop, form),
        };
        let select = Select::index(Index::List, list, Range::All, limit).backwards().after(after);
        let page: Page<Filed> = self.query(select).await?;
        Ok(Page { items: page.items.into_iter().map(|filed| filed.card).collect(), next: page.next })
    }

    /// Pattern 16: what a receipt leads to at `now`. What belongs to nobody any more, or has expired, is
    /// not there. Three read units.
    pub async fn sent(&self, shop: &ShopId, id: SubmissionId, now: Timestamp) -> Result<Option<Sent>> {
        for _ in 0..MOVES {
            let first = match self.receipt(shop, id).await? {
                None => return Ok(None),
                Some(Receipt::Quarantined(suspected)) => {
                    let stands = now < suspected.expires_at;
                    return Ok(stands.then_some(Sent::Quarantined(suspected)));
                }
                Some(Receipt::Received { customer }) => customer,
            };
            let submission = self.submission_since_merges(shop, first, id);
            let (submission, customer) = tokio::try_join!(submission, self.customer_or_survivor(shop, first))?;
            let Some(customer) = customer else {
                return Ok(None);
            };
            if let Some(submission) = submission {
                return Ok(Some(Sent::Received { submission: Box::new(submission), customer: customer.id }));
            }
        }
        Ok(None)
    }

    /// What a form sent, with its customer or, on its way since merges, with whoever stands for it.
    async fn submission_since_merges(
        &self,
        shop: &ShopId,
        first: CustomerId,
        id: SubmissionId,
    ) -> Result<Option<Submission>> {
        let mut at = Some(first);
        while let Some(customer) = at {
            let standing = self.submission(shop, customer, id).await?;
            if standing.is_some() {
                return Ok(standing);
            }
            at = self.merged_into(shop, customer).await?;
        }
        Ok(None)
    }

    /// Pattern 16: where a receipt leads.
    pub async fn receipt(&self, shop: &ShopId, id: SubmissionId) -> Result<Option<Receipt>> {
        self.get(&keys::receipt(shop, id)).await
    }

    /// What a form sent, in its customer's partition.
    pub async fn submission(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        id: SubmissionId,
    ) -> Result<Option<Submission>> {
        self.get(&keys::submission(shop, customer, id)).await
    }

    /// What is suspected to be of an address; at most `limit`.
    pub(crate) async fn suspected_of(
        &self,
        shop: &ShopId,
        address: &AddressDigest,
        limit: u32,
    ) -> Result<Vec<SubmissionId>> {
        #[derive(Deserialize)]
        struct Suspected {
            submission: SubmissionId,
        }
        let range = Range::BeginsWith(keys::SUSPECTED.to_owned());
        let select = Select::table(keys::address_partition(shop, address), range, limit);
        let page: Page<Suspected> = self.query(select).await?;
        Ok(page.items.into_iter().map(|suspected| suspected.submission).collect())
    }
}

impl Transaction {
    /// Keeps what a form sent, with its customer.
    pub fn create_submission(&mut self, shop: &ShopId, submission: &Submission, card: &SubmissionCard) -> Result<()> {
        let key = keys::submission(shop, submission.customer, submission.id);
        let mut item = to_item(key, "submission", submission)?;
        let list = keys::submissions_list(shop, &submission.form);
        file_in(&mut item, Index::List, list, submission.id.to_string(), Some(card))?;
        self.create(item);
        Ok(())
    }

    /// Makes the receipt of a submission that is a customer's.
    pub fn create_receipt(&mut self, shop: &ShopId, submission: &Submission) -> Result<()> {
        let receipt = Receipt::Received { customer: submission.customer };
        self.create(to_item(keys::receipt(shop, submission.id), "receipt", &receipt)?);
        Ok(())
    }

    /// Makes the receipt of a suspected submission that of a customer's, unless somebody was quicker.
    pub fn restore_receipt(&mut self, shop: &ShopId, submission: &Submission, address: &AddressDigest) -> Result<Step> {
        let receipt = Receipt::Received { customer: submission.customer };
        let key = keys::receipt(shop, submission.id);
        let item = to_item(key.clone(), "receipt", &receipt)?;
        self.remove(keys::suspected(shop, address, submission.id));
        Ok(self.settle(key, "state", "quarantined", Some(item)))
    }

    /// Keeps what is suspected, for as long as it can be restored.
    pub fn quarantine(&mut self, suspected: Quarantined, address: &AddressDigest, card: &SubmissionCard) -> Result<()> {
        #[derive(Serialize)]
        struct Suspected {
            submission: SubmissionId,
        }
        let (shop, id, expires_at) = (suspected.shop.clone(), suspected.id, suspected.expires_at);
        let list = keys::quarantine_list(&shop, &suspected.form);
        let receipt = Receipt::Quarantined(Box::new(suspected));
        let mut item = to_item(keys::receipt(&shop, id), "quarantined", &receipt)?;
        file_in(&mut item, Index::List, list, id.to_string(), Some(card))?;
        expire(&mut item, expires_at);
        self.create(item);
        let mut reference = to_item(keys::suspected(&shop, address, id), "suspected", &Suspected { submission: id })?;
        expire(&mut reference, expires_at);
        self.create(reference);
        Ok(())
    }

    /// Throws a suspected submission away, unless somebody was quicker.
    pub fn discard(&mut self, shop: &ShopId, id: SubmissionId, address: &AddressDigest) -> Step {
        self.remove(keys::suspected(shop, address, id));
        self.settle(keys::receipt(shop, id), "state", "quarantined", None)
    }

    /// Throws away what is suspected, whatever became of it.
    pub(crate) fn forget_suspected(&mut self, shop: &ShopId, id: SubmissionId, address: &AddressDigest) {
        self.remove(keys::suspected(shop, address, id));
        self.remove(keys::receipt(shop, id));
    }

    /// Throws away a submission as it was read, and what its receipt leads to.
    pub(crate) fn delete_submission_as_read(&mut self, shop: &ShopId, id: SubmissionId, read: &Belongings) {
        self.remove(keys::receipt(shop, id));
        self.remove(read.key.clone());
    }

    /// Deletes a submission of a customer, and what its receipt leads to.
    pub fn delete_submission(&mut self, shop: &ShopId, customer: CustomerId, id: SubmissionId) -> Step {
        self.remove(keys::receipt(shop, id));
        self.remove_standing(keys::submission(shop, customer, id))
    }
}
