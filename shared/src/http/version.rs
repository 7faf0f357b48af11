//! Versions of records: `ETag` and `If-Match` (RFC 9110).

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::{Problem, ProblemKind};

/// The header that names the version of what is answered.
pub fn etag(version: u64) -> (HeaderName, String) {
    (ETAG, format!("\"{version}\""))
}

/// The answer to a creation: 201, where it is, and what it is.
pub fn created(location: String, version: u64, body: &impl Serialize) -> Response {
    (StatusCode::CREATED, [(LOCATION, location), etag(version)], axum::Json(body)).into_response()
}

/// The versions a change is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Vec<String>);

impl IfMatch {
    /// Whether `version` is one of them.
    pub fn matches(&self, version: u64) -> bool {
        self.0.iter().any(|tag| tag == "*" || *tag == format!("\"{version}\""))
    }
}

/// Required: a change without it is 428.
impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let values = parts.headers.get_all(IF_MATCH).iter().filter_map(|value| value.to_str().ok());
        let tags: Vec<String> = values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect();
        if tags.is_empty() { Err(Problem::new(ProblemKind::PreconditionRequired)) } else { Ok(Self(tags)) }
    }
}
