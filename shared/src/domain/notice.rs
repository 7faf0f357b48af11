//! Notices: what the shop itself is told.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{EmailAddress, Line, MarketingPause, Text};

/// What the shop is told of where the table holds it no longer: kept until the mail has left.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// A customer wanted their data deleted (E04).
    Deletion {
        /// Their name.
        name: Line<200>,
        /// Their address.
        email: EmailAddress,
        /// What they say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Text<2000>>,
    },
    /// The shop's marketing was paused.
    MarketingPaused {
        /// Since when, and why.
        pause: MarketingPause,
    },
}

impl Notice {
    /// How long it is kept where the mail can't leave, and how long the mail is known.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
}

impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Deletion { .. } => f.write_str("Deletion(…)"),
            Self::MarketingPaused { pause } => f.debug_tuple("MarketingPaused").field(pause).finish(),
        }
    }
}
