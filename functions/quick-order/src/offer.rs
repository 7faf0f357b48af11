//! One product as a customer is offered it, and a page of them.

use shared::domain::{
    Line, Money, OrderLine, OrderQuantity, PriceReason, ProductId, ProductImage, Quantity, product_words,
};

use crate::refused::Refused;
use crate::view::Shelf;

/// One product, as this customer is offered it.
#[derive(Debug, Clone)]
pub struct Offer {
    pub product: ProductId,
    /// Where it stands among what is offered.
    pub place: String,
    pub name: String,
    pub unit: Option<Line<40>>,
    pub category: Option<Line<60>>,
    /// What it looks like.
    pub image: Option<ProductImage>,
    /// Whether its own page says more.
    pub described: bool,
    pub base_price: Money,
    pub price: Money,
    /// Why the two differ, if they do.
    pub why: Option<PriceReason>,
    pub quantity: OrderQuantity,
    /// Whether the shop counts how many there are.
    pub counted: bool,
    /// How many there are; `None` where nobody counts.
    pub stock: Option<i64>,
}

impl Offer {
    /// What its category is sorted and found by, if it is in one.
    pub fn category_key(&self) -> Option<Line<60>> {
        let (rest, _id) = self.place.rsplit_once('#')?;
        let (category, _position) = rest.rsplit_once('#')?;
        category.parse().ok()
    }

    /// Whether there are too few for the least order.
    pub fn is_sold_out(&self) -> bool {
        self.stock.is_some_and(|left| left < self.quantity.min().into())
    }

    /// Whether each of `words` begins a word of its name or category.
    pub fn is_found(&self, words: &[String]) -> bool {
        if words.is_empty() {
            return true;
        }
        let category = self.category.as_ref().map_or("", Line::expose);
        let own = [&*self.name, category].map(product_words).concat();
        words.iter().all(|word| own.iter().any(|own| own.starts_with(word.as_str())))
    }

    /// Whether so many may be ordered.
    ///
    /// # Errors
    /// [`Refused`] where the product comes in other portions, or there are not so many.
    pub fn check(&self, quantity: Quantity) -> Result<(), Refused> {
        if !self.quantity.allows(quantity) {
            return Err(Refused::Portion(self.name.clone(), self.quantity));
        }
        match self.stock {
            Some(left) if left < quantity.into() => Err(Refused::Stock(self.name.clone(), left.max(0))),
            Some(_) | None => Ok(()),
        }
    }

    /// An order's line for `quantity` of it.
    pub fn line(&self, quantity: Quantity) -> Option<OrderLine> {
        let name: Line<120> = self.name.parse().ok()?;
        let discount = self.why.and_then(PriceReason::discount);
        let Self { base_price, price: unit_price, .. } = *self;
        let unit = self.unit.clone();
        Some(OrderLine { product: Some(self.product), name, unit, quantity, base_price, unit_price, discount })
    }
}

/// A page of products.
pub struct Offers {
    pub offers: Vec<Offer>,
    /// Where the next page begins.
    pub next: Option<Shelf>,
}

impl Offers {
    /// The products by category, in the order of the catalogue.
    pub fn by_category(&self) -> impl Iterator<Item = (Option<&str>, &[Offer])> {
        let same = |one: &Offer, next: &Offer| one.category == next.category;
        self.offers.chunk_by(same).map(|offers| {
            let category = offers.first().and_then(|offer| offer.category.as_ref());
            (category.map(Line::expose), offers)
        })
    }
}
