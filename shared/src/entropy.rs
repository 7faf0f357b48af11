//! Where randomness comes from: ids, request tokens, jitter.
//!
//! An argument like the time, so that a test can repeat a run. Secrets never come from here: a
//! token is an HMAC of the [`Keyring`](crate::Keyring).

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use ulid::Ulid;

/// A source of random bytes.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Entropy {
    /// The operating system's generator.
    ///
    /// # Panics
    /// When the operating system has no randomness to give, which it answers at start or never.
    pub fn system() -> Self {
        Self::from_fn(|bytes| getrandom::fill(bytes).expect("the system's random generator answers"))
    }

    /// A generator of one's own, for repeatable runs.
    pub fn from_fn(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// Fills `bytes`.
    pub fn fill(&self, bytes: &mut [u8]) {
        (self.0)(bytes);
    }

    /// A new ULID of the instant `now`.
    pub fn ulid(&self, now: Timestamp) -> Ulid {
        let mut random = [0; 16];
        self.fill(&mut random);
        let millisecond = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Ulid::from_parts(millisecond, u128::from_be_bytes(random))
    }

    /// A number below `bound`, near enough to uniform for jitter.
    pub fn below(&self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes) % bound.max(1)
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}
