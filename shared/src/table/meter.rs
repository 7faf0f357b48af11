//! What calls cost: capacity units, counted where they are spent, so that a test can assert them.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// Capacity units. A read unit is one consistent read of 4 KB; a write unit is one write of 1 KB;
/// a transaction costs double.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Units {
    /// Read units.
    pub read: f64,
    /// Write units, those of the indexes included.
    pub write: f64,
}

/// Counts the units that a table's clones spend together.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Units>>);

impl Meter {
    /// What was spent since the last call of this.
    pub fn take(&self) -> Units {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn read(&self, capacity: Option<&ConsumedCapacity>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read += units(capacity);
    }

    pub(super) fn write(&self, capacity: Option<&ConsumedCapacity>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write += units(capacity);
    }
}

fn units(capacity: Option<&ConsumedCapacity>) -> f64 {
    capacity.and_then(ConsumedCapacity::capacity_units).unwrap_or(0.0)
}
