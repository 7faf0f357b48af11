//! Consents: the evidence in its customer's partition, and what a statement changes beside it.

use jiff::Timestamp;

use super::keys;
use super::{CustomerWrites, Page, Position, Range, Select, Step, Table, Transaction};
use crate::Result;
use crate::domain::{
    Actor, ConsentEvidence, ConsentId, ConsentPurpose, ConsentState, Customer, CustomerId, ShopId, Suppression,
    SuppressionCause,
};

/// What a customer says of a consent, now or on an earlier day.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// The record as it was read.
    pub before: &'a Customer,
    /// The words, as they are kept for good.
    pub evidence: &'a ConsentEvidence,
    /// Who brings it.
    pub actor: &'a Actor,
    /// When.
    pub now: Timestamp,
    /// The unsubscription of the address that a grant lifts, if one stood when it was read.
    pub unsubscribed: Option<&'a Suppression>,
}

impl Table {
    /// The piece of evidence with this id.
    pub async fn consent(&self, shop: &ShopId, customer: CustomerId, id: ConsentId) -> Result<Option<ConsentEvidence>> {
        self.get(&keys::consent(shop, customer, id)).await
    }

    /// Pattern 1b: a page of the evidence of a customer's consents, the latest first.
    pub async fn consents(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<ConsentEvidence>> {
        let range = Range::BeginsWith(keys::CONSENTS.to_owned());
        let partition = keys::customer_partition(shop, customer);
        self.query(Select::table(partition, range, limit).backwards().after(after)).await
    }

    /// The unsubscription of the address of `customer`, if it is unsubscribed.
    pub async fn unsubscription(&self, writes: CustomerWrites<'_>, customer: &Customer) -> Result<Option<Suppression>> {
        let address = writes.keyring.address_digest(&customer.shop, &customer.email);
        self.get(&keys::suppression(&customer.shop, &address, SuppressionCause::Unsubscribed)).await
    }
}

/// What a statement comes to, once it is written.
#[derive(Debug)]
pub struct StatementSteps {
    /// The step that keeps the evidence.
    pub evidence: Step,
    /// The record of after; `None` where a later statement stands.
    pub after: Option<Customer>,
}

impl Transaction {
    /// Writes a statement: its evidence, the state on the record unless a later one stands, and,
    /// for marketing, the address: withdrawn, it is suppressed from here on, for mail already
    /// queued too; granted, an unsubscription of before ends. A bounce or a complaint never does.
    pub fn state_consent(&mut self, writes: CustomerWrites<'_>, said: Statement<'_>) -> Result<StatementSteps> {
        let Statement { before, evidence, .. } = said;
        let shop = &before.shop;
        let step = self.create_consent(shop, evidence)?;
        let Some(after) = before.stated(evidence, said.actor, said.now) else {
            self.require_customer(shop, before.id);
            return Ok(StatementSteps { evidence: step, after: None });
        };
        self.replace_customer(writes, before, &after)?;
        if evidence.purpose == ConsentPurpose::MarketingEmail {
            let address = writes.keyring.address_digest(shop, &before.email);
            match evidence.state {
                ConsentState::Withdrawn => {
                    let suppression = Suppression { cause: SuppressionCause::Unsubscribed, at: evidence.at };
                    self.suppress(shop, &address, &suppression)?;
                }
                ConsentState::Granted => {
                    if let Some(earlier) = said.unsubscribed.filter(|suppression| suppression.at <= evidence.at) {
                        self.lift_suppression(shop, &address, earlier);
                    }
                }
            }
        }
        Ok(StatementSteps { evidence: step, after: Some(after) })
    }
}
