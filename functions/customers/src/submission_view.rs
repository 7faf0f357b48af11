//! What forms sent, as the API shows it.

use jiff::Timestamp;
use serde::Serialize;
use shared::domain::{
    CustomerId, EmailAddress, FormId, Language, Line, SentFields, Submission, SubmissionId, SubmissionState, Suspicion,
};
use shared::table::{Sent, SubmissionCard};
use utoipa::ToSchema;

/// A submission in a list.
#[derive(Serialize, ToSchema)]
pub struct SubmissionCardView {
    id: SubmissionId,
    at: Timestamp,
    state: SubmissionState,
    /// Whom it was added to; nobody while it is suspected.
    customer: Option<CustomerId>,
    suspicion: Option<Suspicion>,
    email: EmailAddress,
    /// The beginning of what it says.
    preview: Option<Line<{ Submission::PREVIEW }>>,
    /// From when it is gone, of what is suspected.
    expires_at: Option<Timestamp>,
}

impl From<SubmissionCard> for SubmissionCardView {
    fn from(card: SubmissionCard) -> Self {
        let SubmissionCard { id, at, customer, suspicion, email, preview, expires_at } = card;
        let state = if customer.is_some() { SubmissionState::Received } else { SubmissionState::Quarantined };
        Self { id, at, state, customer, suspicion, email, preview, expires_at }
    }
}

/// A submission, with everything as it was sent.
#[derive(Serialize, ToSchema)]
pub struct SubmissionView {
    id: SubmissionId,
    at: Timestamp,
    form: FormId,
    state: SubmissionState,
    /// Whom it was added to, or who stands for them since a merge; nobody while it is suspected.
    customer: Option<CustomerId>,
    suspicion: Option<Suspicion>,
    /// Every field under the name and with the values it was sent with.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<String>>)]
    fields: SentFields,
    /// The page it was sent from.
    page: Option<String>,
    /// The visitor's language.
    language: Option<Language>,
    /// From when it is gone, of what is suspected.
    expires_at: Option<Timestamp>,
}

impl From<Sent> for SubmissionView {
    fn from(sent: Sent) -> Self {
        match sent {
            Sent::Received { submission, customer } => Self {
                id: submission.id,
                at: submission.at,
                form: submission.form,
                state: SubmissionState::Received,
                customer: Some(customer),
                suspicion: None,
                fields: submission.fields,
                page: submission.page.map(String::from),
                language: Some(submission.language),
                expires_at: None,
            },
            Sent::Quarantined(suspected) => Self {
                id: suspected.id,
                at: suspected.at,
                form: suspected.form,
                state: SubmissionState::Quarantined,
                customer: None,
                suspicion: Some(suspected.suspicion),
                fields: suspected.fields,
                page: suspected.page.map(String::from),
                language: suspected.language,
                expires_at: Some(suspected.expires_at),
            },
        }
    }
}
