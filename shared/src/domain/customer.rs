//! The customer: the record that everything else feeds.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Birthday, Consents, Country, Currency, CustomerId, Discount, EmailAddress, Figures, FormId, Language, Line, Name,
    Note, PageAddress, Phone, Settings, ShopId,
};

/// Whether a customer buys (S01). The first order promotes; nothing demotes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// Buys.
    Current,
    /// A lead.
    Potential,
}

impl CustomerStatus {
    /// Both, in the order lists show them (L01).
    pub const ALL: [Self; 2] = [Self::Current, Self::Potential];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Potential => "potential",
        }
    }
}

/// How interested a lead is (S02). Set by staff only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Temperature {
    /// Very interested, likely to buy.
    Hot,
    /// Interested, not ready.
    Warm,
    /// Weak: to be won back, or left for later.
    Cold,
    /// Declined: kept, and not pursued.
    NotInterested,
}

impl Temperature {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Warm => "warm",
            Self::Cold => "cold",
            Self::NotInterested => "not_interested",
        }
    }
}

/// Where a customer came from (F08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A website's form.
    Form {
        /// The form.
        form: FormId,
        /// The page it stood on, where the browser told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<PageAddress>,
    },
    /// Entered by staff.
    Staff,
}

/// One person or company known to a shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// The shop that knows them.
    pub shop: ShopId,
    /// The record.
    pub id: CustomerId,
    /// Raised by every change; the `ETag`.
    pub version: u64,
    /// What they are called.
    pub name: Name,
    /// Their company (F05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Line<200>>,
    /// Where to write to.
    pub email: EmailAddress,
    /// Where to call (F03).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Their country (F18): how a telephone number without prefix is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// What they read (F09).
    pub language: Language,
    /// What they pay in (F10).
    pub currency: Currency,
    /// What is taken off their quick orders (F11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// When their birthday is (F06).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Birthday>,
    /// Whether they buy (S01).
    pub status: CustomerStatus,
    /// How interested they are (S02).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Temperature>,
    /// Where they came from (F08).
    pub source: Source,
    /// The day they were first heard of, in the shop's zone (F14).
    pub first_contact: Date,
    /// When they were last heard of (P09).
    pub last_contact_at: Timestamp,
    /// What they agreed to (F12).
    #[serde(default)]
    pub consents: Consents,
    /// Their orders in figures (O04).
    #[serde(default)]
    pub figures: Figures,
    /// The newest note's beginning (L02).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_note: Option<Line<{ Note::PREVIEW }>>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Customer {
    /// A customer first heard of now, with nothing known but this: a lead of the shop's own
    /// currency.
    pub fn new(
        settings: &Settings,
        id: CustomerId,
        name: Name,
        email: EmailAddress,
        source: Source,
        now: Timestamp,
    ) -> Self {
        Self {
            shop: settings.shop.clone(),
            id,
            version: 1,
            name,
            company: None,
            email,
            phone: None,
            country: None,
            language: settings.language(),
            currency: settings.currency,
            discount: None,
            birthday: None,
            status: CustomerStatus::Potential,
            temperature: None,
            source,
            first_contact: settings.zone.day(now),
            last_contact_at: now,
            consents: Consents::default(),
            figures: Figures::default(),
            last_note: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The generation of the link to the customer's preferences: it opens for good, since mails of
    /// any age carry it.
    pub const PREFERENCES_GENERATION: u32 = 1;
}
