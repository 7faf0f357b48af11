//! Links that ask for consent, and codes that prove an address.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::keys;
use super::{Step, Table, Transaction, expire, to_item};
use crate::Result;
use crate::domain::{
    AddressCode, ConsentAnswer, ConsentRequest, ConsentRequestId, CustomerId, Notice, NoticeId, ShopId,
};
use crate::keyring::TokenHash;

/// What a customer's partition knows of a link: where it stands.
#[derive(Serialize, Deserialize)]
struct Reference {
    hash: TokenHash,
}

impl Table {
    /// The request whose token has this hash, read consistently.
    pub async fn consent_request_by_token(&self, hash: &TokenHash) -> Result<Option<ConsentRequest>> {
        self.get(&keys::consent_request(hash)).await
    }

    /// The request with this id of a customer.
    pub async fn consent_request(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        id: ConsentRequestId,
    ) -> Result<Option<ConsentRequest>> {
        let reference: Option<Reference> = self.get(&keys::consent_request_reference(shop, customer, id)).await?;
        match reference {
            Some(Reference { hash }) => self.consent_request_by_token(&hash).await,
            None => Ok(None),
        }
    }

    /// What became of the request whose token had this hash, as long as the link would have opened.
    pub async fn consent_answer_by_token(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<ConsentAnswer>> {
        let answer: Option<ConsentAnswer> = self.get(&keys::consent_answer(hash)).await?;
        Ok(answer.filter(|answer| now < answer.expires_at))
    }

    /// The code that was last mailed to a customer.
    pub async fn address_code(&self, shop: &ShopId, customer: CustomerId) -> Result<Option<AddressCode>> {
        self.get(&keys::address_code(shop, customer)).await
    }

    /// What the shop is to be told of.
    pub async fn notice(&self, shop: &ShopId, id: NoticeId) -> Result<Option<Notice>> {
        self.get(&keys::notice(shop, id)).await
    }
}

impl Transaction {
    /// Makes a link that asks for consent. The table may delete it some time after it has expired.
    pub fn create_consent_request(&mut self, request: &ConsentRequest) -> Result<()> {
        let mut item = to_item(keys::consent_request(&request.hash), "consent_request", request)?;
        expire(&mut item, request.expires_at);
        self.create(item);
        let reference = Reference { hash: request.hash.clone() };
        let key = keys::consent_request_reference(&request.shop, request.customer, request.id);
        let mut item = to_item(key, "consent_request_reference", &reference)?;
        expire(&mut item, request.expires_at);
        self.create(item);
        Ok(())
    }

    /// Requires that a link that asks for consent still stands, and leaves `answer` in its place: it
    /// agrees once. What leads there stays, so that an erasure finds it.
    pub fn end_consent_request(&mut self, request: &ConsentRequest, answer: &ConsentAnswer) -> Result<Step> {
        let mut item = to_item(keys::consent_answer(&request.hash), "consent_answer", answer)?;
        expire(&mut item, answer.expires_at);
        self.derive(item);
        Ok(self.remove_standing(keys::consent_request(&request.hash)))
    }

    /// Throws away a link that asks for consent and what became of it; what leads there is another
    /// step's.
    pub(crate) fn remove_consent_request(&mut self, hash: &TokenHash) {
        self.remove(keys::consent_request(hash));
        self.remove(keys::consent_answer(hash));
    }

    /// Writes a customer's newest code, or what is left of its tries: over `before`, or where there
    /// was none.
    pub fn write_address_code(
        &mut self,
        shop: &ShopId,
        customer: CustomerId,
        before: Option<&AddressCode>,
        code: &AddressCode,
    ) -> Result<Step> {
        let mut item = to_item(keys::address_code(shop, customer), "address_code", code)?;
        // It tells how many were sent within the hour.
        let newest = code.sent_at.last().copied().unwrap_or(code.expires_at);
        expire(&mut item, newest.checked_add(SignedDuration::from_hours(1)).unwrap_or(code.expires_at));
        Ok(match before {
            Some(before) => self.replace(item, before.version),
            None => self.create(item),
        })
    }

    /// Ends a customer's code: it proves the address once.
    pub fn end_address_code(&mut self, shop: &ShopId, customer: CustomerId, code: &AddressCode) -> Step {
        self.remove_version(keys::address_code(shop, customer), code.version)
    }

    /// Keeps what the shop is to be told of until it has been, or nobody can tell it.
    pub fn create_notice(&mut self, shop: &ShopId, id: NoticeId, notice: &Notice, now: Timestamp) -> Result<()> {
        let mut item = to_item(keys::notice(shop, id), "notice", notice)?;
        expire(&mut item, now.checked_add(Notice::LIFE).unwrap_or(Timestamp::MAX));
        self.create(item);
        Ok(())
    }

    /// Throws away what the shop has been told of.
    pub(crate) fn remove_notice(&mut self, shop: &ShopId, id: NoticeId) {
        self.remove(keys::notice(shop, id));
    }
}
