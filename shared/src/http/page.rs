//! The frame of every public page: one look, strict headers, no script, no request to anybody.

use std::sync::LazyLock;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::domain::Locale;

const STYLE: &str = include_str!("page.css");

/// What a page needs beside its content.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// What it is written in.
    pub locale: Locale,
    /// The title of the tab, and the heading.
    pub title: &'a str,
    /// The shop it is of, where that is known.
    pub shop: Option<&'a str>,
}

/// A page, with the headers that every page has: nothing but our own images is loaded, no other page
/// may frame it, no search engine may list it, and its address, which may hold a token, is told to
/// nobody.
pub fn page(status: StatusCode, page: Page<'_>, content: Markup) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang=(page.locale.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title {
                    (page.title)
                    @if let Some(shop) = page.shop { " · " (shop) }
                }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @if let Some(shop) = page.shop { header { p.shop { (shop) } } }
                main {
                    h1 { (page.title) }
                    (content)
                }
            }
        }
    };
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| policy(STYLE, "'self'"));
    answer(status, page.locale, &POLICY, document)
}

/// The policy of a document whose style is `style`: nothing is loaded from anywhere but its images, and no
/// other page may frame it.
pub(super) fn policy(style: &str, images: &str) -> HeaderValue {
    let style = BASE64.encode(&Sha256::digest(style.as_bytes()));
    let policy = format!(
        "default-src 'none'; img-src {images}; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a policy is plain ASCII")
}

/// A document under `policy`: no search engine may list it, nobody keeps it, and its address is told to
/// nobody.
pub(super) fn answer(status: StatusCode, locale: Locale, policy: &HeaderValue, document: Markup) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, policy.clone()),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
        (HeaderName::from_static("content-language"), HeaderValue::from_static(locale.tag())),
    ];
    (status, headers, document.into_string()).into_response()
}

/// Sends the browser to `location` with a GET, so that a reload posts nothing again.
pub fn redirect(location: &str) -> Response {
    let no_referrer = (REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location), no_referrer]).into_response(),
        Err(_) => super::Problem::internal("a redirection to no address").into_response(),
    }
}
