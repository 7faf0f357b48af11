//! The three ways a page sends a form, read into one shape.

use axum::body::Bytes;
use serde_json::Value;
use shared::domain::{Invalid, SentFields, Submission};
use shared::http::{FieldError, Problem, ProblemKind};

/// The longest field name, in characters.
const MAX_NAME: usize = 100;

/// Reads `body` as what `content_type` says it is.
///
/// # Errors
/// A problem for another encoding, a damaged body, a file, or no fields at all.
pub async fn decode(content_type: &str, body: Bytes) -> Result<SentFields, Problem> {
    let media_type = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let mut sent = SentFields::new();
    match media_type.as_str() {
        "application/x-www-form-urlencoded" => {
            for (name, value) in url::form_urlencoded::parse(&body) {
                sent.entry(name.into()).or_default().push(value.into());
            }
        }
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
    if let Some(name) = sent.keys().find(|name| name.chars().count() > MAX_NAME) {
        let start: String = name.chars().take(20).collect();
        return Err(Problem::invalid(vec![FieldError::new(format!("/{start}…"), Invalid::TooLong { max: MAX_NAME })]));
    }
    if sent.values().flatten().all(|value| value.trim().is_empty()) {
        return Err(Problem::invalid(vec![FieldError::new("", Invalid::Empty)]));
    }
    Ok(sent)
}

async fn multipart(content_type: &str, body: Bytes, sent: &mut SentFields) -> Result<(), Problem> {
    let malformed = |_| Problem::new(ProblemKind::Malformed);
    let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
    let whole = async move { Ok::<_, std::convert::Infallible>(body) };
    let mut parts = multer::Multipart::new(futures::stream::once(whole), boundary);
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        let name = part.name().unwrap_or("").to_owned();
        // An empty file field is what a browser sends for a file that nobody chose.
        let is_file = part.file_name().is_some_and(|file| !file.is_empty());
        if is_file {
            return Err(Problem::invalid(vec![FieldError::new(format!("/{name}"), Invalid::WrongType)]));
        }
        let value = part.text().await.map_err(malformed)?;
        sent.entry(name).or_default().push(value);
    }
    Ok(())
}

fn json(body: &[u8], sent: &mut SentFields) -> Result<(), Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|_| Problem::new(ProblemKind::Malformed))?;
    let Value::Object(object) = value else {
        return Err(Problem::invalid(vec![FieldError::new("", Invalid::WrongType)]));
    };
    for (name, value) in object {
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
                    return Err(Problem::invalid(vec![FieldError::new(format!("/{name}"), Invalid::WrongType)]));
                }
            };
            sent.entry(name.clone()).or_default().push(text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn decoded(content_type: &str, body: &str) -> Result<Vec<(String, Vec<String>)>, ProblemKind> {
        let sent = decode(content_type, Bytes::from(body.to_owned())).await;
        sent.map(|sent| sent.into_iter().collect()).map_err(|problem| problem.kind())
    }

    fn pair(name: &str, values: &[&str]) -> (String, Vec<String>) {
        (name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[tokio::test]
    async fn three_encodings_are_one_form() {
        let expected = Ok(vec![pair("a", &["1", "2"]), pair("name", &["Zoé Dupont"])]);
        let urlencoded =
            decoded("application/x-www-form-urlencoded; charset=utf-8", "name=Zo%C3%A9+Dupont&a=1&a=2").await;
        assert_eq!(urlencoded, expected);
        assert_eq!(decoded("application/json", r#"{"name":"Zoé Dupont","a":[1,"2"],"b":null}"#).await, expected);
        let part = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = format!("{}{}{}--x--\r\n", part("name", "Zoé Dupont"), part("a", "1"), part("a", "2"));
        assert_eq!(decoded("multipart/form-data; boundary=x", &body).await, expected);
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
        let json = "application/json";
        for (content_type, body, kind) in [
            ("text/plain", "a=1", ProblemKind::UnsupportedMediaType),
            ("", "a=1", ProblemKind::UnsupportedMediaType),
            (json, "{", ProblemKind::Malformed),
            (json, "[]", ProblemKind::Invalid),
            (json, r#"{"a":{}}"#, ProblemKind::Invalid),
            (json, r#"{"a":"\ud800"}"#, ProblemKind::Malformed),
            (json, "{}", ProblemKind::Invalid),
            ("application/x-www-form-urlencoded", "", ProblemKind::Invalid),
            ("application/x-www-form-urlencoded", "a=+&b=", ProblemKind::Invalid),
            ("multipart/form-data", "", ProblemKind::Malformed),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disp", ProblemKind::Malformed),
        ] {
            assert_eq!(decoded(content_type, body).await, Err(kind), "{content_type} {body}");
        }
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        assert_eq!(decoded(json, &deep).await, Err(ProblemKind::Malformed));
        let file = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n";
        assert_eq!(decoded("multipart/form-data; boundary=x", file).await, Err(ProblemKind::Invalid));
        let many = vec!["a=1"; 101].join("&");
        assert_eq!(decoded("application/x-www-form-urlencoded", &many).await, Err(ProblemKind::Invalid));
    }
}
