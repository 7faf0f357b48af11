//! What tells that a submission is sent again.

use axum::http::HeaderMap;
use jiff::Timestamp;
use shared::App;
use shared::domain::{Form, RequestKey, SentFields};
use shared::intake::SentOnce;

/// How long what is sent again is the same submission, at least.
const WINDOW_SECONDS: i64 = 600;

/// The key that a caller gave it, which names one request; else the key in its page, together with
/// what it says, since a page may give the same to every visitor; else what it says and when, to ten
/// minutes. `said` is what of it is an answer.
pub fn sent_once(
    app: &App,
    form: &Form,
    headers: &HeaderMap,
    fields: &SentFields,
    said: &SentFields,
    now: Timestamp,
) -> SentOnce {
    let said = serde_json::to_vec(said).unwrap_or_default();
    let form = form.id.as_str().as_bytes();
    let digest = |parts: &[&[u8]]| app.keyring.submission_digest(parts);
    let fingerprint = digest(&[b"fields", form, &said]);
    let named = |key: &str| Some(key.trim().to_owned()).filter(|key| !key.is_empty() && key.len() <= RequestKey::MAX);
    if let Some(own) = headers.get("idempotency-key").and_then(|key| named(key.to_str().ok()?)) {
        let current = RequestKey { digest: digest(&[b"key", form, own.as_bytes()]), fingerprint };
        return SentOnce { current, earlier: None };
    }
    let of_page = fields.get("_idempotency_key").into_iter().flatten().find_map(|key| named(key));
    if let Some(of_page) = of_page {
        let current = RequestKey { digest: digest(&[b"page", form, of_page.as_bytes(), &said]), fingerprint };
        return SentOnce { current, earlier: None };
    }
    let window = now.as_second().div_euclid(WINDOW_SECONDS);
    let of = |window: i64| RequestKey {
        digest: digest(&[b"window", form, &said, &window.to_be_bytes()]),
        fingerprint: fingerprint.clone(),
    };
    SentOnce { current: of(window), earlier: Some(of(window - 1)) }
}
