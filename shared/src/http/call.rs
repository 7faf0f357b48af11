//! One request: when it came, from where, in which language.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use jiff::Timestamp;
use lambda_http::request::RequestContext;

use super::Problem;
use crate::Entropy;
use crate::domain::{Actor, AuditAction, AuditEntry, AuditId, Language, Line, Locale};

/// What a handler knows of its request beside the input. The time is frozen: everything that one
/// request writes carries the same instant.
#[derive(Debug, Clone)]
pub struct Call {
    /// When the request came.
    pub now: Timestamp,
    /// The id that a caller quotes when something went wrong.
    pub request_id: String,
    /// The network address it came from, as API Gateway saw it: a header could be forged.
    pub source_ip: Option<Line<45>>,
    /// The language of the caller's browser or program, if it named one.
    pub language: Option<Language>,
    /// What we answer in.
    pub locale: Locale,
}

impl Call {
    pub(super) fn of(parts: &Parts, now: Timestamp) -> Self {
        let accepted = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let (request_id, source_ip) = match parts.extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => (context.request_id.clone(), context.http.source_ip.clone()),
            _ => (None, None),
        };
        Self {
            now,
            request_id: request_id.unwrap_or_default(),
            source_ip: source_ip.and_then(|ip| ip.parse().ok()),
            language: accepted.and_then(Language::preferred),
            locale: Locale::negotiate(accepted),
        }
    }
}

impl Call {
    /// The audit entry of what `actor` does with this request.
    pub fn audit(&self, entropy: &Entropy, actor: Actor, action: AuditAction, records: Vec<String>) -> AuditEntry {
        let id = AuditId::new(entropy.ulid(self.now));
        AuditEntry { id, at: self.now, actor, action, records, source_ip: self.source_ip.clone() }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::internal("a route outside the boundary"))
    }
}
