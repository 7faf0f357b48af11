//! Messages: one e-mail to one person, from the transaction that caused it to its end.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    AddressCodeId, ClaimId, ConsentRequestId, CustomerId, EmailAddress, FormId, Line, MessageId, NoticeId, OrderId,
    OrderLinkId, OrderNews, ShopId, SubmissionId, Text,
};

/// What law a message is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageClass {
    /// Part of what the customer asked for: sent at least once.
    Transactional,
    /// Commercial: needs consent, carries an unsubscription, sent at most once.
    Marketing,
}

/// What a message is about; one folder of templates each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The first contact was received.
    Welcome,
    /// A link that agrees to marketing (double opt-in).
    ConfirmConsent,
    /// A code that proves the address.
    ConfirmAddress,
    /// An order was received.
    OrderConfirmation,
    /// An order went a step further, or was cancelled.
    OrderState,
    /// A magic link, which staff send.
    OrderLink,
    /// Best wishes and an offer.
    Birthday,
    /// A word to a customer of long ago.
    Reactivation,
    /// Something the shop should know.
    MerchantNotice,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Welcome,
        Self::ConfirmConsent,
        Self::ConfirmAddress,
        Self::OrderConfirmation,
        Self::OrderState,
        Self::OrderLink,
        Self::Birthday,
        Self::Reactivation,
        Self::MerchantNotice,
    ];

    /// The class of the kind.
    pub fn class(self) -> MessageClass {
        match self {
            Self::Welcome
            | Self::ConfirmConsent
            | Self::ConfirmAddress
            | Self::OrderConfirmation
            | Self::OrderState
            | Self::OrderLink
            | Self::MerchantNotice => MessageClass::Transactional,
            Self::Birthday | Self::Reactivation => MessageClass::Marketing,
        }
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::ConfirmConsent => "confirm_consent",
            Self::ConfirmAddress => "confirm_address",
            Self::OrderConfirmation => "order_confirmation",
            Self::OrderState => "order_state",
            Self::OrderLink => "order_link",
            Self::Birthday => "birthday",
            Self::Reactivation => "reactivation",
            Self::MerchantNotice => "merchant_notice",
        }
    }
}

/// What makes two messages the same message. The table holds one message per addressee and
/// occurrence, so whatever is repeated is sent once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Occurrence {
    /// Once per customer.
    Welcome,
    /// Once per request.
    ConfirmConsent {
        /// The request.
        request: ConsentRequestId,
    },
    /// Once per code.
    ConfirmAddress {
        /// The code.
        code: AddressCodeId,
    },
    /// Once per order.
    OrderConfirmation {
        /// The order.
        order: OrderId,
    },
    /// Once per order and state that it came to.
    OrderState {
        /// The order.
        order: OrderId,
        /// What it came to.
        news: OrderNews,
    },
    /// Once per request of staff, who may send a link again.
    OrderLink {
        /// The link.
        link: OrderLinkId,
        /// The request: the id of the one message it makes.
        request: MessageId,
    },
    /// Once per local year.
    Birthday {
        /// The year.
        year: i16,
    },
    /// Once per spell without an order.
    Reactivation {
        /// The order that began the spell.
        last_order: OrderId,
    },
    /// Once per submission of a form.
    SubmissionNotice {
        /// The form, which says whom to tell.
        form: FormId,
        /// The submission.
        submission: SubmissionId,
    },
    /// Once per notice.
    Notice {
        /// What it says stands there until it is sent.
        notice: NoticeId,
    },
}

impl Occurrence {
    /// What kind of message it is.
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::Welcome => MessageKind::Welcome,
            Self::ConfirmConsent { .. } => MessageKind::ConfirmConsent,
            Self::ConfirmAddress { .. } => MessageKind::ConfirmAddress,
            Self::SubmissionNotice { .. } | Self::Notice { .. } => MessageKind::MerchantNotice,
            Self::OrderConfirmation { .. } => MessageKind::OrderConfirmation,
            Self::OrderState { .. } => MessageKind::OrderState,
            Self::OrderLink { .. } => MessageKind::OrderLink,
            Self::Birthday { .. } => MessageKind::Birthday,
            Self::Reactivation { .. } => MessageKind::Reactivation,
        }
    }

    /// The occurrence as text, unique within its kind and addressee.
    pub fn key(&self) -> String {
        match self {
            Self::Welcome => String::new(),
            Self::ConfirmConsent { request } => request.to_string(),
            Self::ConfirmAddress { code } => code.to_string(),
            Self::SubmissionNotice { submission, .. } => submission.to_string(),
            Self::Notice { notice } => notice.to_string(),
            Self::OrderConfirmation { order } => order.to_string(),
            Self::OrderState { order, news } => format!("{order}#{}", news.state().name()),
            Self::OrderLink { link, request } => format!("{link}#{request}"),
            Self::Birthday { year } => year.to_string(),
            Self::Reactivation { last_order } => last_order.to_string(),
        }
    }
}

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
}

impl Notice {
    /// How long it is kept where the mail can't leave, and how long the mail is known.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
}

impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Deletion { .. } => f.write_str("Deletion(…)"),
        }
    }
}

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

    /// How long to wait after attempt `number` was refused: 1, 2, 4… minutes.
    pub fn backoff(number: u32) -> SignedDuration {
        SignedDuration::from_mins(1 << number.saturating_sub(1).min(6))
    }
}

/// One e-mail to one person. It names what it is about and holds no address, no text and no token:
/// those are read when it is sent.
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
    /// When it may go, at the earliest.
    pub not_before: Timestamp,
    /// How far it has come.
    #[serde(flatten)]
    pub state: MessageState,
    /// How often it was handed over.
    pub attempts: u32,
    /// When it was caused.
    pub created_at: Timestamp,
}

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
            state: MessageState::Pending,
            attempts: 0,
            created_at: now,
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
        Self {
            shop,
            id,
            version: 1,
            to: Addressee::Customer { customer },
            occurrence,
            not_before,
            state: MessageState::Pending,
            attempts: 0,
            created_at: now,
        }
    }

    /// What it is.
    pub fn kind(&self) -> MessageKind {
        self.occurrence.kind()
    }

    /// What the shop was to be told by it, once there is nobody left to tell: it has left, or may not
    /// go. What failed is kept, since somebody has to look.
    pub fn told(&self) -> Option<NoticeId> {
        match (&self.occurrence, &self.state) {
            (Occurrence::Notice { notice }, MessageState::Sent { .. } | MessageState::Skipped { .. }) => Some(*notice),
            _ => None,
        }
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
