//! Kinds of messages, and the law each is under (design, section 6).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Invalid;

/// What law a message is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageClass {
    /// Part of what the customer asked for: sent at least once.
    Transactional,
    /// Commercial: needs consent, carries an unsubscription, sent at most once.
    Marketing,
}

/// What a message is about; one folder of templates each. Adding one: a variant here, an
/// [`Occurrence`](super::Occurrence), a template folder, its texts in every language; the exhaustive
/// matches name the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// To a new customer: the first contact was received (E01).
    Welcome,
    /// To an address that somebody ticked a box with: the words, and a link that agrees to them (double
    /// opt-in).
    ConfirmConsent,
    /// To an address, with a code that proves it (C03).
    ConfirmAddress,
    /// To the customer who ordered (E01).
    OrderConfirmation,
    /// To the customer whose order went a step further, or was cancelled (K05).
    OrderState,
    /// To the customer to whom staff send a magic link (K01).
    OrderLink,
    /// To the customer who chose products on a magic link's page and went no further (E01).
    AbandonedOrder,
    /// On the customer's birthday or before it, with the shop's offer (E01).
    Birthday,
    /// To a customer who has not ordered for long, with the shop's offer (E02).
    Reactivation,
    /// After the first purchase: how was it? (S07)
    Satisfaction,
    /// To the shop: the export that somebody asked for is there (M06).
    ExportReady,
    /// To the shop: something it should know.
    MerchantNotice,
}

impl MessageKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 12] = [
        Self::Welcome,
        Self::ConfirmConsent,
        Self::ConfirmAddress,
        Self::OrderConfirmation,
        Self::OrderState,
        Self::OrderLink,
        Self::AbandonedOrder,
        Self::Birthday,
        Self::Reactivation,
        Self::Satisfaction,
        Self::ExportReady,
        Self::MerchantNotice,
    ];

    /// The class of the kind.
    pub const fn class(self) -> MessageClass {
        match self {
            Self::Welcome
            | Self::ConfirmConsent
            | Self::ConfirmAddress
            | Self::OrderConfirmation
            | Self::OrderState
            | Self::OrderLink
            | Self::ExportReady
            | Self::MerchantNotice => MessageClass::Transactional,
            Self::AbandonedOrder | Self::Birthday | Self::Reactivation | Self::Satisfaction => MessageClass::Marketing,
        }
    }

    /// The stable name in storage and in the API, which is also the template folder's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::ConfirmConsent => "confirm_consent",
            Self::ConfirmAddress => "confirm_address",
            Self::OrderConfirmation => "order_confirmation",
            Self::OrderState => "order_state",
            Self::OrderLink => "order_link",
            Self::AbandonedOrder => "abandoned_order",
            Self::Birthday => "birthday",
            Self::Reactivation => "reactivation",
            Self::Satisfaction => "satisfaction",
            Self::ExportReady => "export_ready",
            Self::MerchantNotice => "merchant_notice",
        }
    }
}

/// By its stable name.
impl FromStr for MessageKind {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(Invalid::Choice)
    }
}
