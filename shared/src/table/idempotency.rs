//! Idempotency records: what a request that may be repeated was answered.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::keys;
use super::{Refusal, Step, Table, Transaction, expire, from_item, to_item};
use crate::Result;
use crate::domain::ShopId;

/// What a request did: enough to give its answer again, and nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The HTTP status.
    pub status: u16,
    /// The id of what was made.
    pub id: String,
    /// Its version.
    pub version: u64,
}

/// The record of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    /// A digest of the request, to tell a repetition from another request under the same key.
    pub fingerprint: String,
    /// What it did.
    pub outcome: Outcome,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

impl IdempotencyRecord {
    /// How long a request may be repeated.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(24);
}

impl Table {
    /// What the request under `digest` was answered, unless that is too long ago.
    pub async fn idempotency_record(
        &self,
        shop: &ShopId,
        digest: &str,
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>> {
        let record: Option<IdempotencyRecord> = self.get(&keys::idempotency(shop, digest)).await?;
        Ok(record.filter(|record| now < record.expires_at))
    }
}

impl Transaction {
    /// Records the request in the transaction of its effect: of two at once, one is refused.
    pub fn record_request(
        &mut self,
        shop: &ShopId,
        digest: &str,
        record: &IdempotencyRecord,
        now: Timestamp,
    ) -> Result<Step> {
        let mut item = to_item(keys::idempotency(shop, digest), "idempotency", record)?;
        expire(&mut item, record.expires_at);
        Ok(self.create_or_expired(item, now))
    }
}

impl Refusal {
    /// The record that stood there, if `step` was refused for it.
    pub fn earlier_request(&self, step: Step) -> Option<IdempotencyRecord> {
        from_item(self.standing(step)?.clone()).ok()
    }
}
