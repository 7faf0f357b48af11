//! What a form sent, kept as sent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CustomerId, FormId, Language, Line, PageAddress, SubmissionId};

/// One submission of a form. Fields keep the names and the order of values they came with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The submission: the visitor's receipt.
    pub id: SubmissionId,
    /// The form.
    pub form: FormId,
    /// Whom it was added to.
    pub customer: CustomerId,
    /// Every field, as sent.
    pub fields: BTreeMap<String, Vec<String>>,
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
}

impl std::fmt::Debug for Submission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Submission({}, {} fields)", self.id, self.fields.len())
    }
}
