//! What a page of ours posted.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use shared::http::{Problem, ProblemKind};

/// The fields of a form of ours, each once; whatever else is in the body is nobody's business.
pub struct Posted(BTreeMap<String, String>);

impl Posted {
    /// Reads a body.
    ///
    /// # Errors
    /// A problem where it is too large.
    pub fn read(body: Result<Bytes, BytesRejection>) -> Result<Self, Problem> {
        let body = body.map_err(|_| Problem::new(ProblemKind::TooLarge))?;
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(&body) {
            fields.entry(name.into()).or_insert_with(|| value.into());
        }
        Ok(Self(fields))
    }

    /// What was typed or chosen; nothing where the field is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }
}
