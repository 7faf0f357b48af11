//! A page as a form, and what was wrong with it the last time: said on top, and at each field.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::domain::{Locale, OrderDraft, ProductId};
use shared::http::{Page, page};
use shared::wording::say;

use crate::offer::Offer;
use crate::open_link::OpenLink;
use crate::posted::Typed;
use crate::refused::{FaultKind, Refused};
use crate::view::View;

/// A page that is shown again, since what it posted was refused: with everything that was typed.
pub struct Again<'a> {
    pub refused: &'a Refused,
    pub typed: &'a Typed,
}

/// What a page shows, beside what it is about.
pub struct Form<'a> {
    pub open: &'a OpenLink,
    pub view: &'a View,
    pub draft: &'a OrderDraft,
    pub again: Option<&'a Again<'a>>,
    /// The products with a field, in the order of the page.
    pub offers: Vec<&'a Offer>,
}

/// A field for how many of a product.
pub struct Field {
    /// Its place on the page, from 1 on: names it and what is said of it.
    pub number: usize,
    /// What was typed, or what was chosen before.
    pub quantity: String,
    /// What is wrong with it.
    pub fault: Option<FaultKind>,
}

impl Form<'_> {
    /// What the page is written in.
    pub fn locale(&self) -> Locale {
        self.open.locale()
    }

    /// The field of a product that the page shows.
    pub fn field(&self, product: ProductId) -> Field {
        let typed = self.again.and_then(|again| again.typed.quantities.get(&product)).cloned();
        let chosen = || self.draft.lines.get(&product).map(|line| line.quantity.get().to_string());
        Field {
            number: 1 + self.offers.iter().position(|offer| offer.product == product).unwrap_or(self.offers.len()),
            quantity: typed.or_else(chosen).unwrap_or_default(),
            fault: self.again.and_then(|again| again.refused.of(product)),
        }
    }

    /// The page.
    pub fn page(&self, title: &str, content: Markup) -> Response {
        let locale = self.locale();
        let wrong = self.again.map(|_| say(locale, "order-error-title", &[]));
        let content = html! {
            @if let Some(again) = self.again { (self.alert(again.refused)) }
            // Without an address it posts to its own, so the token is not repeated here.
            // What is wrong is said here, in the customer’s language, and never keeps anybody from going on.
            form method="post" action="?" novalidate {
                input type="hidden" name="at" value=(self.view.query());
                // What the Enter key presses.
                button.hidden type="submit" name="go" value="keep" tabindex="-1" aria-hidden="true" {}
                (content)
            }
        };
        let status = self.again.map_or(StatusCode::OK, |again| again.refused.status());
        let shop = Some(self.open.settings.name.expose());
        page(status, Page { locale, title: wrong.as_deref().unwrap_or(title), shop }, content)
    }

    /// What is wrong, and the way to where it is.
    fn alert(&self, refused: &Refused) -> Markup {
        let locale = self.locale();
        let faults = self.offers.iter().filter_map(|offer| Some((offer, refused.of(offer.product)?)));
        html! {
            div.notice role="alert" {
                p {
                    @if *refused == Refused::Note {
                        a href="#note" { (refused.notice(locale)) }
                    } @else {
                        (refused.notice(locale))
                    }
                }
                @for (offer, fault) in faults {
                    p { a href={ "#n" (self.field(offer.product).number) } { (offer.name) } " · " (fault.notice(locale)) }
                }
            }
        }
    }
}
