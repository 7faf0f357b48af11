//! Requests that may be repeated: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a caller named a request, and what the request was: digests, so that neither is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Caller and key.
    pub digest: String,
    /// Method, path and body: tells a repetition from another request under the same key.
    pub fingerprint: String,
}

impl RequestKey {
    /// The longest key, in characters.
    pub const MAX: usize = 255;

    /// The request of `caller` under `key`, which is `target` with `body`.
    pub fn new(caller: &str, key: &str, target: &str, body: &[u8]) -> Self {
        Self { digest: digest(&[caller.as_bytes(), key.as_bytes()]), fingerprint: digest(&[target.as_bytes(), body]) }
    }
}

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

/// What came before under the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// The same request: it did this.
    Same(Outcome),
    /// Another one.
    Other,
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}
