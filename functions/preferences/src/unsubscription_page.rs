//! The page of a token that may only unsubscribe. Whoever holds it may be somebody else, so it says
//! nothing of the customer: it is in the language of the browser, and asks before it knows.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::http::{Call, Page, page};
use shared::wording::say;

use crate::holder::Holder;

/// One button.
pub fn ask(call: &Call, holder: &Holder) -> Response {
    let content = html! {
        p { (say(call.locale, "unsubscription-only", &[])) }
        form method="post" action=(holder.path("/unsubscribe")) {
            button type="submit" { (say(call.locale, "preferences-unsubscribe", &[])) }
        }
    };
    framed(call, holder, content)
}

/// That it is done.
pub fn done(call: &Call, holder: &Holder) -> Response {
    framed(call, holder, html! { p.good role="status" { (say(call.locale, "preferences-done", &[])) } })
}

fn framed(call: &Call, holder: &Holder, content: Markup) -> Response {
    let title = say(call.locale, "preferences-marketing", &[]);
    let shop = Some(holder.settings.name.expose());
    page(StatusCode::OK, Page { locale: call.locale, title: &title, shop }, content)
}
