//! Idempotency records: what a request that may be repeated did.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::keys;
use super::{Refusal, Step, Table, Transaction, expire, from_item, to_item};
use crate::Result;
use crate::domain::{Earlier, Outcome, RequestKey, ShopId};

/// How long a request may be repeated.
const LIFE: SignedDuration = SignedDuration::from_hours(24);

#[derive(Serialize, Deserialize)]
struct Record {
    fingerprint: String,
    outcome: Outcome,
    expires_at: Timestamp,
}

impl Record {
    fn compared_with(self, key: &RequestKey) -> Earlier {
        if self.fingerprint == key.fingerprint { Earlier::Same(self.outcome) } else { Earlier::Other }
    }
}

impl Table {
    /// What came before under `key`, within 24 hours. Nothing is read for a request without one.
    pub async fn earlier_request(
        &self,
        shop: &ShopId,
        key: Option<&RequestKey>,
        now: Timestamp,
    ) -> Result<Option<Earlier>> {
        let Some(key) = key else {
            return Ok(None);
        };
        let record: Option<Record> = self.get(&keys::idempotency(shop, &key.digest)).await?;
        Ok(record.filter(|record| now < record.expires_at).map(|record| record.compared_with(key)))
    }
}

/// The step that records a request, if it may be repeated.
#[derive(Debug)]
pub struct RequestStep(Option<(Step, RequestKey)>);

impl RequestStep {
    /// What the same request did while this one was under way, if that is why it was refused.
    pub fn overtaken(&self, refusal: &Refusal) -> Option<Earlier> {
        let (step, key) = self.0.as_ref()?;
        let record: Record = from_item(refusal.standing(*step)?.clone()).ok()?;
        Some(record.compared_with(key))
    }
}

impl Transaction {
    /// Requires that the request of `key` has not been made.
    pub fn require_no_request(&mut self, shop: &ShopId, key: &RequestKey) -> RequestStep {
        RequestStep(Some((self.require_absent(&keys::idempotency(shop, &key.digest)), key.clone())))
    }

    /// Records the request in the transaction of its effect: of two at once, one is refused.
    pub fn record_request(
        &mut self,
        shop: &ShopId,
        key: Option<&RequestKey>,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<RequestStep> {
        let Some(key) = key else {
            return Ok(RequestStep(None));
        };
        let expires_at = now.checked_add(LIFE).unwrap_or(Timestamp::MAX);
        let record = Record { fingerprint: key.fingerprint.clone(), outcome, expires_at };
        let mut item = to_item(keys::idempotency(shop, &key.digest), "idempotency", &record)?;
        expire(&mut item, expires_at);
        Ok(RequestStep(Some((self.create_or_expired(item, now), key.clone()))))
    }
}
