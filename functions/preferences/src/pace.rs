//! How fast the buttons behind a token may be pressed: nobody presses so many by hand. Unsubscribing is
//! not counted, since it must always work.

use axum::response::Response;
use shared::App;
use shared::domain::{Locale, Settings};
use shared::http::{Call, Problem};
use shared::keyring::TokenHash;
use shared::table::Bucket;

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
    let bucket = Bucket::per_minute(&of, PER_MINUTE);
    let taken = app.table.take(&settings.shop, bucket, call.now).await?;
    Ok(taken.err().map(|wait| shared::http::too_fast(settings, locale, wait)))
}
