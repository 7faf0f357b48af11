//! The pages of a magic link, as forms that work without script: every button posts what was typed.

mod placed;
mod product;
mod review;
mod row;
mod shelf;

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::domain::{Locale, OrderDraft, ProductId};
use shared::http::{Page, page};
use shared::wording::{count, say};

pub use placed::placed;
pub use product::product;
pub use review::review;
pub use shelf::shelf;

use crate::open_link::OpenLink;
use crate::posted::Typed;
use crate::refused::Refused;
use crate::view::View;

/// A page that is shown again, since what it posted was refused: with everything that was typed.
pub struct Again<'a> {
    pub refused: &'a Refused,
    pub typed: &'a Typed,
}

/// A page that is a form, and whatever was wrong with it the last time.
fn form_page(open: &OpenLink, title: &str, view: &View, again: Option<&Again<'_>>, content: Markup) -> Response {
    let locale = open.locale();
    let wrong = again.map(|_| say(locale, "order-error-title", &[]));
    let content = html! {
        @if let Some(again) = again { p.notice role="alert" { (again.refused.notice(locale)) } }
        // Without an action it posts to its own address, so the token is not repeated here.
        form method="post" action="?" {
            input type="hidden" name="at" value=(view.query());
            // What the Enter key presses.
            button.hidden type="submit" name="go" value="keep" tabindex="-1" aria-hidden="true" {}
            (content)
        }
    };
    let status = again.map_or(StatusCode::OK, |again| again.refused.status());
    let page_of = Page { locale, title: wrong.as_deref().unwrap_or(title), shop: Some(open.settings.name.expose()) };
    page(status, page_of, content)
}

/// What the field of a product holds: what was typed, or what was chosen before.
fn quantity_of(product: ProductId, draft: &OrderDraft, again: Option<&Again<'_>>) -> String {
    let typed = again.and_then(|again| again.typed.quantities.get(&product)).cloned();
    let chosen = || draft.lines.get(&product).map(|line| line.quantity.get().to_string());
    typed.or_else(chosen).unwrap_or_default()
}

/// What was chosen so far, and the way on.
fn bar(locale: Locale, draft: &OrderDraft) -> Markup {
    html! {
        div.bar {
            @if let Some(total) = draft.total() {
                p { b { (total.display(locale)) } " " span.soft { (count(locale, "order-items", "items", draft.items())) } }
            }
            button.link type="submit" name="go" value="keep" { (say(locale, "order-update", &[])) }
            button type="submit" name="go" value=(View::Review.query()) { (say(locale, "order-review", &[])) }
        }
    }
}
