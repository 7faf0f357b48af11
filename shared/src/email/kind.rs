//! What a shop may edit of each kind of e-mail.

use crate::domain::{MessageKind, Slot};

impl MessageKind {
    /// The texts a shop may edit. Mail to staff has none: the shop writes to itself there; nor has mail
    /// that proves something, whose words are part of the proof. What tells of an order has words for each
    /// state, of which a shop may edit those that fit them all.
    #[must_use]
    pub const fn slots(self) -> &'static [Slot] {
        match self {
            Self::Welcome | Self::OrderConfirmation | Self::OrderLink | Self::Satisfaction => {
                &[Slot::Subject, Slot::Heading, Slot::Intro, Slot::Closing]
            }
            Self::OrderState => &[Slot::Closing],
            Self::AbandonedOrder | Self::Birthday | Self::Reactivation => {
                &[Slot::Subject, Slot::Heading, Slot::Intro, Slot::Closing, Slot::Offer]
            }
            Self::ConfirmConsent | Self::ConfirmAddress | Self::ExportReady | Self::MerchantNotice => &[],
        }
    }

    /// The names a slot's source may use, all of them text; `customer_name` may be empty.
    #[must_use]
    pub const fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Welcome | Self::Birthday | Self::AbandonedOrder => &["shop_name", "customer_name"],
            Self::OrderConfirmation => &["shop_name", "customer_name", "number", "placed_on", "total"],
            Self::OrderState => &["shop_name", "customer_name", "number", "total"],
            Self::OrderLink => &["shop_name", "customer_name", "expires_on"],
            Self::Reactivation => &["shop_name", "customer_name", "last_order_on"],
            Self::Satisfaction => &["shop_name", "customer_name", "number", "placed_on"],
            Self::ConfirmConsent | Self::ConfirmAddress | Self::ExportReady | Self::MerchantNotice => &[],
        }
    }
}
