//! The pages of a link that asks for consent: the words with one button, and what became of it.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::domain::Locale;
use shared::http::{Page, page};
use shared::wording::say;

use crate::asked::{Answered, Asked};

/// The words, and the button that agrees to them.
pub fn words(asked: &Asked) -> Response {
    let locale = asked.locale();
    let content = html! {
        p { (say(locale, "request-intro", &[])) }
        div.card { blockquote lang=(asked.request.language.as_str()) { (asked.request.text.expose()) } }
        // Without an action it posts to its own address, so the token is not repeated here.
        form method="post" { button type="submit" { (say(locale, "request-agree", &[])) } }
        p.soft { (say(locale, "request-otherwise", &[])) }
    };
    framed(StatusCode::OK, locale, asked.settings.name.expose(), "request-title", content)
}

/// That it is done, however often it is asked; or that a mail asks now.
pub fn answered(answered: &Answered) -> Response {
    let locale = answered.locale();
    let (title, text) = match answered.answer.evidence {
        Some(_) => ("request-done-title", "request-done"),
        None => ("request-mailed-title", "request-mailed"),
    };
    let content = html! { p.good role="status" { (say(locale, text, &[])) } };
    framed(StatusCode::OK, locale, answered.settings.name.expose(), title, content)
}

/// That the address has had enough mails today: the link stays open.
pub fn enough_mails(asked: &Asked) -> Response {
    let locale = asked.locale();
    let content = html! { p.notice role="alert" { (say(locale, "request-enough", &[])) } };
    framed(StatusCode::TOO_MANY_REQUESTS, locale, asked.settings.name.expose(), "request-title", content)
}

fn framed(status: StatusCode, locale: Locale, shop: &str, title: &str, content: Markup) -> Response {
    let title = say(locale, title, &[]);
    page(status, Page { locale, title: &title, shop: Some(shop) }, content)
}
