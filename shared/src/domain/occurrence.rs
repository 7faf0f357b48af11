//! Occurrences: what makes two messages the same message.

use serde::{Deserialize, Serialize};

use super::{
    AddressCodeId, ConsentRequestId, DraftId, ExportId, FormId, MessageId, MessageKind, NoticeId, OrderId, OrderLinkId,
    OrderNews, SubmissionId,
};
use crate::keyring::TokenHash;

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
    /// Once per draft, however often it is gone on with and left again.
    AbandonedOrder {
        /// The link whose draft it is, by what it is kept under.
        link: TokenHash,
        /// The draft.
        draft: DraftId,
    },
    /// Once per local year, and once per birthday: a shop may change how many days before it writes.
    Birthday {
        /// The year in which it is sent.
        year: i16,
        /// The year of the birthday.
        of: i16,
    },
    /// Once per spell without an order.
    Reactivation {
        /// The order that began the spell.
        last_order: OrderId,
    },
    /// Once per first order.
    Satisfaction {
        /// That order.
        first_order: OrderId,
    },
    /// Once per job.
    ExportReady {
        /// The job.
        export: ExportId,
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
            Self::AbandonedOrder { .. } => MessageKind::AbandonedOrder,
            Self::Reactivation { .. } => MessageKind::Reactivation,
            Self::Satisfaction { .. } => MessageKind::Satisfaction,
            Self::ExportReady { .. } => MessageKind::ExportReady,
        }
    }

    /// What no two messages of the kind to one addressee have in common: of most, one thing.
    pub fn keys(&self) -> Vec<String> {
        match self {
            Self::Birthday { of, .. } => vec![self.key(), format!("of#{of}")],
            _ => vec![self.key()],
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
            Self::Birthday { year, .. } => year.to_string(),
            Self::AbandonedOrder { draft, .. } => draft.to_string(),
            Self::Reactivation { last_order } => last_order.to_string(),
            Self::Satisfaction { first_order } => first_order.to_string(),
            Self::ExportReady { export } => export.to_string(),
        }
    }
}
