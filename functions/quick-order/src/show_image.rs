//! `GET /images/{image}`: the file of an image, for every page that shows its product. It never
//! changes: another file has another address.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use shared::Images;
use shared::domain::ImageId;
use shared::http::{Operation, PathId, Problem};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Show the image of a product")
        .answers_image(StatusCode::OK)
        .answers_nothing(StatusCode::NOT_MODIFIED)
        .versioned()
}

pub async fn handle(
    State(images): State<Images>,
    PathId(id): PathId<ImageId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("\"{id}\"");
    let kept = [(CACHE_CONTROL, "public, max-age=31536000, immutable"), (ETAG, &tag)];
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    if known.flat_map(|value| value.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag) {
        // Whoever asks may never have been shown it.
        if !images.is_shown(id).await? {
            return Err(Problem::not_found());
        }
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let (format, bytes) = images.shown(id).await?.ok_or_else(Problem::not_found)?;
    let headers = [
        (CONTENT_TYPE, format.media_type()),
        // Opened by itself, it can do nothing, whatever a browser takes it for.
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    Ok((kept, headers, bytes).into_response())
}
