//! What a customer is offered, at which price. Prices are read here and nowhere else: none ever
//! comes from a request.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use shared::App;
use shared::domain::{
    Currency, Customer, Discount, Group, Line, Money, OrderLine, OrderQuantity, ProductId, Quantity, Settings, Terms,
};
use shared::http::Problem;
use shared::table::{Offered, Reading};

use crate::open_link::OpenLink;

/// One product, as this customer is offered it.
pub struct Offer {
    pub product: ProductId,
    pub name: String,
    pub unit: Option<Line<40>>,
    pub category: Option<Line<60>>,
    pub base_price: Money,
    pub price: Money,
    pub quantity: OrderQuantity,
    /// How many there are; `None` where nobody counts.
    pub stock: Option<i64>,
}

impl Offer {
    /// Whether there are too few for the least order.
    pub fn is_sold_out(&self) -> bool {
        self.stock.is_some_and(|left| left < self.quantity.min().into())
    }

    /// Whether so many may be ordered, and are there.
    pub fn allows(&self, quantity: Quantity) -> bool {
        self.quantity.allows(quantity) && self.stock.is_none_or(|left| left >= quantity.into())
    }
}

/// Everything a customer is offered, in one currency.
pub struct Catalogue {
    pub offers: Vec<Offer>,
    pub currency: Currency,
    pub discount: Option<Discount>,
}

/// More products than this are not shown on one page.
const MAX_PRODUCTS: u32 = 1000;

impl Catalogue {
    /// What the customer of the link is offered now: all of the catalogue, or the link's selection; in
    /// the customer's currency, or in the shop's where nothing has a price in theirs.
    pub async fn of(
        app: &App,
        OpenLink { link, customer, settings }: &OpenLink,
        reading: Reading,
    ) -> Result<Self, Problem> {
        let shop = &customer.shop;
        let (offered, stocks, group) = tokio::try_join!(
            app.table.offers(shop, MAX_PRODUCTS, reading),
            app.table.stocks(shop, MAX_PRODUCTS, reading),
            group(app, customer)
        )?;
        let offered: Vec<Offered> = offered.into_iter().filter(|offered| link.offers(offered.id)).collect();
        let sold_in = |currency| offered.iter().any(|offered| offered.prices.get(currency).is_some());
        let currency = if sold_in(customer.currency) { customer.currency } else { settings.currency };
        let rate = group.as_ref().map(|group| group.rate_bp);
        let terms = Terms { rate, discount: customer.discount, stacked: settings.stacked_discounts };
        let view = View { currency, terms, group, customer, settings, stocks };
        let offers = offered.into_iter().filter_map(|offered| view.offer(offered));
        Ok(Self { offers: offers.collect(), currency, discount: terms.own_discount() })
    }

    /// Names what is offered and at which prices: a page that was shown another one has to be
    /// looked at again before it is ordered from.
    pub fn stamp(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.currency.code());
        for offer in &self.offers {
            hash.update(offer.product.ulid().to_bytes());
            hash.update(offer.price.minor().to_be_bytes());
        }
        BASE64URL_NOPAD.encode(&hash.finalize()[..12])
    }

    /// What is offered, by category, in the order of the catalogue.
    pub fn by_category(&self) -> impl Iterator<Item = (Option<&str>, &[Offer])> {
        let same = |one: &Offer, next: &Offer| one.category == next.category;
        self.offers.chunk_by(same).map(|offers| {
            let category = offers.first().and_then(|offer| offer.category.as_ref());
            (category.map(|category| category.expose()), offers)
        })
    }

    /// What is offered of `product`.
    pub fn offer(&self, product: ProductId) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.product == product)
    }

    /// An order's line for `quantity` of what is offered.
    pub fn line(&self, offer: &Offer, quantity: Quantity) -> Option<OrderLine> {
        let name: Line<120> = offer.name.parse().ok()?;
        Some(OrderLine {
            product: Some(offer.product),
            name,
            unit: offer.unit.clone(),
            quantity,
            base_price: offer.base_price,
            unit_price: offer.price,
            discount: self.discount,
        })
    }
}

/// The group of `customer`, unless it has been deleted.
async fn group(app: &App, customer: &Customer) -> shared::Result<Option<Group>> {
    match customer.group {
        Some(id) => app.table.group(&customer.shop, id).await,
        None => Ok(None),
    }
}

/// Who looks at the catalogue, and on which terms.
struct View<'a> {
    currency: Currency,
    terms: Terms,
    group: Option<Group>,
    customer: &'a Customer,
    settings: &'a Settings,
    stocks: BTreeMap<ProductId, i64>,
}

impl View<'_> {
    fn offer(&self, offered: Offered) -> Option<Offer> {
        let base_price = offered.prices.get(self.currency)?;
        let of_group = offered.group_price(self.group.as_ref().map(|group| group.id), self.currency);
        Some(Offer {
            product: offered.id,
            name: offered.name.best(&self.customer.language, &self.settings.language()).to_owned(),
            price: self.terms.price(base_price, of_group),
            base_price,
            unit: offered.unit,
            category: offered.category,
            quantity: offered.quantity,
            stock: self.stocks.get(&offered.id).copied(),
        })
    }
}
