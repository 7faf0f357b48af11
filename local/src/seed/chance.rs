//! The seed's own chance: the same for the same customer, whatever else is seeded.

use jiff::Timestamp;
use ulid::Ulid;

/// Changing it makes other people of everybody.
const SEED: u64 = 0x0C11_E47E_1E00_0001;

/// A generator for one customer, or for the catalogue.
pub(super) struct Chance(fastrand::Rng);

impl Chance {
    /// The generator of the customer number `index`.
    pub(super) fn of(index: usize) -> Self {
        Self(fastrand::Rng::with_seed(SEED ^ (index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// Whether something that happens `percent` times in a hundred does.
    pub(super) fn in_hundred(&mut self, percent: u32) -> bool {
        self.0.u32(0..100) < percent
    }

    /// A number from 0 to `bound - 1`.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        self.0.u32(0..bound.max(1))
    }

    /// A number from 0 to 1.
    pub(super) fn fraction(&mut self) -> f64 {
        self.0.f64()
    }

    pub(super) fn digit(&mut self) -> char {
        self.0.digit(10)
    }

    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.0.usize(0..all.len())]
    }

    /// A ULID of the instant `at`.
    pub(super) fn ulid(&mut self, at: Timestamp) -> Ulid {
        Ulid::from_parts(u64::try_from(at.as_millisecond()).unwrap_or(0), self.0.u128(..))
    }
}
