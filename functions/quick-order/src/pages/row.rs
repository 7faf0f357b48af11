//! A product on a page: its price, why it is that, and the field for how many.

use maud::{Markup, html};
use shared::domain::{Locale, OrderQuantity, PriceReason, ProductImage, Quantity};
use shared::wording::say;

use super::form::Field;
use crate::offer::Offer;
use crate::open_link::OpenLink;
use crate::refused::FaultKind;
use crate::view::View;

/// From so few left on, it is said how many.
const FEW_LEFT: i64 = 5;

/// The words of every row, looked up once a page.
pub struct Words {
    locale: Locale,
    your_price: String,
    base_price: String,
    agreed: String,
    discount: String,
    sold_out: String,
    details: String,
}

impl Words {
    /// The words for whom the link is for.
    pub fn new(open: &OpenLink) -> Self {
        let locale = open.locale();
        let words = |key| say(locale, key, &[]);
        let discount = open.customer.discount.map(|discount| discount.display(locale)).unwrap_or_default();
        Self {
            locale,
            your_price: words("order-your-price"),
            base_price: words("order-base-price"),
            agreed: words("order-why-agreed"),
            discount: say(locale, "order-why-discount", &[("discount", &discount)]),
            sold_out: words("order-sold-out"),
            details: words("order-details"),
        }
    }

    /// A product to choose.
    pub fn row(&self, offer: &Offer, field: &Field) -> Markup {
        html! {
            li {
                (image(offer))
                (label(offer, field))
                (self.price(offer))
                (self.field(offer, field))
                @if offer.described {
                    button.link type="submit" name="go" value=(View::Product(offer.product).query()) {
                        (self.details) span.hidden { " " (offer.name) }
                    }
                }
            }
        }
    }

    /// What one costs; where that is less than in the catalogue, that too, and why. Whoever pays more has
    /// agreed to it, and is not reminded of what others pay.
    pub fn price(&self, offer: &Offer) -> Markup {
        let less = offer.why.filter(|_| offer.price.minor() < offer.base_price.minor());
        html! {
            p {
                @if let Some(why) = less {
                    span.hidden { (self.your_price) " " }
                    b { (offer.price.display(self.locale)) } " "
                    span.hidden { (self.base_price) " " }
                    s { (offer.base_price.display(self.locale)) } " "
                    small { (self.why(why)) }
                } @else {
                    b { (offer.price.display(self.locale)) }
                }
            }
        }
    }

    fn why(&self, why: PriceReason) -> Markup {
        html! {
            @match why {
                PriceReason::Agreed => (self.agreed),
                PriceReason::Discount(_) => (self.discount),
                PriceReason::Both(_) => { (self.agreed) ", " (self.discount) },
            }
        }
    }

    /// How it is sold, where that is not by the piece; or that few are left.
    fn hint(&self, offer: &Offer) -> Option<String> {
        if offer.is_sold_out() {
            return None;
        }
        if let Some(left) = offer.stock.filter(|left| *left <= FEW_LEFT) {
            return Some(FaultKind::Left(left).notice(self.locale));
        }
        let portions = offer.quantity != OrderQuantity::default();
        portions.then(|| FaultKind::Portion(offer.quantity).notice(self.locale))
    }

    /// The field for how many, or that there are none; and what is wrong with it.
    pub fn field(&self, offer: &Offer, Field { number, quantity, fault }: &Field) -> Markup {
        let max = offer.stock.unwrap_or(Quantity::MAX).clamp(0, offer.quantity.max().into());
        // Steps are counted from nothing here, where that comes to the same.
        let (min, step) = (offer.quantity.min().get(), offer.quantity.step().get());
        let step = if min.is_multiple_of(step) { step } else { 1 };
        let hint = self.hint(offer);
        let described = fault.is_some() || hint.is_some();
        html! {
            @if offer.is_sold_out() { span.soft { (self.sold_out) } }
            // Whoever chose some before they were gone has to be able to choose none.
            @if !offer.is_sold_out() || !quantity.is_empty() {
                input id={ "n" (number) } name={ "q-" (offer.product) } type="number" inputmode="numeric" min="0"
                    max=(max) step=(step) placeholder="0" value=(quantity) aria-invalid=[fault.map(|_| "true")]
                    aria-describedby=[described.then(|| format!("e{number}"))];
            }
            @match (fault, hint) {
                (Some(fault), _) => p.sum.bad id={ "e" (number) } { (fault.notice(self.locale)) },
                (None, Some(hint)) => p.sum.soft id={ "e" (number) } { (hint) },
                (None, None) => {},
            }
        }
    }
}

/// What it looks like. It says nothing that its name beside it does not.
pub fn image(offer: &Offer) -> Markup {
    html! {
        @if let Some(ProductImage { id, width, height }) = offer.image {
            img src={ "/" (id.object()) } alt="" width=(width) height=(height) loading="lazy";
        }
    }
}

/// What it is called, as the name of its field.
pub fn label(offer: &Offer, field: &Field) -> Markup {
    html! {
        label for={ "n" (field.number) } {
            (offer.name)
            @if let Some(unit) = &offer.unit { " " span.soft { (unit.expose()) } }
        }
    }
}
