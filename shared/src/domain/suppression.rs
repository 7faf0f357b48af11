//! Suppressions: which addresses get no mail any more, and why a message was not sent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::MessageClass;

/// Why a message was not sent, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The customer exists no more.
    CustomerGone,
    /// The shop no longer serves the customer.
    Blocked,
    /// Marketing is not agreed to.
    NoConsent,
    /// The address unsubscribed.
    Unsubscribed,
    /// The address does not exist, or refuses for good.
    Bounced,
    /// The person complained of our mail.
    Complained,
    /// What the message is about is no longer so.
    SubjectGone,
    /// The address is of a spelling that cannot be sent to.
    Undeliverable,
    /// Nobody knows whether it was sent, and marketing is never sent twice.
    OutcomeUnknown,
    /// The outage lasted longer than the mail makes sense.
    Missed,
    /// Another record of the same address has had, or is having, the mail of this occasion.
    SameAddress,
    /// The shop does not let mails of the kind out, or did not on the day it was due.
    AutomationOff,
    /// The shop's marketing is paused: too many of its mails bounced, or were complained of.
    MarketingPaused,
}

impl SkipReason {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::CustomerGone => "customer_gone",
            Self::Blocked => "blocked",
            Self::NoConsent => "no_consent",
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::SubjectGone => "subject_gone",
            Self::Undeliverable => "undeliverable",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Missed => "missed",
            Self::SameAddress => "same_address",
            Self::AutomationOff => "automation_off",
            Self::MarketingPaused => "marketing_paused",
        }
    }
}

/// Why an address gets no mail any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionCause {
    /// The person unsubscribed: no marketing.
    Unsubscribed,
    /// A hard bounce: nothing at all.
    Bounced,
    /// A complaint: nothing at all.
    Complained,
}

impl SuppressionCause {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}

/// The unsubscription, hard bounce or complaint of one address in one shop. Read before every
/// send, whoever shares the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// Why.
    pub cause: SuppressionCause,
    /// Since when.
    pub at: Timestamp,
}

impl Suppression {
    /// Whether it stops a message of `class`, and how that is recorded.
    pub fn stops(&self, class: MessageClass) -> Option<SkipReason> {
        match (self.cause, class) {
            (SuppressionCause::Unsubscribed, MessageClass::Transactional) => None,
            (SuppressionCause::Unsubscribed, MessageClass::Marketing) => Some(SkipReason::Unsubscribed),
            (SuppressionCause::Bounced, _) => Some(SkipReason::Bounced),
            (SuppressionCause::Complained, _) => Some(SkipReason::Complained),
        }
    }
}
