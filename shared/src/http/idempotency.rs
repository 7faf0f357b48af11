//! Requests that may be repeated: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).
//!
//! The record of a request is written in the transaction of its effect. The same key with the same
//! request gets the first answer, made again from its outcome; with another request, 422.

use axum::http::HeaderMap;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Problem, ProblemKind, Staff};
use crate::Result;
use crate::domain::ShopId;
use crate::table::{IdempotencyRecord, Outcome, Refusal, Step, Table, Transaction};

/// A request that carries an `Idempotency-Key`.
#[derive(Debug, Clone)]
pub struct Repeatable {
    digest: String,
    fingerprint: String,
}

impl Repeatable {
    /// The longest key, in characters.
    pub const MAX_KEY: usize = 255;

    pub(super) fn of(
        staff: &Staff,
        headers: &HeaderMap,
        target: &str,
        body: &[u8],
    ) -> std::result::Result<Option<Self>, Problem> {
        let Some(key) = headers.get("idempotency-key") else {
            return Ok(None);
        };
        let key = key.to_str().ok().filter(|key| (1..=Self::MAX_KEY).contains(&key.len()));
        let key = key.ok_or_else(|| Problem::new(ProblemKind::Malformed))?;
        Ok(Some(Self {
            digest: digest(&[staff.subject.expose().as_bytes(), key.as_bytes()]),
            fingerprint: digest(&[target.as_bytes(), body]),
        }))
    }

    /// What the same request did earlier, if it came before.
    ///
    /// # Errors
    /// A problem when the key came before with another request.
    pub async fn earlier(
        &self,
        table: &Table,
        shop: &ShopId,
        now: Timestamp,
    ) -> std::result::Result<Option<Outcome>, Problem> {
        match table.idempotency_record(shop, &self.digest, now).await? {
            Some(record) => self.same(record).map(Some),
            None => Ok(None),
        }
    }

    /// Records the request in the transaction of its effect.
    pub fn record(
        &self,
        transaction: &mut Transaction,
        shop: &ShopId,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<Step> {
        let expires_at = now.checked_add(IdempotencyRecord::LIFE).unwrap_or(Timestamp::MAX);
        let record = IdempotencyRecord { fingerprint: self.fingerprint.clone(), outcome, expires_at };
        transaction.record_request(shop, &self.digest, &record, now)
    }

    /// What the same request did while this one was under way, if that is why it was refused.
    ///
    /// # Errors
    /// A problem when the key was used for another request.
    pub fn overtaken(&self, refusal: &Refusal, step: Step) -> std::result::Result<Option<Outcome>, Problem> {
        refusal.earlier_request(step).map(|record| self.same(record)).transpose()
    }

    fn same(&self, record: IdempotencyRecord) -> std::result::Result<Outcome, Problem> {
        if record.fingerprint == self.fingerprint {
            Ok(record.outcome)
        } else {
            Err(Problem::new(ProblemKind::IdempotencyMismatch))
        }
    }
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    HEXLOWER.encode(&hash.finalize())
}
