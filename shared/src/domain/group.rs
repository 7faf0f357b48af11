//! Groups: what sets a customer's prices (S04–S06). Customers never see theirs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{GroupId, Invalid, Line};

/// What a group's prices differ by, in basis points: from −10,000, for nothing, to +10,000, twice
/// the price.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Rate(i16);

impl Rate {
    const WHOLE: i64 = 10_000;

    /// The rate in basis points.
    pub fn basis_points(self) -> i16 {
        self.0
    }
}

impl TryFrom<i64> for Rate {
    type Error = Invalid;

    fn try_from(basis_points: i64) -> Result<Self, Invalid> {
        match i16::try_from(basis_points) {
            Ok(value) if (-Self::WHOLE..=Self::WHOLE).contains(&basis_points) => Ok(Self(value)),
            _ => Err(Invalid::OutOfRange { min: -Self::WHOLE, max: Self::WHOLE }),
        }
    }
}

impl From<Rate> for i64 {
    fn from(rate: Rate) -> Self {
        rate.0.into()
    }
}

/// A group of customers with prices of their own. A customer is in one at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The group.
    pub id: GroupId,
    /// Raised by every change.
    pub version: u64,
    /// What staff call it; unique in the shop, whatever the case and accents.
    pub name: Line<100>,
    /// What its prices differ by.
    pub rate_bp: Rate,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
