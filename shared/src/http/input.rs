//! What a request brings: its JSON body, its query, the ids in its path.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::schema::{Continuation, Limit};
use super::{Cursor, FieldError, Fields, Problem, ProblemKind, Staff};
use crate::domain::{Earlier, Invalid, Outcome, RequestKey};

/// The JSON object in a request's body, and whether the request may be repeated.
#[derive(Debug)]
pub struct Input {
    /// Its fields.
    pub fields: Fields,
    /// Set where the caller sent an `Idempotency-Key`.
    pub key: Option<RequestKey>,
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
        let key = match staff {
            Some(staff) => request_key(&staff, &headers, &target, &body)?,
            None => None,
        };
        Ok(Self { fields: Fields::new(object), key })
    }
}

fn request_key(staff: &Staff, headers: &HeaderMap, target: &str, body: &[u8]) -> Result<Option<RequestKey>, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = key.to_str().ok().filter(|key| (1..=RequestKey::MAX).contains(&key.len()));
    let key = key.ok_or_else(|| Problem::new(ProblemKind::Malformed))?;
    Ok(Some(RequestKey::new(staff.subject.expose(), key, target, body)))
}

/// What the same request did earlier, if it came before.
///
/// # Errors
/// A problem when the key came before with another request.
pub fn first_outcome(earlier: Option<Earlier>) -> Result<Option<Outcome>, Problem> {
    match earlier {
        None => Ok(None),
        Some(Earlier::Same(outcome)) => Ok(Some(outcome)),
        Some(Earlier::Other) => Err(Problem::new(ProblemKind::IdempotencyMismatch)),
    }
}

/// The query of a request: each parameter once, as text.
#[derive(Debug)]
pub struct Query(pub Fields);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self::parse(parts.uri.query().unwrap_or("")))
    }
}

impl Query {
    /// How many items a page has unless the caller says otherwise.
    pub const DEFAULT_LIMIT: u32 = 25;
    /// The most items of a page.
    pub const MAX_LIMIT: u32 = 100;

    /// The query of an address, without its question mark.
    pub fn parse(query: &str) -> Self {
        let mut object = Map::new();
        let mut twice = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if object.insert(name.to_string(), Value::String(value.into())).is_some() {
                twice.push(name);
            }
        }
        // Reported when the reading ends: a public page, which doesn't, takes any address.
        let mut fields = Fields::new(object);
        for name in twice {
            fields.reject::<()>(&name, Invalid::TooMany { max: 1 });
        }
        Self(fields)
    }

    /// Reads `limit`.
    pub fn limit(&mut self) -> u32 {
        let max = i64::from(Self::MAX_LIMIT);
        let read = |value: &Value| match value.as_str().map(str::parse::<u32>) {
            Some(Ok(limit)) if (1..=Self::MAX_LIMIT).contains(&limit) => Ok(limit),
            _ => Err(Invalid::OutOfRange { min: 1, max }),
        };
        self.0.optional("limit", |value| read(value).map(Limit)).map_or(Self::DEFAULT_LIMIT, |limit| limit.0)
    }

    /// Reads `cursor`: where the list of `cursors` goes on. One of another list, of another shop or
    /// of nobody's making is refused.
    pub fn cursor<P: DeserializeOwned>(&mut self, cursors: &Cursor<'_>) -> Option<P> {
        let read = |value: &Value| value.as_str().and_then(|text| cursors.open(text)).ok_or(Invalid::Choice);
        self.0.optional("cursor", |value| read(value).map(Continuation)).map(|continuation| continuation.0)
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

/// Two ids in a path, the second of something that belongs to the first.
#[derive(Debug, Clone, Copy)]
pub struct PathIds<A, B>(pub A, pub B);

impl<S: Send + Sync, A: FromStr, B: FromStr> FromRequestParts<S> for PathIds<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let texts: Path<(String, String)> =
            Path::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        match (texts.0.0.parse(), texts.0.1.parse()) {
            (Ok(first), Ok(second)) => Ok(Self(first, second)),
            _ => Err(Problem::not_found()),
        }
    }
}
