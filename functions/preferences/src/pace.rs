//! How fast the buttons behind a token may be pressed: nobody presses so many by hand. Unsubscribing is
//! not counted, since it must always work.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::html;
use shared::App;
use shared::domain::{Locale, Settings};
use shared::http::{Call, Page, Problem, page};
use shared::keyring::TokenHash;
use shared::table::Bucket;
use shared::wording::say;

/// How many presses a minute.
const PER_MINUTE: u32 = 10;

/// Counts a press; the page that asks to wait where there were too many.
///
/// # Errors
/// A problem where the table can't be asked.
pub async fn too_fast(
    app: &App,
    call: &Call,
    token: &TokenHash,
    settings: &Settings,
    locale: Locale,
) -> Result<Option<Response>, Problem> {
    let of = format!("/p/{}", token.as_str());
    let bucket = Bucket { of: &of, per_minute: PER_MINUTE };
    let Err(wait) = app.table.take(&settings.shop, bucket, call.now).await? else {
        return Ok(None);
    };
    let seconds = Problem::too_many(wait).retry_after().unwrap_or(1);
    let title = say(locale, "pace-title", &[]);
    let text = say(locale, "pace-text", &[("seconds", &seconds.to_string())]);
    let shop = Some(settings.name.expose());
    let content = html! { p.notice role="alert" { (text) } };
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, Page { locale, title: &title, shop }, content);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    Ok(Some(response))
}
