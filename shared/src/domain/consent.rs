//! Consents: what a customer agreed to, and the evidence of it (G01, G02; GDPR Article 7).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ConsentId, CustomerId, Language, Line, PageAddress, Text};

/// What a consent is about (G02).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// Commercial messages by e-mail.
    MarketingEmail,
    /// The use of purchases to choose offers.
    PurchaseData,
    /// The use of places.
    Geolocation,
    /// Handing data to partners.
    PartnerSharing,
}

impl ConsentPurpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::MarketingEmail, Self::PurchaseData, Self::Geolocation, Self::PartnerSharing];

    /// The stable name of the purpose.
    pub fn name(self) -> &'static str {
        match self {
            Self::MarketingEmail => "marketing_email",
            Self::PurchaseData => "purchase_data",
            Self::Geolocation => "geolocation",
            Self::PartnerSharing => "partner_sharing",
        }
    }
}

/// What the customer last said. A purpose nobody asked about has no state, which is no grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Agreed.
    Granted,
    /// Agreed once, and took it back.
    Withdrawn,
}

/// How a consent was given or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentMethod {
    /// A box ticked in a form.
    FormCheckbox,
    /// A box ticked in a form, and then a button on the page that a mail to the address opened.
    DoubleOptIn,
    /// The preferences page that a mail opened.
    PreferencesPage,
    /// A page that a link opened which staff handed over.
    ConsentLink,
    /// The unsubscribe link of a mail, or its one-click header (RFC 8058).
    Unsubscribe,
    /// Said to staff, face to face.
    InPerson,
    /// Said to staff on the telephone.
    Phone,
    /// Signed on paper.
    Paper,
    /// Written in a mail.
    Email,
    /// Some other way, which staff vouch for.
    Other,
}

impl ConsentMethod {
    /// Whether staff may record a statement made like this: what a form or a link did, it recorded
    /// itself.
    pub fn for_staff(self) -> bool {
        match self {
            Self::InPerson | Self::Phone | Self::Paper | Self::Email | Self::Other => true,
            Self::FormCheckbox | Self::DoubleOptIn | Self::PreferencesPage | Self::ConsentLink | Self::Unsubscribe => {
                false
            }
        }
    }
}

/// One statement of a customer, kept for good: the exact words agreed to, when and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentEvidence {
    /// This piece of evidence.
    pub id: ConsentId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is about.
    pub purpose: ConsentPurpose,
    /// Whether it was given or taken back.
    pub state: ConsentState,
    /// When.
    pub at: Timestamp,
    /// The words shown, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text<2000>>,
    /// The version of those words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Line<40>>,
    /// The language they were in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The page they stood on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageAddress>,
    /// The network address it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<Line<45>>,
    /// How it was said.
    pub method: ConsentMethod,
    /// The subject of the member of staff who recorded it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<Line<128>>,
}

/// The present state of one purpose, as kept on the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Given or taken back.
    pub state: ConsentState,
    /// Since when.
    pub at: Timestamp,
    /// The evidence behind it.
    pub evidence: ConsentId,
    /// The version of the words agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Line<40>>,
}

/// The present state of every purpose a customer ever spoke about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Consents(BTreeMap<ConsentPurpose, Consent>);

impl Consents {
    /// What was last said about `purpose`.
    pub fn get(&self, purpose: ConsentPurpose) -> Option<&Consent> {
        self.0.get(&purpose)
    }

    /// Whether `purpose` is agreed to now.
    pub fn granted(&self, purpose: ConsentPurpose) -> bool {
        self.get(purpose).is_some_and(|consent| consent.state == ConsentState::Granted)
    }

    /// Every purpose and its state.
    pub fn iter(&self) -> impl Iterator<Item = (ConsentPurpose, &Consent)> {
        self.0.iter().map(|(purpose, consent)| (*purpose, consent))
    }

    /// What two records of one person say together: what was taken back in one is taken back; of two
    /// that agree, the newer.
    #[must_use]
    pub fn joined_with(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        let strength = |consent: &Consent| (consent.state == ConsentState::Withdrawn, consent.at);
        for (purpose, consent) in &other.0 {
            match joined.0.get(purpose) {
                Some(own) if strength(own) >= strength(consent) => {}
                _ => drop(joined.0.insert(*purpose, consent.clone())),
            }
        }
        joined
    }

    /// Whether the statement of `evidence` decides the present state: none of later says otherwise.
    pub fn is_moved_by(&self, evidence: &ConsentEvidence) -> bool {
        self.get(evidence.purpose).is_none_or(|present| present.at <= evidence.at)
    }

    /// Takes the statement of `evidence` as the present state, unless a later one stands.
    pub fn record(&mut self, evidence: &ConsentEvidence) {
        if !self.is_moved_by(evidence) {
            return;
        }
        let consent = Consent {
            state: evidence.state,
            at: evidence.at,
            evidence: evidence.id,
            version: evidence.version.clone(),
        };
        self.0.insert(evidence.purpose, consent);
    }

    /// Whether a grant for `purpose` may come from a form that nobody has signed in to. Once
    /// withdrawn, a consent returns only by double opt-in: anybody can type an address.
    pub fn open_to_grant(&self, purpose: ConsentPurpose) -> bool {
        self.get(purpose).is_none()
    }
}
impl FromIterator<(ConsentPurpose, Consent)> for Consents {
    fn from_iter<I: IntoIterator<Item = (ConsentPurpose, Consent)>>(said: I) -> Self {
        Self(said.into_iter().collect())
    }
}
