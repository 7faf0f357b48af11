//! Problems (RFC 9457): one error type for every answer that is not the one asked for.
//!
//! A handler says what is wrong; the boundary writes it, in the caller's language, with the
//! request's id. What went wrong inside never leaves: it is logged once, at the boundary.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Call;
use super::fields::FieldError;
use crate::domain::Locale;
use crate::{Error, wording};

/// What is wrong. Each has a stable type, a status, and a sentence per language
/// (`problem-<name>` in `pages.ftl`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The body is not of the announced form.
    Malformed,
    /// Fields have invalid values.
    Invalid,
    /// A form without an answer.
    EmptySubmission,
    /// Nobody is signed in.
    Unauthenticated,
    /// The caller's role may not do this.
    Forbidden,
    /// There is no such thing, or it belongs to another shop.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// The e-mail address belongs to another customer.
    DuplicateCustomer,
    /// Another group has the name.
    DuplicateGroup,
    /// The shop has as many forms as it may.
    TooManyForms,
    /// The shop has no words that ask for this consent.
    NoConsentText,
    /// The shop has its settings already.
    SettingsExist,
    /// The customer was merged into another.
    Merged,
    /// The merge can't be undone any more.
    NotUndoable,
    /// A job is at work on the customer.
    JobRunning,
    /// The magic link opens no more.
    LinkClosed,
    /// The upload that this request announced is attached already, or can't be any more.
    UploadOver,
    /// The shop does not serve the customer.
    CustomerBlocked,
    /// The customer's address takes no mail.
    Undeliverable,
    /// The e-mail makes no sense once more.
    NotResendable,
    /// The export is at its end already.
    ExportEnded,
    /// A file of that form can't have as many rows.
    TooManyRows,
    /// The order is in a state from which that is not done.
    OrderState,
    /// The record was changed since it was read.
    Stale,
    /// The body is larger than the route takes.
    TooLarge,
    /// The body is of a form the route does not read.
    UnsupportedMediaType,
    /// The same `Idempotency-Key` came with another request.
    IdempotencyMismatch,
    /// A change needs `If-Match`.
    PreconditionRequired,
    /// Too many requests.
    TooManyRequests,
    /// As many of these mails as an address gets in a day.
    EnoughMails,
    /// Something failed inside.
    Internal,
    /// The store can't answer now.
    Unavailable,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [Self; 32] = [
        Self::Malformed,
        Self::Invalid,
        Self::EmptySubmission,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::DuplicateCustomer,
        Self::DuplicateGroup,
        Self::TooManyForms,
        Self::NoConsentText,
        Self::SettingsExist,
        Self::Merged,
        Self::NotUndoable,
        Self::JobRunning,
        Self::LinkClosed,
        Self::UploadOver,
        Self::CustomerBlocked,
        Self::Undeliverable,
        Self::NotResendable,
        Self::ExportEnded,
        Self::TooManyRows,
        Self::OrderState,
        Self::Stale,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::IdempotencyMismatch,
        Self::PreconditionRequired,
        Self::TooManyRequests,
        Self::EnoughMails,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Invalid => "invalid",
            Self::EmptySubmission => "empty-submission",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::DuplicateCustomer => "duplicate-customer",
            Self::DuplicateGroup => "duplicate-group",
            Self::TooManyForms => "too-many-forms",
            Self::NoConsentText => "no-consent-text",
            Self::SettingsExist => "settings-exist",
            Self::Merged => "merged",
            Self::NotUndoable => "not-undoable",
            Self::JobRunning => "job-running",
            Self::LinkClosed => "link-closed",
            Self::UploadOver => "upload-over",
            Self::CustomerBlocked => "customer-blocked",
            Self::Undeliverable => "undeliverable",
            Self::NotResendable => "not-resendable",
            Self::ExportEnded => "export-ended",
            Self::TooManyRows => "too-many-rows",
            Self::OrderState => "order-state",
            Self::Stale => "stale",
            Self::TooLarge => "too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::IdempotencyMismatch => "idempotency-mismatch",
            Self::PreconditionRequired => "precondition-required",
            Self::TooManyRequests => "too-many-requests",
            Self::EnoughMails => "enough-mails",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
        }
    }

    /// The status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Malformed | Self::EmptySubmission => StatusCode::BAD_REQUEST,
            Self::Invalid | Self::IdempotencyMismatch | Self::TooManyRows => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::DuplicateCustomer
            | Self::DuplicateGroup
            | Self::TooManyForms
            | Self::NoConsentText
            | Self::SettingsExist
            | Self::Merged
            | Self::NotUndoable
            | Self::JobRunning
            | Self::LinkClosed
            | Self::UploadOver
            | Self::CustomerBlocked
            | Self::Undeliverable
            | Self::NotResendable
            | Self::ExportEnded
            | Self::OrderState => StatusCode::CONFLICT,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::TooManyRequests | Self::EnoughMails => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// An answer that says what is wrong and what to do.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: ProblemKind,
    errors: Vec<FieldError>,
    members: Vec<(&'static str, Value)>,
    words: Option<(&'static str, Vec<(&'static str, String)>)>,
    retry_after: u64,
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Problem {
    /// A problem of `kind`.
    pub fn new(kind: ProblemKind) -> Self {
        Self { kind, errors: Vec::new(), members: Vec::new(), words: None, retry_after: 1, cause: None }
    }

    /// There is no such thing; what belongs to another shop answers the same.
    pub fn not_found() -> Self {
        Self::new(ProblemKind::NotFound)
    }

    /// Fields have invalid values: all of them, named.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(ProblemKind::Invalid) }
    }

    /// Too many requests: there is room for one again after `wait`.
    pub fn too_many(wait: SignedDuration) -> Self {
        Self::until(ProblemKind::TooManyRequests, wait)
    }

    /// Enough was mailed to an address: there is room for more after `wait`.
    pub fn enough_mails(wait: SignedDuration) -> Self {
        Self::until(ProblemKind::EnoughMails, wait)
    }

    fn until(kind: ProblemKind, wait: SignedDuration) -> Self {
        let seconds = wait.as_millis().max(1).unsigned_abs().div_ceil(1000);
        Self { retry_after: u64::try_from(seconds).unwrap_or(u64::MAX), ..Self::new(kind) }
    }

    /// Something that can't happen did.
    pub fn internal(what: &'static str) -> Self {
        Error::Impossible(what).into()
    }

    /// Adds a member to the answer, for programs.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// With another sentence than its kind's, and what that names.
    #[must_use]
    pub fn in_words(self, key: &'static str, values: Vec<(&'static str, String)>) -> Self {
        Self { words: Some((key, values)), ..self }
    }

    /// What is wrong.
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// The fields that are wrong.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// After how many seconds to try again, where that may help.
    pub fn retry_after(&self) -> Option<u64> {
        let passes = [ProblemKind::Unavailable, ProblemKind::TooManyRequests, ProblemKind::EnoughMails];
        passes.contains(&self.kind).then_some(self.retry_after)
    }

    pub(super) fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    /// One sentence on what is wrong.
    pub fn detail(&self, locale: Locale) -> String {
        let Some((key, values)) = &self.words else {
            return wording::say(locale, &format!("problem-{}", self.kind.name()), &[]);
        };
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, &**value)).collect();
        wording::say(locale, key, &values)
    }

    pub(super) fn write(&self, call: &Call) -> Response {
        let status = self.kind.status();
        let mut body = json!({
            "type": format!("urn:clientele:problem:{}", self.kind.name()),
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": self.detail(call.locale),
        });
        if !self.errors.is_empty() {
            body["errors"] = self.errors.iter().map(|error| error.to_json(call.locale)).collect();
        }
        if status.is_server_error() {
            body["request_id"] = call.request_id.clone().into();
        }
        for (name, value) in &self.members {
            body[*name] = value.clone();
        }
        let mut response = (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let kind = if error.retryable() { ProblemKind::Unavailable } else { ProblemKind::Internal };
        Self { cause: Some(Arc::new(error)), ..Self::new(kind) }
    }
}

/// The problem travels to the boundary beside an empty answer, since only the boundary knows the
/// caller's language.
impl Problem {
    /// `response`, which shows this problem in its own way: what went wrong inside is logged all the
    /// same.
    pub fn shown_by(self, mut response: Response) -> Response {
        response.extensions_mut().insert(Shown(self));
        response
    }
}

/// A problem that its response shows in its own way.
#[derive(Debug, Clone)]
pub(super) struct Shown(pub(super) Problem);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
