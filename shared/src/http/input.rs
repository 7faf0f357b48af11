//! What a request brings: its JSON body, its query, the ids in its path.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde_json::{Map, Value};

use super::{FieldError, Fields, Problem, ProblemKind, Repeatable, Staff};
use crate::domain::Invalid;

/// The JSON object in a request's body, and whether the request may be repeated.
#[derive(Debug)]
pub struct Input {
    /// Its fields.
    pub fields: Fields,
    /// Set where the caller sent an `Idempotency-Key`.
    pub repeatable: Option<Repeatable>,
}

impl<S: Send + Sync> FromRequest<S> for Input {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let media_type = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        let json = media_type == "application/json" || media_type == "application/merge-patch+json";
        if !json {
            return Err(Problem::new(ProblemKind::UnsupportedMediaType));
        }
        let staff = request.extensions().get::<Staff>().cloned();
        let headers = request.headers().clone();
        let target = format!("{} {}", request.method(), request.uri().path());
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            Problem::new(if too_large { ProblemKind::TooLarge } else { ProblemKind::Malformed })
        })?;
        let value: Value = serde_json::from_slice(&body).map_err(|_| Problem::new(ProblemKind::Malformed))?;
        let Value::Object(object) = value else {
            return Err(Problem::invalid(vec![FieldError::new("", Invalid::WrongType)]));
        };
        let repeatable = match staff {
            Some(staff) => Repeatable::of(&staff, &headers, &target, &body)?,
            None => None,
        };
        Ok(Self { fields: Fields::new(object), repeatable })
    }
}

/// The query of a request: each parameter once, as text.
#[derive(Debug)]
pub struct Query(pub Fields);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut object = Map::new();
        for (name, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()) {
            if object.insert(name.to_string(), Value::String(value.into())).is_some() {
                return Err(Problem::invalid(vec![FieldError::new(format!("/{name}"), Invalid::TooMany { max: 1 })]));
            }
        }
        Ok(Self(Fields::new(object)))
    }
}

impl Query {
    /// How many items a page has unless the caller says otherwise.
    pub const DEFAULT_LIMIT: u32 = 25;
    /// The most items of a page.
    pub const MAX_LIMIT: u32 = 100;

    /// Reads `limit`.
    pub fn limit(&mut self) -> u32 {
        let max = i64::from(Self::MAX_LIMIT);
        let read = |value: &Value| match value.as_str().map(str::parse::<u32>) {
            Some(Ok(limit)) if (1..=Self::MAX_LIMIT).contains(&limit) => Ok(limit),
            _ => Err(Invalid::OutOfRange { min: 1, max }),
        };
        self.0.optional("limit", read).unwrap_or(Self::DEFAULT_LIMIT)
    }
}

/// An id in a path. What is no id answers as what does not exist.
#[derive(Debug, Clone, Copy)]
pub struct PathId<T>(pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text: Path<String> = Path::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}
