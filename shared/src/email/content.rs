//! What an e-mail says: one variant per kind, with the values of that kind only. Values
//! are plain and already formatted (money, dates): the caller knows currency and zone.
//! Two rules are types: a marketing mail can't be built without the page that unsubscribes
//! (the one-click header is the mailer's matter), and a mail to an unconfirmed address has no
//! place for a name.

use super::link::Link;
use crate::domain::MessageKind;
use crate::domain::OrderNews;

/// Who a transactional mail goes to. Anybody can type somebody else's address into a form,
/// so a mail to an address nobody has confirmed echoes nothing that a visitor typed
/// (design, section 6): that case carries no name.
#[derive(Clone, Copy)]
pub enum Addressee<'a> {
    /// The address is known to be this person's.
    Confirmed {
        /// How the mail greets; `None` greets without a name.
        name: Option<&'a str>,
    },
    /// Nobody has confirmed the address yet.
    Unconfirmed,
}

impl<'a> Addressee<'a> {
    pub(super) fn name(self) -> Option<&'a str> {
        match self {
            Self::Confirmed { name } => name,
            Self::Unconfirmed => None,
        }
    }

    pub(super) fn is_confirmed(self) -> bool {
        matches!(self, Self::Confirmed { .. })
    }
}

/// One line of an order, formatted in the customer's language and currency.
#[derive(Clone, Copy)]
pub struct OrderLine<'a> {
    /// The product's name as copied into the order.
    pub name: &'a str,
    /// How many, formatted.
    pub quantity: &'a str,
    /// The price paid per unit.
    pub unit_price: &'a str,
    /// The discount in words (`−12,5 %`), if there was one.
    pub discount: Option<&'a str>,
    /// What the line costs.
    pub total: &'a str,
}

/// A product that was chosen and not ordered yet.
#[derive(Clone, Copy)]
pub struct ChosenLine<'a> {
    /// The product's name.
    pub name: &'a str,
    /// How many, formatted.
    pub quantity: &'a str,
}

/// A labelled value that a visitor sent.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    /// The field's name in the form.
    pub label: &'a str,
    /// What was typed; may have several lines.
    pub value: &'a str,
}

/// What staff is told about.
#[derive(Clone, Copy)]
pub enum Notice<'a> {
    /// A website form was sent.
    Submission {
        /// The form's name.
        form: &'a str,
        /// The fields, in the form's order.
        fields: &'a [Field<'a>],
    },
    /// A customer had their data deleted.
    Deletion {
        /// Who they were.
        customer: &'a str,
        /// Their address.
        email: &'a str,
        /// What they say; may have several lines.
        comment: Option<&'a str>,
    },
    /// The shop's marketing was paused.
    MarketingPaused {
        /// Whether people complained; otherwise, addresses do not exist.
        complaints: bool,
        /// How many did, formatted.
        count: &'a str,
        /// Of how many mails, formatted.
        sent: &'a str,
        /// The share of them, formatted.
        share: &'a str,
        /// The share from which on marketing is paused, formatted.
        limit: &'a str,
        /// How many it takes at least, formatted.
        least: &'a str,
    },
}

/// One e-mail's values. No `Debug`: they are personal data.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// [`MessageKind::Welcome`]
    Welcome {
        /// Who it goes to.
        addressee: Addressee<'a>,
        /// The page on which consents are chosen.
        preferences: Option<Link<'a>>,
    },
    /// [`MessageKind::ConfirmConsent`], which has no place for a name.
    ConfirmConsent {
        /// What the shop asks to agree to; may have several lines.
        words: &'a str,
        /// The page whose button agrees.
        agree: Link<'a>,
    },
    /// [`MessageKind::ConfirmAddress`], which has no place for a name.
    ConfirmAddress {
        /// The code, of ASCII digits.
        code: &'a str,
    },
    /// [`MessageKind::OrderConfirmation`]
    OrderConfirmation {
        /// Who it goes to; without a confirmed address the note is left out too.
        addressee: Addressee<'a>,
        /// The order's number.
        number: &'a str,
        /// The day of the order, formatted.
        placed_on: &'a str,
        /// The order's lines.
        lines: &'a [OrderLine<'a>],
        /// The order's total, formatted with its currency.
        total: &'a str,
        /// What the customer wrote with the order.
        note: Option<&'a str>,
        /// The page that shows the order.
        order: Option<Link<'a>>,
    },
    /// [`MessageKind::OrderState`]
    OrderState {
        /// Who it goes to.
        addressee: Addressee<'a>,
        /// What there is to tell.
        news: OrderNews,
        /// The order's number.
        number: &'a str,
        /// The order's lines.
        lines: &'a [OrderLine<'a>],
        /// The order's total, formatted with its currency.
        total: &'a str,
        /// The page that shows the order.
        order: Option<Link<'a>>,
    },
    /// [`MessageKind::OrderLink`]
    OrderLink {
        /// Who it goes to.
        addressee: Addressee<'a>,
        /// The last day on which the link opens, formatted.
        expires_on: &'a str,
        /// The customer's own page.
        order: Link<'a>,
    },
    /// [`MessageKind::AbandonedOrder`]
    AbandonedOrder {
        /// How the mail greets; `None` greets without a name.
        customer_name: Option<&'a str>,
        /// What was chosen.
        lines: &'a [ChosenLine<'a>],
        /// The shop's offer, if its slot makes one.
        offer: Option<&'a str>,
        /// The page where the choice is kept.
        order: Link<'a>,
        /// The page that unsubscribes.
        unsubscribe: Link<'a>,
    },
    /// [`MessageKind::Birthday`]
    Birthday {
        /// How the mail greets; `None` greets without a name.
        customer_name: Option<&'a str>,
        /// Whether the day is still to come, which takes other words than the day itself.
        soon: bool,
        /// The shop's offer, unless its slot says another.
        offer: Option<&'a str>,
        /// The page that unsubscribes.
        unsubscribe: Link<'a>,
    },
    /// [`MessageKind::Reactivation`]
    Reactivation {
        /// How the mail greets; `None` greets without a name.
        customer_name: Option<&'a str>,
        /// The day of the last order, formatted.
        last_order_on: &'a str,
        /// The shop's offer, unless its slot says another.
        offer: Option<&'a str>,
        /// The page that unsubscribes.
        unsubscribe: Link<'a>,
    },
    /// [`MessageKind::Satisfaction`]
    Satisfaction {
        /// How the mail greets; `None` greets without a name.
        customer_name: Option<&'a str>,
        /// The first order's number.
        number: &'a str,
        /// The day of that order, formatted.
        placed_on: &'a str,
        /// The page that unsubscribes.
        unsubscribe: Link<'a>,
    },
    /// [`MessageKind::ExportReady`]
    ExportReady {
        /// The file's name.
        file_name: &'a str,
        /// How many rows it has.
        rows: u64,
        /// Until when it can be fetched, formatted.
        expires_on: &'a str,
    },
    /// [`MessageKind::MerchantNotice`]
    MerchantNotice {
        /// What happened.
        notice: Notice<'a>,
    },
}

impl<'a> Content<'a> {
    /// Ahead of the day, or on it, if it is a birthday mail.
    #[must_use]
    pub fn ahead(mut self, ahead: bool) -> Self {
        if let Self::Birthday { soon, .. } = &mut self {
            *soon = ahead;
        }
        self
    }

    /// With this offer, if it is a mail that makes one.
    #[must_use]
    pub fn offering(mut self, made: Option<&'a str>) -> Self {
        if let Self::AbandonedOrder { offer, .. } | Self::Birthday { offer, .. } | Self::Reactivation { offer, .. } =
            &mut self
        {
            *offer = made;
        }
        self
    }

    /// The kind, by which a message is stored and a template found.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::Welcome { .. } => MessageKind::Welcome,
            Self::ConfirmConsent { .. } => MessageKind::ConfirmConsent,
            Self::ConfirmAddress { .. } => MessageKind::ConfirmAddress,
            Self::OrderConfirmation { .. } => MessageKind::OrderConfirmation,
            Self::OrderState { .. } => MessageKind::OrderState,
            Self::OrderLink { .. } => MessageKind::OrderLink,
            Self::AbandonedOrder { .. } => MessageKind::AbandonedOrder,
            Self::Birthday { .. } => MessageKind::Birthday,
            Self::Reactivation { .. } => MessageKind::Reactivation,
            Self::Satisfaction { .. } => MessageKind::Satisfaction,
            Self::ExportReady { .. } => MessageKind::ExportReady,
            Self::MerchantNotice { .. } => MessageKind::MerchantNotice,
        }
    }

    /// How the keys of its texts begin. A notice has one wording per event, an order one per state, a
    /// birthday one for the day and one for before.
    pub(super) const fn wording(&self) -> &'static str {
        match self {
            Self::Welcome { .. } => "welcome",
            Self::ConfirmConsent { .. } => "confirm-consent",
            Self::ConfirmAddress { .. } => "confirm-address",
            Self::OrderConfirmation { .. } => "order-confirmation",
            Self::OrderState { news, .. } => match news {
                OrderNews::Confirmed => "order-confirmed",
                OrderNews::InProduction => "order-in-production",
                OrderNews::Shipped => "order-shipped",
                OrderNews::Delivered => "order-delivered",
                OrderNews::Cancelled => "order-cancelled",
            },
            Self::OrderLink { .. } => "order-link",
            Self::AbandonedOrder { .. } => "abandoned-order",
            Self::Birthday { soon: true, .. } => "birthday-soon",
            Self::Birthday { .. } => "birthday",
            Self::Reactivation { .. } => "reactivation",
            Self::Satisfaction { .. } => "satisfaction",
            Self::ExportReady { .. } => "export-ready",
            Self::MerchantNotice { notice } => match notice {
                Notice::Submission { .. } => "notice-submission",
                Notice::Deletion { .. } => "notice-deletion",
                Notice::MarketingPaused { complaints: false, .. } => "notice-bounces",
                Notice::MarketingPaused { complaints: true, .. } => "notice-complaints",
            },
        }
    }
}
