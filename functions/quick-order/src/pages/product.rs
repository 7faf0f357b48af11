//! One product, with everything there is to say of it.

use axum::response::Response;
use maud::html;
use shared::domain::OrderDraft;
use shared::wording::say;

use super::bar;
use super::form::{Again, Form};
use super::row::{Words, image};
use crate::offer::{Basket, Offer};
use crate::open_link::OpenLink;
use crate::view::{Shelf, View};

/// The page of a product.
pub fn product(
    open: &OpenLink,
    offer: &Offer,
    said: Option<&str>,
    (draft, basket): (&OrderDraft, &Basket),
    again: Option<&Again<'_>>,
) -> Response {
    let (locale, view, row) = (open.locale(), View::Product(offer.product), undescribed(offer));
    let form = Form { open, view: &view, draft, again, offers: vec![&row] };
    let back = View::Shelf(Shelf { category: offer.category_key(), ..Shelf::default() });
    let content = html! {
        @if offer.image.is_some() { div.picture { (image(offer)) } }
        @if let Some(said) = said { p.text { (said) } }
        ul.products.card { (Words::new(open).row(&row, &form.field(row.product))) }
        p.pages {
            button.quiet type="submit" name="go" value=(back.query()) { (say(locale, "order-back", &[])) }
        }
        div.still { (bar(locale, basket)) }
    };
    form.page(&offer.name, content)
}

/// The same product, without the image above and the way to its own page.
fn undescribed(offer: &Offer) -> Offer {
    Offer { image: None, described: false, ..offer.clone() }
}
