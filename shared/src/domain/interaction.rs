//! Interactions (O02): what passed between a shop and a customer, beside orders and mails.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{CustomerId, InteractionId, Invalid, Line, Text};

/// What passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionKind {
    /// The customer is expected.
    Reservation,
    /// The customer was there.
    Visit,
    /// Somebody called.
    Call,
    /// Somebody wrote.
    Message,
}

/// One interaction. Its id is made of the instant it happened at, so that the order of ids is the
/// order of time, whenever it was recorded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// The interaction.
    pub id: InteractionId,
    /// With whom.
    pub customer: CustomerId,
    /// What.
    pub kind: InteractionKind,
    /// When it happened, or will.
    pub at: Timestamp,
    /// What staff say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text<2000>>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// The subject of the member of staff who recorded it.
    pub author: Line<128>,
}

impl Interaction {
    /// How far ahead one may lie: two years.
    const AHEAD: SignedDuration = SignedDuration::from_hours(2 * 366 * 24);
    /// The year 2000: nothing earlier is a memory of a shop's.
    const EARLIEST: Timestamp = Timestamp::constant(946_684_800, 0);

    /// `at`, if an interaction recorded `now` may have it.
    ///
    /// # Errors
    /// [`Invalid::InstantRange`] before the year 2000, or more than two years ahead.
    pub fn instant(at: Timestamp, now: Timestamp) -> Result<Timestamp, Invalid> {
        let latest = now.checked_add(Self::AHEAD).unwrap_or(Timestamp::MAX);
        if (Self::EARLIEST..=latest).contains(&at) { Ok(at) } else { Err(Invalid::InstantRange) }
    }
}

impl fmt::Debug for Interaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Interaction({}, {:?})", self.id, self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interaction_lies_between_2000_and_two_years_ahead() {
        let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
        let instant = |at: &str| Interaction::instant(at.parse().unwrap(), now);
        assert!(instant("2000-01-01T00:00:00Z").is_ok() && instant("2028-11-22T09:00:00Z").is_ok());
        for at in ["1999-12-31T23:59:59Z", "2028-11-24T09:00:01Z"] {
            assert_eq!(instant(at), Err(Invalid::InstantRange), "{at}");
        }
    }
}
