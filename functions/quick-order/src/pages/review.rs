//! What was chosen, before it is ordered.

use axum::response::Response;
use maud::{Markup, html};
use shared::domain::{Locale, OrderDraft};
use shared::wording::say;

use super::form::{Again, Field, Form};
use super::gone;
use super::row::{Words, image, label};
use crate::open_link::OpenLink;
use crate::refused::Refused;
use crate::review::{Chosen, Review};
use crate::view::{Shelf, View};

/// The last page before the order.
pub fn review(open: &OpenLink, review: &Review, draft: &OrderDraft, again: Option<&Again<'_>>) -> Response {
    let (locale, words) = (open.locale(), Words::new(open));
    let offers = review.chosen.iter().map(|chosen| &chosen.offer).collect();
    let form = Form { open, view: &View::Review, draft, again, offers };
    let content = html! {
        input type="hidden" name="draft" value=(draft.id);
        input type="hidden" name="stamp" value=(review.stamp);
        @if !review.gone.is_empty() { (gone(locale, &review.gone)) }
        ul.products.card {
            @for chosen in &review.chosen { (row(&words, locale, chosen, form.field(chosen.offer.product))) }
            @if let Ok(total) = review.total {
                li.total { b { (say(locale, "order-column-total", &[])) } " " b { (total.display(locale)) } }
            }
        }
        (delivery(open))
        (note(locale, draft, again))
        button type="submit" name="go" value="order" { (say(locale, "order-submit", &[])) }
        p.pages {
            button.quiet type="submit" name="go" value="keep" { (say(locale, "order-update", &[])) }
            button.quiet type="submit" name="go" value=(View::Shelf(Shelf::default()).query()) {
                (say(locale, "order-back", &[]))
            }
        }
    };
    form.page(&say(locale, "order-review-title", &[]), content)
}

/// A product that was chosen: what it comes to, and what has to be known of it.
fn row(words: &Words, locale: Locale, chosen: &Chosen, field: Field) -> Markup {
    let offer = &chosen.offer;
    let total = offer.price.times(chosen.quantity.get()).map(|total| total.display(locale));
    let field = Field { fault: field.fault.or_else(|| chosen.fault().map(|fault| fault.kind)), ..field };
    html! {
        li {
            (image(offer))
            (label(offer, &field))
            (words.price(offer))
            p.sum {
                (chosen.quantity.get()) " × " (offer.price.display(locale)) " = "
                @if let Some(total) = total { b { (total) } }
            }
            @if let Some(was) = chosen.was {
                p.sum.soft { (say(locale, "order-price-was", &[("price", &was.display(locale))])) }
            }
            (words.field(offer, &field))
        }
    }
}

/// The words to the shop.
fn note(locale: Locale, draft: &OrderDraft, again: Option<&Again<'_>>) -> Markup {
    let typed = again.and_then(|again| again.typed.note.as_deref());
    let note = typed.unwrap_or_else(|| draft.note.as_ref().map_or("", |note| note.expose()));
    let fault = again.filter(|again| *again.refused == Refused::Note).map(|again| again.refused.notice(locale));
    html! {
        p {
            label for="note" { (say(locale, "order-note", &[])) }
            textarea id="note" name="note" maxlength="500" aria-invalid=[fault.as_ref().map(|_| "true")]
                aria-describedby=[fault.as_ref().map(|_| "note-error")] { (note) }
        }
        @if let Some(fault) = fault { p.bad id="note-error" { (fault) } }
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
