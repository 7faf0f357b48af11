//! One product, with everything there is to say of it.

use axum::response::Response;
use maud::html;
use shared::domain::OrderDraft;
use shared::wording::say;

use super::row::Words;
use super::{Again, bar, form_page, quantity_of};
use crate::offer::Offer;
use crate::open_link::OpenLink;
use crate::view::{Shelf, View};

/// The page of a product.
pub fn product(
    open: &OpenLink,
    offer: &Offer,
    said: Option<&str>,
    draft: &OrderDraft,
    again: Option<&Again<'_>>,
) -> Response {
    let locale = open.locale();
    let back = View::Shelf(Shelf { category: offer.category_key(), ..Shelf::default() });
    let content = html! {
        @if let Some(said) = said { p.text { (said) } }
        ul.products.card { (Words::new(open).row(1, &undescribed(offer), &quantity_of(offer.product, draft, again))) }
        p.pages {
            button.quiet type="submit" name="go" value=(back.query()) { (say(locale, "order-back", &[])) }
        }
        (bar(locale, draft))
    };
    form_page(open, &offer.name, &View::Product(offer.product), again, content)
}

/// The same product without the way to its own page.
fn undescribed(offer: &Offer) -> Offer {
    Offer { described: false, ..offer.clone() }
}
