//! The pages of a deletion: what goes and what stays, with one button, and that it is done.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use shared::domain::{Invalid, Locale, Settings};
use shared::http::{FieldError, Page, page};
use shared::wording::say;

use crate::holder::Holder;

/// The most that may be said with it, in characters.
pub const COMMENT: usize = 2000;

/// What a deletion means, and the button that begins it; `wrong` says what is wrong with the comment,
/// which is kept as it was typed.
pub fn ask(holder: &Holder, typed: &str, wrong: Option<Invalid>) -> Response {
    let locale = holder.locale();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let is_wrong = wrong.is_some();
    let content = html! {
        @if let Some(wrong) = wrong {
            p.notice role="alert" id="error" { (FieldError::new("/comment", wrong).detail(locale)) }
        }
        p { (say(locale, "deletion-goes", &[])) }
        p { (say(locale, "deletion-stays", &[])) }
        p { strong { (say(locale, "deletion-for-good", &[])) } }
        form method="post" {
            p {
                label for="comment" { (say(locale, "deletion-comment", &[])) }
                textarea id="comment" name="comment" maxlength=(COMMENT)
                    aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then_some("error")] {
                    (typed)
                }
            }
            button type="submit" { (say(locale, "deletion-submit", &[])) }
        }
        p.next { a href=(holder.path("")) { (say(locale, "deletion-back", &[])) } }
    };
    holder.page(status, "deletion-title", content)
}

/// That something else is at work on the record, and nothing was deleted.
pub fn busy(holder: &Holder) -> Response {
    let content = html! { p.notice role="alert" { (say(holder.locale(), "deletion-busy", &[])) } };
    holder.page(StatusCode::CONFLICT, "deletion-busy-title", content)
}

/// That it is done.
pub fn done(settings: &Settings, locale: Locale) -> Response {
    let title = say(locale, "deletion-done-title", &[]);
    let content = html! { p.good role="status" { (say(locale, "deletion-done", &[])) } };
    page(StatusCode::OK, Page { locale, title: &title, shop: Some(settings.name.expose()) }, content)
}
