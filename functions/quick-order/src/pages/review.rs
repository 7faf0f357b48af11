//! What was chosen, before it is ordered.

use axum::response::Response;
use maud::{Markup, html};
use shared::domain::{Line, OrderDraft};
use shared::wording::say;

use super::row::Words;
use super::{Again, form_page, quantity_of};
use crate::open_link::OpenLink;
use crate::review::{Chosen, Review};
use crate::view::{Shelf, View};

/// The last page before the order.
pub fn review(open: &OpenLink, review: &Review, draft: &OrderDraft, again: Option<&Again<'_>>) -> Response {
    let locale = open.locale();
    let words = Words::new(open);
    let typed = again.and_then(|again| again.typed.note.as_deref());
    let note = typed.unwrap_or_else(|| draft.note.as_ref().map_or("", |note| note.expose()));
    let content = html! {
        input type="hidden" name="draft" value=(draft.id);
        input type="hidden" name="stamp" value=(review.stamp);
        @if !review.gone.is_empty() {
            p.notice { (say(locale, "order-gone", &[("products", &names(&review.gone))])) }
        }
        ul.products.card {
            @for (number, chosen) in review.chosen.iter().enumerate() {
                (row(open, &words, number, chosen, &quantity_of(chosen.offer.product, draft, again)))
            }
            @if let Ok(total) = review.total {
                li.total { b { (say(locale, "order-column-total", &[])) } " " b { (total.display(locale)) } }
            }
        }
        (delivery(open))
        p {
            label for="note" { (say(locale, "order-note", &[])) }
            textarea id="note" name="note" maxlength="500" { (note) }
        }
        button type="submit" name="go" value="order" { (say(locale, "order-submit", &[])) }
        p.pages {
            button.quiet type="submit" name="go" value="keep" { (say(locale, "order-update", &[])) }
            button.quiet type="submit" name="go" value=(View::Shelf(Shelf::default()).query()) {
                (say(locale, "order-back", &[]))
            }
        }
    };
    form_page(open, &say(locale, "order-review-title", &[]), &View::Review, again, content)
}

fn names(gone: &[Line<120>]) -> String {
    gone.iter().map(Line::expose).collect::<Vec<_>>().join(", ")
}

/// A product that was chosen: what it comes to, and what has to be known of it.
fn row(open: &OpenLink, words: &Words, number: usize, chosen: &Chosen, quantity: &str) -> Markup {
    let locale = open.locale();
    let offer = &chosen.offer;
    let total = offer.price.times(chosen.quantity.get()).map(|total| total.display(locale));
    html! {
        li {
            label for={ "n" (number) } {
                (offer.name)
                @if let Some(unit) = &offer.unit { " " span.soft { (unit.expose()) } }
            }
            (words.price(offer))
            (words.field(number, offer, quantity))
            p.sum {
                (chosen.quantity.get()) " × " (offer.price.display(locale)) " = "
                @if let Some(total) = total { b { (total) } }
            }
            @if let Some(was) = chosen.was {
                p.sum.soft { (say(locale, "order-price-was", &[("price", &was.display(locale))])) }
            }
            @if let Some(fault) = chosen.fault() { p.sum.bad { (fault.notice(locale)) } }
        }
    }
}

/// Where it goes: what the shop has on file, which only the shop changes.
fn delivery(open: &OpenLink) -> Markup {
    let locale = open.locale();
    let address = open.customer.delivery_address.as_ref();
    html! {
        div.card {
            h2 { (say(locale, "order-delivery", &[])) }
            @match address {
                Some(address) => p.text { (address.lines().join("\n")) },
                None => p { (say(locale, "order-no-delivery", &[])) },
            }
        }
    }
}
