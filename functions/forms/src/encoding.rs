//! The three ways a page sends a form, read into one shape.
//!
//! Nothing that a person can have typed is refused here: text that is no UTF-8 is read as what
//! older pages send, and repeated names become lists in all three.

use std::fmt;

use axum::body::Bytes;
use encoding_rs::WINDOWS_1252;
use percent_encoding::percent_decode;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use shared::domain::{Invalid, SentFields, Submission};
use shared::http::{FieldError, Problem, ProblemKind};

/// The longest field name, in characters.
const MAX_NAME: usize = 100;

/// Reads `body` as what `content_type` says it is.
///
/// # Errors
/// A problem for another encoding, a damaged body, files, more fields than are kept.
pub async fn decode(content_type: &str, body: Bytes) -> Result<SentFields, Problem> {
    let media_type = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let mut sent = SentFields::new();
    match media_type.as_str() {
        "application/x-www-form-urlencoded" => urlencoded(&body, &mut sent),
        "multipart/form-data" => multipart(content_type, body, &mut sent).await?,
        "application/json" => json(&body, &mut sent)?,
        _ => return Err(Problem::new(ProblemKind::UnsupportedMediaType)),
    }
    // The table has no name for a field without one.
    if let Some(unnamed) = sent.remove("") {
        sent.entry("unnamed".to_owned()).or_default().extend(unnamed);
    }
    let values: usize = sent.values().map(Vec::len).sum();
    if values > Submission::MAX_FIELDS {
        let max = Submission::MAX_FIELDS;
        return Err(Problem::invalid(vec![FieldError::new("", Invalid::TooMany { max })]));
    }
    let long = sent.keys().filter(|name| name.chars().count() > MAX_NAME);
    let long: Vec<FieldError> = long.map(|name| too_long(name)).collect();
    if long.is_empty() { Ok(sent) } else { Err(Problem::invalid(long)) }
}

fn too_long(name: &str) -> FieldError {
    let start: String = name.chars().take(20).collect();
    FieldError::named(&format!("{start}…"), Invalid::TooLong { max: MAX_NAME })
}

/// Text as it was typed: UTF-8, or Windows-1252, which pages that don't say what they are written
/// in are read and sent as. Every byte means something in that one.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

fn urlencoded(body: &[u8], sent: &mut SentFields) {
    let decoded = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        text(&percent_decode(&spaced).collect::<Vec<u8>>())
    };
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let value = pair.get(end + 1..).unwrap_or_default();
        sent.entry(decoded(&pair[..end])).or_default().push(decoded(value));
    }
}

async fn multipart(content_type: &str, body: Bytes, sent: &mut SentFields) -> Result<(), Problem> {
    let malformed = |_| Problem::new(ProblemKind::Malformed);
    let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
    let whole = async move { Ok::<_, std::convert::Infallible>(body) };
    let mut parts = multer::Multipart::new(futures::stream::once(whole), boundary);
    let mut files = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        let name = part.name().unwrap_or("").to_owned();
        // An empty file field is what a browser sends for a file that nobody chose.
        let is_file = part.file_name().is_some_and(|file| !file.is_empty());
        let value = part.bytes().await.map_err(malformed)?;
        if is_file {
            files.push(FieldError::named(&name, Invalid::File));
        } else {
            sent.entry(name).or_default().push(text(&value));
        }
    }
    if files.is_empty() { Ok(()) } else { Err(Problem::invalid(files)) }
}

fn json(body: &[u8], sent: &mut SentFields) -> Result<(), Problem> {
    let Members(members) = serde_json::from_slice(body).map_err(|error| {
        // JSON, but no object.
        let other = || Problem::invalid(vec![FieldError::new("", Invalid::WrongType)]);
        if error.is_data() { other() } else { Problem::new(ProblemKind::Malformed) }
    })?;
    let mut nested = Vec::new();
    for (name, value) in members {
        let values = match value {
            Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                Value::Bool(true) => "on".to_owned(),
                Value::Bool(false) => "off".to_owned(),
                Value::Number(number) => number.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    nested.push(FieldError::named(&name, Invalid::WrongType));
                    continue;
                }
            };
            sent.entry(name.clone()).or_default().push(text);
        }
    }
    if nested.is_empty() { Ok(()) } else { Err(Problem::invalid(nested)) }
}

/// The members of a JSON object as they stand, those of one name all of them.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}

#[cfg(test)]
mod tests;
