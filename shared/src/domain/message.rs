//! Messages: one e-mail to one person, from the transaction that caused it to its end.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    ClaimId, CustomerId, Line, MessageClass, MessageId, MessageKind, NoticeId, Occurrence, Reports, ShopId, SkipReason,
};
use crate::keyring::AddressDigest;

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Addressee {
    /// A customer, at the address the record holds when the message is sent.
    Customer {
        /// Who.
        customer: CustomerId,
    },
    /// The shop, at the address its settings or its form hold when the message is sent.
    Merchant,
}

impl Addressee {
    /// The customer, unless it is the shop.
    pub fn customer(self) -> Option<CustomerId> {
        match self {
            Self::Customer { customer } => Some(customer),
            Self::Merchant => None,
        }
    }
}

/// How far a message has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MessageState {
    /// To be sent.
    Pending,
    /// A mailer has it: nothing has left yet.
    Claimed {
        /// By whom: two mailers at the same instant don't write the same claim.
        owner: ClaimId,
        /// Until when it is this mailer's.
        until: Timestamp,
    },
    /// It is being handed over: from here on it may have left.
    Sending {
        /// When the outcome counts as unknown.
        until: Timestamp,
    },
    /// It may have left; the feedback will tell.
    Unknown {
        /// When waiting for the feedback ends.
        until: Timestamp,
    },
    /// It has left.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// It may not go, for good.
    Skipped {
        /// Why.
        reason: SkipReason,
        /// When that was found.
        at: Timestamp,
    },
    /// It was tried too often, or refused for good: somebody has to look.
    Failed {
        /// When it was given up.
        at: Timestamp,
    },
}

impl MessageState {
    /// Whether nothing more will happen.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Sent { .. } | Self::Skipped { .. } | Self::Failed { .. } => true,
            Self::Pending | Self::Claimed { .. } | Self::Sending { .. } | Self::Unknown { .. } => false,
        }
    }

    /// The stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Claimed { .. } => "claimed",
            Self::Sending { .. } => "sending",
            Self::Unknown { .. } => "unknown",
            Self::Sent { .. } => "sent",
            Self::Skipped { .. } => "skipped",
            Self::Failed { .. } => "failed",
        }
    }
}

/// How often and until when to try: units of the outbox's state machine.
#[derive(Debug, Clone, Copy)]
pub struct Attempt;

impl Attempt {
    /// The most attempts of a transactional message.
    pub const MAX: u32 = 5;
    /// How long a claim, and then the hand-over, may take.
    pub const LEASE: SignedDuration = SignedDuration::from_mins(2);
    /// How long an unknown outcome waits for the feedback.
    pub const FEEDBACK: SignedDuration = SignedDuration::from_mins(15);

    /// How long to wait when SES wants less at once.
    pub const THROTTLED: SignedDuration = SignedDuration::from_secs(5);
    /// How long to wait when SES takes no mail from the account at all.
    pub const ACCOUNT: SignedDuration = SignedDuration::from_mins(15);

    /// How long to wait after attempt `number` was refused: 1, 2, 4… minutes.
    pub fn backoff(number: u32) -> SignedDuration {
        SignedDuration::from_mins(1 << number.saturating_sub(1).min(6))
    }
}

/// One e-mail to one person. It names what it is about and holds no address, no text and no token:
/// those are read when it is sent. Afterwards it holds keyed digests of where it went, by which the
/// feedback is known to be about it, and what stood above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The shop that writes.
    pub shop: ShopId,
    /// The message; also the tag that its feedback carries.
    pub id: MessageId,
    /// Raised by every change of state.
    pub version: u64,
    /// Who gets it.
    pub to: Addressee,
    /// What it is about.
    pub occurrence: Occurrence,
    /// When it may go, at the earliest; later after each attempt that was put off.
    pub not_before: Timestamp,
    /// Until when it makes sense; `None` if always. What is late is recorded as missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
    /// How far it has come.
    #[serde(flatten)]
    pub state: MessageState,
    /// How often it was handed over.
    pub attempts: u32,
    /// When it was caused.
    pub created_at: Timestamp,
    /// The addresses it was handed over for: one, unless the record got another between two attempts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent_to: Vec<AddressDigest>,
    /// The subject it was handed over with, of a mail to a customer: it goes with the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SentSubject>,
    /// What was reported of it.
    #[serde(default, skip_serializing_if = "Reports::is_empty")]
    pub reports: Reports,
    /// The message that staff had sent again by this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resent_of: Option<MessageId>,
}

/// How many characters of a subject are kept.
const SENT_SUBJECT: usize = 250;

/// The subject of a mail that was sent, as much of it as a mailbox shows.
pub type SentSubject = Line<SENT_SUBJECT>;

/// Where a message is: enough to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRef {
    /// The shop that writes.
    pub shop: ShopId,
    /// Who gets it.
    pub to: Addressee,
    /// The message.
    pub id: MessageId,
}

impl MessageRef {
    /// Where a message to `customer` is.
    pub fn to_customer(shop: ShopId, customer: CustomerId, id: MessageId) -> Self {
        Self { shop, to: Addressee::Customer { customer }, id }
    }
}

impl Message {
    /// Where it is.
    pub fn reference(&self) -> MessageRef {
        MessageRef { shop: self.shop.clone(), to: self.to, id: self.id }
    }

    /// A message to the shop itself, to go at once.
    pub fn to_merchant(shop: ShopId, id: MessageId, occurrence: Occurrence, now: Timestamp) -> Self {
        Self {
            shop,
            id,
            version: 1,
            to: Addressee::Merchant,
            occurrence,
            not_before: now,
            not_after: None,
            state: MessageState::Pending,
            attempts: 0,
            created_at: now,
            sent_to: Vec::new(),
            subject: None,
            reports: Reports::default(),
            resent_of: None,
        }
    }

    /// A message to `customer`, to go at `not_before`.
    pub fn new(
        shop: ShopId,
        id: MessageId,
        customer: CustomerId,
        occurrence: Occurrence,
        now: Timestamp,
        not_before: Timestamp,
    ) -> Self {
        let to = Addressee::Customer { customer };
        Self { to, not_before, ..Self::to_merchant(shop, id, occurrence, now) }
    }

    /// The message once more, as `id`: staff want it to be sent again. It is made anew when it is sent.
    #[must_use]
    pub fn again(&self, id: MessageId, customer: CustomerId, now: Timestamp) -> Self {
        let again = Self::new(self.shop.clone(), id, customer, self.occurrence.clone(), now, now);
        Self { resent_of: Some(self.id), ..again }
    }

    /// What it is.
    pub fn kind(&self) -> MessageKind {
        self.occurrence.kind()
    }

    /// The message as it is handed over for `address` under `subject`, which takes an attempt. What the shop
    /// is told may name a customer, and would not be erased with them: nothing of it is kept.
    #[must_use]
    pub fn handed_over_to(mut self, address: AddressDigest, subject: &str) -> Self {
        self.attempts += 1;
        if self.to.customer().is_some() {
            self.subject = subject.chars().take(SENT_SUBJECT).collect::<String>().parse().ok();
        }
        if !self.sent_to.contains(&address) {
            self.sent_to.push(address);
        }
        self
    }

    /// The message once more is known of its mail; `None` where that says nothing new. Reports say
    /// more than what was concluded without them.
    pub fn reported(&self, reports: Reports) -> Option<Self> {
        let state = reports.settled().filter(|_| reports != self.reports)?;
        Some(Self { version: self.version + 1, state, reports, ..self.clone() })
    }

    /// What the shop was to be told by it, once there is nobody left to tell: it has left, or may not
    /// go. What failed is kept, since somebody has to look.
    pub fn told(&self) -> Option<NoticeId> {
        match (&self.occurrence, &self.state) {
            (Occurrence::Notice { notice }, MessageState::Sent { .. } | MessageState::Skipped { .. }) => Some(*notice),
            _ => None,
        }
    }

    /// Whether it was given up although it has to arrive: somebody has to look. Marketing may be lost.
    pub fn is_parked(&self) -> bool {
        matches!(self.state, MessageState::Failed { .. }) && self.kind().class() == MessageClass::Transactional
    }

    /// When the outbox has to look at it next; `None` once nothing more will happen.
    pub fn wake_at(&self) -> Option<Timestamp> {
        match self.state {
            MessageState::Pending => Some(self.not_before),
            MessageState::Claimed { until, .. } | MessageState::Sending { until } | MessageState::Unknown { until } => {
                Some(until)
            }
            MessageState::Sent { .. } | MessageState::Skipped { .. } | MessageState::Failed { .. } => None,
        }
    }
}
