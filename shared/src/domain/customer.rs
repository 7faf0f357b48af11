//! The customer: the record that everything else feeds.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    Actor, Birthday, Consents, Country, Currency, CustomerId, Discount, EmailAddress, Figures, FormId, GroupId,
    Invalid, Language, Line, Name, Note, NoteId, PageAddress, Phone, PostalAddress, Provenance, RecordField, Settings,
    ShopId, TagId, Tags, Text, VatNumber,
};
use crate::keyring::{Keyring, Purpose, Token};

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

/// What led a visitor to a page: the UTM parameters of its address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// `utm_source`: the site or the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Line<100>>,
    /// `utm_medium`: the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<Line<100>>,
    /// `utm_campaign`: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Line<100>>,
    /// `utm_term`: what was searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Line<100>>,
    /// `utm_content`: which of several links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Line<100>>,
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
        /// What led there, as the page's fields say it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        campaign: Option<Campaign>,
    },
    /// Entered by staff, who did not say more.
    Staff,
    /// Somebody recommended the shop.
    WordOfMouth,
    /// Found on the web.
    Web,
    /// Walked in.
    Store,
    /// A social network.
    SocialMedia,
    /// An advertisement.
    Advertising,
    /// A fair, a market, an evening.
    Event,
    /// A partner.
    Partner,
    /// Anything else.
    Other,
}

impl Source {
    /// The stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Form { .. } => "form",
            Self::Staff => "staff",
            Self::WordOfMouth => "word_of_mouth",
            Self::Web => "web",
            Self::Store => "store",
            Self::SocialMedia => "social_media",
            Self::Advertising => "advertising",
            Self::Event => "event",
            Self::Partner => "partner",
            Self::Other => "other",
        }
    }
}

/// How a customer likes to be reached (F07).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactChannel {
    /// By e-mail.
    Email,
    /// By telephone.
    Phone,
    /// By text message.
    Sms,
    /// By post.
    Post,
}

/// How a customer likes to be reached, the most welcome first; each way once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<ContactChannel>", into = "Vec<ContactChannel>")]
pub struct PreferredChannels(Vec<ContactChannel>);

impl TryFrom<Vec<ContactChannel>> for PreferredChannels {
    type Error = Invalid;

    fn try_from(channels: Vec<ContactChannel>) -> Result<Self, Invalid> {
        let mut seen = std::collections::BTreeSet::new();
        match (channels.is_empty(), channels.iter().all(|channel| seen.insert(*channel))) {
            (true, _) => Err(Invalid::Empty),
            (false, true) => Ok(Self(channels)),
            (false, false) => Err(Invalid::Choice),
        }
    }
}

impl From<PreferredChannels> for Vec<ContactChannel> {
    fn from(channels: PreferredChannels) -> Self {
        channels.0
    }
}

/// Whether an address is known to be the customer's own (F15).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailStatus {
    /// Nobody has proved it.
    #[default]
    Unconfirmed,
    /// The customer answered a mail to it.
    Confirmed,
}

/// A customer the shop no longer serves (B01): links are closed, marketing stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Why.
    pub reason: Text<500>,
    /// Who decided: the staff member's subject.
    pub by: Line<128>,
    /// When.
    pub at: Timestamp,
}

/// The beginning of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotePreview {
    /// The note.
    pub id: NoteId,
    /// Its beginning, on one line.
    pub text: Line<{ Note::PREVIEW }>,
}

/// A tag that staff are told of at an order or a reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Which.
    pub tag: TagId,
    /// Why it was put.
    pub reason: Option<Line<200>>,
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
    /// Whom to ask for there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_person: Option<Line<200>>,
    /// The company's number for invoices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_number: Option<VatNumber>,
    /// Where to write to.
    pub email: EmailAddress,
    /// Whether that address is known to be theirs (F15).
    #[serde(default)]
    pub email_status: EmailStatus,
    /// Where to call (F03).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Their country (F18): how a telephone number without prefix is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Where to deliver (F04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_address: Option<PostalAddress>,
    /// Where to send the bill (F04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<PostalAddress>,
    /// How they like to be reached (F07).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_channels: Option<PreferredChannels>,
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
    /// What staff put on them (S03).
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// What sets their prices (S04). The group may have been deleted since: that is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Set while the shop does not serve them (B01).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<Block>,
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
    /// The newest note's beginning (L02); never of a note on health.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_note: Option<NotePreview>,
    /// Which link to their preferences their mails carry: every new address has another, since whoever
    /// reads the mails of the old one is not known to be them.
    #[serde(default = "first_generation")]
    pub preferences_generation: u32,
    /// Who set which field, and when.
    #[serde(default)]
    pub provenance: Provenance,
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
            contact_person: None,
            vat_number: None,
            email,
            email_status: EmailStatus::Unconfirmed,
            phone: None,
            country: None,
            delivery_address: None,
            billing_address: None,
            preferred_channels: None,
            language: settings.language(),
            currency: settings.currency,
            discount: None,
            birthday: None,
            status: CustomerStatus::Potential,
            temperature: None,
            tags: Tags::default(),
            group: None,
            block: None,
            source,
            first_contact: settings.zone.day(now),
            last_contact_at: now,
            consents: Consents::default(),
            figures: Figures::default(),
            last_note: None,
            preferences_generation: first_generation(),
            provenance: Provenance::default(),
            created_at: now,
            updated_at: now,
        }
    }

    /// This new record, with everything in it set by `actor`.
    #[must_use]
    pub fn entered_by(mut self, actor: &Actor) -> Self {
        self.provenance = Provenance::of_all(&self, actor, self.created_at);
        self
    }

    /// The next version of this record, as `edit` leaves it: what differs is stamped with `actor`
    /// and `now`, and a new address is unconfirmed.
    #[must_use]
    pub fn changed_by(&self, actor: &Actor, now: Timestamp, edit: impl FnOnce(&mut Self)) -> Self {
        let mut after = self.clone();
        edit(&mut after);
        if after.email != self.email {
            after.email_status = EmailStatus::Unconfirmed;
        }
        let mut provenance = std::mem::take(&mut after.provenance);
        provenance.stamp(self, &after, actor, now);
        Self { version: self.version + 1, updated_at: now, provenance, ..after }
    }

    /// Notes that `actor` says again what `field` is: it is as new as if it had changed.
    pub fn confirm(&mut self, field: RecordField, actor: &Actor, now: Timestamp) {
        self.provenance.stamp_fields(vec![field], actor, now);
    }

    /// The tags that staff are told of when the customer orders or reserves on `day`.
    pub fn alerts(&self, day: Date) -> Vec<Alert> {
        let standing = self.tags.on(day).filter(|(tag, _)| tag.alerts());
        standing.map(|(tag, mark)| Alert { tag: tag.clone(), reason: mark.reason.clone() }).collect()
    }

    /// Whether the temperature was set so long before `now` that it says little: more than thirty
    /// days. It never changes by itself.
    pub fn temperature_is_stale(&self, now: Timestamp) -> bool {
        let set = self.temperature.and_then(|_| self.provenance.of(RecordField::Temperature));
        set.is_some_and(|stamp| now.duration_since(stamp.at) > SignedDuration::from_hours(30 * 24))
    }

    /// How many links to the preferences open: so many addresses ago, a mail can still unsubscribe.
    pub const PREFERENCES_LINKS: u32 = 20;

    /// The token of the preferences, as mails to the address of now carry it.
    pub fn preferences_token(&self, keyring: &Keyring) -> Token {
        Self::preferences_token_of(keyring, self.id, self.preferences_generation)
    }

    /// The token that the preferences of customer `id` had in `generation`.
    pub fn preferences_token_of(keyring: &Keyring, id: CustomerId, generation: u32) -> Token {
        keyring.token(Purpose::Preferences, id.ulid(), generation)
    }
}

fn first_generation() -> u32 {
    1
}
