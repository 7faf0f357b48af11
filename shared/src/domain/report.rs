//! Reports: what SES told of a mail, and what follows from all of it together.
//!
//! Reports come twice, late, or in another order. Each says of its mail one thing, with the time at
//! which that happened, and the earliest of a kind stands: whichever order they come in, they end
//! in the same.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MessageState, SuppressionCause};

/// What a report says of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportKind {
    /// SES took it, and tries to deliver it.
    Sent,
    /// The recipient's server took it.
    Delivered,
    /// The address does not exist, or refuses for good.
    Bounced,
    /// The recipient's server refused it, for now: a full mailbox, perhaps.
    PutOff,
    /// Whoever got it complained of it.
    Complained,
    /// SES found that it holds something harmful, and did not try to deliver it.
    Rejected,
    /// The recipient's server does not answer; SES goes on trying.
    Delayed,
}

impl ReportKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Sent, Self::Delivered, Self::Bounced, Self::PutOff, Self::Complained, Self::Rejected, Self::Delayed];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::PutOff => "put_off",
            Self::Complained => "complained",
            Self::Rejected => "rejected",
            Self::Delayed => "delayed",
        }
    }

    /// Why its recipient gets no mail any more, if that follows.
    pub fn suppresses(self) -> Option<SuppressionCause> {
        match self {
            Self::Bounced => Some(SuppressionCause::Bounced),
            Self::Complained => Some(SuppressionCause::Complained),
            Self::Sent | Self::Delivered | Self::PutOff | Self::Rejected | Self::Delayed => None,
        }
    }
}

/// Everything that was reported of a mail: of each kind, when it happened first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reports {
    /// When SES took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Timestamp>,
    /// When the recipient's server took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Timestamp>,
    /// When it was refused for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced: Option<Timestamp>,
    /// When it was refused for now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub put_off: Option<Timestamp>,
    /// When somebody complained of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complained: Option<Timestamp>,
    /// When SES kept it from leaving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<Timestamp>,
    /// Since when the recipient's server did not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delayed: Option<Timestamp>,
}

impl Reports {
    /// Whether nothing was reported.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// When it happened first, if it was reported.
    pub fn at(&self, kind: ReportKind) -> Option<Timestamp> {
        match kind {
            ReportKind::Sent => self.sent,
            ReportKind::Delivered => self.delivered,
            ReportKind::Bounced => self.bounced,
            ReportKind::PutOff => self.put_off,
            ReportKind::Complained => self.complained,
            ReportKind::Rejected => self.rejected,
            ReportKind::Delayed => self.delayed,
        }
    }

    /// The reports with one more.
    #[must_use]
    pub fn with(mut self, kind: ReportKind, at: Timestamp) -> Self {
        let place = match kind {
            ReportKind::Sent => &mut self.sent,
            ReportKind::Delivered => &mut self.delivered,
            ReportKind::Bounced => &mut self.bounced,
            ReportKind::PutOff => &mut self.put_off,
            ReportKind::Complained => &mut self.complained,
            ReportKind::Rejected => &mut self.rejected,
            ReportKind::Delayed => &mut self.delayed,
        };
        *place = Some(place.map_or(at, |earlier| earlier.min(at)));
        self
    }

    /// When the mail left, as far as is known: whatever is told of a mail but that it was rejected,
    /// SES had it.
    pub fn left(&self) -> Option<Timestamp> {
        [self.sent, self.delivered, self.bounced, self.put_off, self.complained, self.delayed]
            .into_iter()
            .flatten()
            .min()
    }

    /// How far the message came whose mail this was reported of; `None` while nothing was. What was
    /// rejected was taken first, so only what came afterwards says that another attempt left.
    pub fn settled(&self) -> Option<MessageState> {
        let went_on = Self { sent: None, ..*self }.left().is_some();
        match (self.rejected, self.left()) {
            (Some(at), _) if !went_on => Some(MessageState::Failed { at }),
            (_, left) => left.map(|at| MessageState::Sent { at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_earliest_of_a_kind_stands() {
        let reports = Reports::default().with(ReportKind::Sent, at(5)).with(ReportKind::Sent, at(3));
        assert_eq!(reports, reports.with(ReportKind::Sent, at(9)));
        assert_eq!((reports.at(ReportKind::Sent), reports.left()), (Some(at(3)), Some(at(3))));
        for kind in ReportKind::ALL {
            assert_eq!(Reports::default().with(kind, at(1)).at(kind), Some(at(1)));
        }
    }

    #[test]
    fn a_mail_that_was_rejected_has_not_left_unless_another_attempt_did() {
        assert_eq!(Reports::default().settled(), None);
        let rejected = Reports::default().with(ReportKind::Sent, at(1)).with(ReportKind::Rejected, at(2));
        assert_eq!(rejected.settled(), Some(MessageState::Failed { at: at(2) }));
        let delivered = rejected.with(ReportKind::Delivered, at(7));
        assert_eq!(delivered.settled(), Some(MessageState::Sent { at: at(1) }));
    }
}
