//! One product as a customer is offered it, and a page of them.

use shared::domain::{
    Line, Money, OrderDraft, OrderLine, OrderQuantity, PriceReason, ProductId, ProductImage, Quantity, product_words,
};

use crate::refused::{Fault, FaultKind};
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
    /// A [`Fault`] where the product comes in other portions, or there are not so many.
    pub fn check(&self, quantity: Quantity) -> Result<(), Fault> {
        let fault = |kind| Err(Fault { product: self.product, kind });
        match self.stock {
            _ if self.is_sold_out() => fault(FaultKind::SoldOut),
            _ if !self.quantity.allows(quantity) => fault(FaultKind::Portion(self.quantity)),
            Some(left) if left < quantity.into() => fault(FaultKind::Left(left)),
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

/// What was chosen so far, at the prices of now.
#[derive(Debug, Default)]
pub struct Basket {
    /// How many things.
    pub items: u32,
    /// What they come to; `None` for nothing, and beyond what an order may come to.
    pub total: Option<Money>,
    /// The names of what was chosen and is no longer offered, or sold out.
    pub gone: Vec<Line<120>>,
}

impl Basket {
    /// What `draft` holds of `offers`, which has all of it that is offered.
    pub fn of(draft: &OrderDraft, offers: &[&Offer]) -> Self {
        let mut basket = Self::default();
        let mut lines = Vec::new();
        for (product, line) in &draft.lines {
            match offers.iter().find(|offer| offer.product == *product && !offer.is_sold_out()) {
                Some(offer) => {
                    basket.items += line.quantity.get();
                    lines.push(offer.price.times(line.quantity.get()));
                }
                None => basket.gone.push(line.name.clone()),
            }
        }
        let sum = |sum: Option<Money>, line: Option<Money>| sum.zip(line).and_then(|(sum, line)| sum.plus(line));
        basket.total = lines.into_iter().reduce(sum).flatten();
        basket
    }
}
