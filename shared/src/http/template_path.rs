//! The kind of mail and the language that a path names.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::Problem;
use crate::domain::{Locale, MessageKind};

/// A kind of mail in a language. Where there is no such thing, the answer names what there is.
#[derive(Debug, Clone, Copy)]
pub struct PathTemplate(pub MessageKind, pub Locale);

impl<S: Send + Sync> FromRequestParts<S> for PathTemplate {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let texts: Path<(String, String)> = Path::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        match (texts.0.0.parse(), texts.0.1.parse()) {
            (Ok(kind), Ok(language)) => Ok(Self(kind, language)),
            _ => Err(unknown()),
        }
    }
}

fn unknown() -> Problem {
    let kinds = MessageKind::ALL.map(MessageKind::name).join(", ");
    let languages = Locale::ALL.map(Locale::tag).join(", ");
    Problem::not_found().in_words("problem-no-such-template", vec![("kinds", kinds), ("languages", languages)])
}
