//! What a form sent, kept as sent.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{CustomerId, EmailAddress, FormId, Language, Line, PageAddress, ShopId, SubmissionId};

/// Fields under the names and with the values they were sent with, in the order of the values.
pub type SentFields = BTreeMap<String, Vec<String>>;

/// One submission of a form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The submission: the visitor's receipt.
    pub id: SubmissionId,
    /// The form.
    pub form: FormId,
    /// Whom it was added to.
    pub customer: CustomerId,
    /// Every field, as sent.
    pub fields: SentFields,
    /// The page it was sent from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageAddress>,
    /// The visitor's language.
    pub language: Language,
    /// The network address it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<Line<45>>,
    /// When.
    pub at: Timestamp,
}

impl Submission {
    /// The most fields of one submission.
    pub const MAX_FIELDS: usize = 100;
    /// How much of what it says stands in lists, in characters.
    pub const PREVIEW: usize = 140;
}

impl std::fmt::Debug for Submission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Submission({}, {} fields)", self.id, self.fields.len())
    }
}

/// Whether a submission is a customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// It was added to a customer.
    Received,
    /// It is suspected, and nobody's.
    Quarantined,
}

impl SubmissionState {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Quarantined => "quarantined",
        }
    }
}

/// Why a submission is suspected to be junk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// The field that people don't see was filled in.
    Honeypot,
    /// It came sooner after the page than anybody types.
    TooFast,
    /// It says when its page was opened, and we did not write that.
    ForgedStamp,
    /// More web addresses than a message has.
    Links,
    /// Markup of pages or of boards.
    Markup,
    /// The address is of a provider of throw-away addresses.
    DisposableAddress,
    /// More than the form takes in a minute.
    Flood,
}

impl Suspicion {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Honeypot => "honeypot",
            Self::TooFast => "too_fast",
            Self::ForgedStamp => "forged_stamp",
            Self::Links => "links",
            Self::Markup => "markup",
            Self::DisposableAddress => "disposable_address",
            Self::Flood => "flood",
        }
    }
}

/// A suspected submission: nobody's until somebody of the shop says that it is honest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The submission: the visitor's receipt.
    pub id: SubmissionId,
    /// The shop whose form it is.
    pub shop: ShopId,
    /// The form.
    pub form: FormId,
    /// Why.
    pub suspicion: Suspicion,
    /// The address it is from.
    pub email: EmailAddress,
    /// Every field, as sent.
    pub fields: SentFields,
    /// The page it was sent from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageAddress>,
    /// The language the visitor's browser asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The network address it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<Line<45>>,
    /// When.
    pub at: Timestamp,
    /// From when it is gone for good.
    pub expires_at: Timestamp,
}

impl Quarantined {
    /// How long it can be restored.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
}

impl std::fmt::Debug for Quarantined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Quarantined({}, {})", self.id, self.suspicion.name())
    }
}

/// Where a receipt leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Receipt {
    /// To what was added to a customer.
    Received {
        /// Whom it was added to then; that record may have been merged since.
        customer: CustomerId,
    },
    /// To what is suspected.
    Quarantined(Box<Quarantined>),
}
