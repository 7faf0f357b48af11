//! What the headers of a request say.

use axum::http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_TYPE, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use shared::domain::{Form, Locale, Settings};
use shared::http::Call;

/// The value of a header that is text.
pub fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a script asks: it says so, or sends what no page can send by itself. A script could not
/// follow the redirection to a page of another origin.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = header(headers, &ACCEPT).unwrap_or("");
    let sends_json = header(headers, &CONTENT_TYPE).is_some_and(|sent| sent.starts_with("application/json"));
    !accept.contains("text/html") && (accept.contains("application/json") || sends_json)
}

/// Lets a script on an allowed page read the answer (CORS).
pub fn readable_from(form: &Form, headers: &HeaderMap, mut response: Response) -> Response {
    let allowed = header(headers, &ORIGIN).and_then(|origin| form.allowed_origin(origin));
    if let Some(value) = allowed.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
    response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    response.headers_mut().insert(VARY, HeaderValue::from_static("Origin"));
    response
}

/// What a visitor reads: what the browser asks for, else what the shop writes.
pub fn locale_of(call: &Call, settings: &Settings) -> Locale {
    call.language.as_ref().map_or_else(|| settings.locale(&settings.language()), |_| call.locale)
}
