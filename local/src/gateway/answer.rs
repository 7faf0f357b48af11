//! A function's answer as HTTP, and the answers that API Gateway gives by itself.

use axum::body::Body;
use data_encoding::BASE64;
use http::header::{CONTENT_TYPE, SET_COOKIE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::function::InvokeError;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: serde_json::Map<String, Value>,
    #[serde(default)]
    cookies: Vec<String>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// What the function answered; where it failed, 500 as API Gateway says it, and 503 where it was lost.
pub(super) fn from_function(answer: Result<Value, InvokeError>) -> Response<Body> {
    if let Err(InvokeError::Lost { function }) = answer {
        tracing::error!(function, "an invocation was lost");
        return message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
    }
    let answer = answer
        .map_err(|error| error.to_string())
        .and_then(|answer| serde_json::from_value(answer).map_err(|error| error.to_string()).and_then(read));
    answer.unwrap_or_else(|error| {
        tracing::error!(error, "an invocation failed");
        message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    })
}

fn read(answer: Answer) -> Result<Response<Body>, String> {
    let text = answer.body.unwrap_or_default();
    let body = if answer.is_base64_encoded {
        BASE64.decode(text.as_bytes()).map_err(|error| error.to_string())?
    } else {
        text.into_bytes()
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(answer.status_code).map_err(|error| error.to_string())?;
    for (name, value) in &answer.headers {
        let name: HeaderName = name.parse().map_err(|_| "a header's name can't be sent".to_owned())?;
        let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
        response.headers_mut().append(name, value.ok_or("a header's value can't be sent")?);
    }
    for cookie in answer.cookies {
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| "a cookie can't be sent".to_owned())?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The gateway's own answer: `{"message":"…"}`.
pub(super) fn message(status: StatusCode, text: &str) -> Response<Body> {
    json_answer(status, "application/json", &json!({ "message": text }))
}

/// A problem (RFC 9457).
pub(super) fn problem(status: StatusCode, kind: &str, title: &str, detail: &str) -> Response<Body> {
    let body = json!({ "type": kind, "title": title, "status": status.as_u16(), "detail": detail });
    json_answer(status, "application/problem+json", &body)
}

pub(super) fn json_answer(status: StatusCode, media_type: &'static str, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn cookies_headers_and_binary_bodies_come_through() {
        let response = from_function(Ok(json!({
            "statusCode": 201, "headers": { "location": "/v1/x" }, "multiValueHeaders": {},
            "cookies": ["a=1", "b=2"], "body": BASE64.encode(b"\xff\x00"), "isBase64Encoded": true,
        })));
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["location"], "/v1/x");
        assert_eq!(response.headers().get_all(SET_COOKIE).iter().count(), 2);
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), &b"\xff\x00"[..]);
    }

    #[test]
    fn what_is_no_answer_is_a_500() {
        for answer in [Ok(json!({})), Ok(json!({ "statusCode": 99999 })), Err(InvokeError::Panicked { function: "f" })]
        {
            assert_eq!(from_function(answer).status(), 500);
        }
        assert_eq!(from_function(Err(InvokeError::Lost { function: "f" })).status(), 503);
    }
}
