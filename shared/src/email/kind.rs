//! The kinds of e-mail, and what a shop may edit of each.

use super::slot::Slot;

/// Kinds of e-mail (design, section 6). Adding one: a variant here, a template folder, its
/// texts in every language; the exhaustive matches name the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// To a new customer (requirement E01).
    Welcome,
    /// To an address that somebody ticked a box with: the words, and a link that agrees to them.
    ConfirmConsent,
    /// To an address, with a code that proves it (C03).
    ConfirmAddress,
    /// To the customer who ordered (E01).
    OrderConfirmation,
    /// To the customer whose order went a step further, or was cancelled (K05).
    OrderState,
    /// To the customer to whom staff send a magic link (K01).
    OrderLink,
    /// On the customer's birthday, with an offer if the shop makes one (E01).
    Birthday,
    /// To a customer who hasn't ordered for long (E02).
    Reactivation,
    /// To the member of staff who asked for an export (M06).
    ExportReady,
    /// To the shop's staff: something happened.
    MerchantNotice,
}

impl Kind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 10] = [
        Self::Welcome,
        Self::ConfirmConsent,
        Self::ConfirmAddress,
        Self::OrderConfirmation,
        Self::OrderState,
        Self::OrderLink,
        Self::Birthday,
        Self::Reactivation,
        Self::ExportReady,
        Self::MerchantNotice,
    ];

    /// The name in storage and in the API, which is also the template folder's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::ConfirmConsent => "confirm_consent",
            Self::ConfirmAddress => "confirm_address",
            Self::OrderConfirmation => "order_confirmation",
            Self::OrderState => "order_state",
            Self::OrderLink => "order_link",
            Self::Birthday => "birthday",
            Self::Reactivation => "reactivation",
            Self::ExportReady => "export_ready",
            Self::MerchantNotice => "merchant_notice",
        }
    }

    /// Whether it needs consent and carries an unsubscribe link.
    #[must_use]
    pub const fn is_marketing(self) -> bool {
        match self {
            Self::Birthday | Self::Reactivation => true,
            Self::Welcome
            | Self::ConfirmConsent
            | Self::ConfirmAddress
            | Self::OrderConfirmation
            | Self::OrderState
            | Self::OrderLink
            | Self::ExportReady
            | Self::MerchantNotice => false,
        }
    }

    /// The texts a shop may edit. Mail to staff has none: the shop writes to itself there; nor has mail
    /// that proves something, whose words are part of the proof. What tells of an order has words for each
    /// state, of which a shop may edit those that fit them all.
    #[must_use]
    pub const fn slots(self) -> &'static [Slot] {
        match self {
            Self::Welcome | Self::OrderConfirmation | Self::OrderLink => {
                &[Slot::Subject, Slot::Heading, Slot::Intro, Slot::Closing]
            }
            Self::OrderState => &[Slot::Closing],
            Self::Birthday | Self::Reactivation => {
                &[Slot::Subject, Slot::Heading, Slot::Intro, Slot::Closing, Slot::Offer]
            }
            Self::ConfirmConsent | Self::ConfirmAddress | Self::ExportReady | Self::MerchantNotice => &[],
        }
    }

    /// The names a slot's source may use, all of them text; `customer_name` may be empty.
    #[must_use]
    pub const fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Welcome | Self::Birthday => &["shop_name", "customer_name"],
            Self::OrderConfirmation => &["shop_name", "customer_name", "number", "placed_on", "total"],
            Self::OrderState => &["shop_name", "customer_name", "number", "total"],
            Self::OrderLink => &["shop_name", "customer_name", "expires_on"],
            Self::Reactivation => &["shop_name", "customer_name", "last_order_on"],
            Self::ConfirmConsent | Self::ConfirmAddress | Self::ExportReady | Self::MerchantNotice => &[],
        }
    }
}
