//! The frame of what staff print: black on white, for A4 and letter alike, under the headers of every
//! page. A table's head stands again on each page, and no row is broken.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::http::header::HeaderValue;
use axum::response::Response;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::page::{answer, policy};
use crate::domain::Locale;

const STYLE: &str = include_str!("sheet.css");

/// A sheet of a shop. Whoever prints it as a file gets `title` as its name.
pub fn sheet(locale: Locale, shop: &str, title: &str, content: Markup) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang=(locale.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    p.shop { (shop) }
                    h1 { (title) }
                    (content)
                }
            }
        }
    };
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| policy(STYLE, "'none'"));
    answer(StatusCode::OK, locale, &POLICY, document)
}
