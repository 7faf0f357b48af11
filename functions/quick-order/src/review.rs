//! What was chosen, at the prices and with the stock of now: what is shown before it is ordered, and
//! what is ordered.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use shared::domain::{Line, Money, Order, OrderDraft, OrderError, OrderLine, Quantity};
use shared::http::Problem;
use shared::table::Reading;

use crate::catalogue::Catalogue;
use crate::offer::Offer;
use crate::refused::{Fault, Refused};

/// One product that was chosen.
pub struct Chosen {
    pub offer: Offer,
    pub quantity: Quantity,
    /// What one cost when it was chosen, if that was something else.
    pub was: Option<Money>,
}

impl Chosen {
    /// What is in the way of ordering it, if anything.
    pub fn fault(&self) -> Option<Fault> {
        self.offer.check(self.quantity).err()
    }
}

/// Everything that was chosen.
pub struct Review {
    pub chosen: Vec<Chosen>,
    /// The names of what was chosen and is no longer offered, or sold out.
    pub gone: Vec<Line<120>>,
    /// What it comes to, as far as it makes an order.
    pub total: Result<Money, OrderError>,
    /// Names the products, quantities and prices: a page that showed others has to be looked at again
    /// before it is ordered from.
    pub stamp: String,
}

impl Review {
    /// What was chosen, in the order of the catalogue.
    pub async fn of(catalogue: &Catalogue<'_>, draft: &OrderDraft) -> Result<Self, Problem> {
        let products: BTreeSet<_> = draft.lines.keys().copied().collect();
        let offers = catalogue.these(&products, Reading::Order).await?;
        let offers: Vec<Offer> = offers.into_iter().filter(|offer| !offer.is_sold_out()).collect();
        let offered: BTreeSet<_> = offers.iter().map(|offer| offer.product).collect();
        let gone = draft.lines.iter().filter(|(product, _)| !offered.contains(product));
        let gone = gone.map(|(_, line)| line.name.clone()).collect();
        let chosen = offers.into_iter().filter_map(|offer| {
            let line = draft.lines.get(&offer.product)?;
            let was = (line.unit_price != offer.price).then_some(line.unit_price);
            Some(Chosen { quantity: line.quantity, was, offer })
        });
        let chosen: Vec<Chosen> = chosen.collect();
        let total = total(&chosen, catalogue);
        let stamp = stamp(&chosen);
        Ok(Self { chosen, gone, total, stamp })
    }

    /// The lines of the order that this is, and its total.
    ///
    /// # Errors
    /// [`Refused`] where it makes none, or where the page that asked for it showed something else.
    pub fn order(&self, shown: &str) -> Result<(Vec<OrderLine>, Money), Refused> {
        if self.chosen.is_empty() && !self.gone.is_empty() {
            return Err(Refused::Changed);
        }
        let faults: Vec<Fault> = self.chosen.iter().filter_map(Chosen::fault).collect();
        if !faults.is_empty() {
            return Err(Refused::Quantities(faults));
        }
        let total = self.total.map_err(Refused::Lines)?;
        if shown != self.stamp {
            return Err(Refused::Changed);
        }
        Ok((lines(&self.chosen), total))
    }
}

fn lines(chosen: &[Chosen]) -> Vec<OrderLine> {
    chosen.iter().filter_map(|chosen| chosen.offer.line(chosen.quantity)).collect()
}

fn total(chosen: &[Chosen], catalogue: &Catalogue<'_>) -> Result<Money, OrderError> {
    if chosen.iter().filter(|chosen| chosen.offer.counted).count() > Order::MAX_COUNTED {
        return Err(OrderError::TooManyLines);
    }
    Order::total_of(&lines(chosen), catalogue.currency)
}

fn stamp(chosen: &[Chosen]) -> String {
    let mut hash = Sha256::new();
    for Chosen { offer, quantity, .. } in chosen {
        hash.update(offer.product.ulid().to_bytes());
        hash.update(quantity.get().to_be_bytes());
        hash.update(offer.price.currency().code());
        hash.update(offer.price.minor().to_be_bytes());
    }
    BASE64URL_NOPAD.encode(&hash.finalize()[..12])
}
