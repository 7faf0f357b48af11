//! What a customer is offered, at which price. Prices are read here and nowhere else: none ever
//! comes from a request.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use shared::App;
use shared::domain::{
    Currency, Customer, Discount, Group, Line, Money, OrderLine, Product, ProductId, Quantity, Settings, Terms,
};
use shared::http::Problem;

use crate::open_link::OpenLink;

/// One product, as this customer is offered it.
pub struct Offer {
    pub product: ProductId,
    pub name: String,
    pub base_price: Money,
    pub price: Money,
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
    pub async fn of(app: &App, OpenLink { link, customer, settings }: &OpenLink) -> Result<Self, Problem> {
        let (products, group) =
            tokio::try_join!(app.table.products(&customer.shop, MAX_PRODUCTS, None), group(app, customer))?;
        let products: Vec<Product> = products.items.into_iter().filter(|product| link.offers(product.id)).collect();
        let sold_in = |currency| products.iter().any(|product| product.prices.get(currency).is_some());
        let currency = if sold_in(customer.currency) { customer.currency } else { settings.currency };
        let rate = group.map(|group| group.rate_bp);
        let terms = Terms { rate, discount: customer.discount, stacked: settings.stacked_discounts };
        let offers = products.iter().filter_map(|product| offer(product, currency, terms, customer, settings));
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

    /// An order's line for `quantity` of `product`, if it is offered.
    pub fn line(&self, product: ProductId, quantity: Quantity) -> Option<OrderLine> {
        let offer = self.offers.iter().find(|offer| offer.product == product)?;
        let name: Line<120> = offer.name.parse().ok()?;
        Some(OrderLine {
            product: Some(product),
            name,
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

fn offer(
    product: &Product,
    currency: Currency,
    terms: Terms,
    customer: &Customer,
    settings: &Settings,
) -> Option<Offer> {
    let base_price = product.prices.get(currency)?;
    let name = product.name.best(&customer.language, &settings.language()).to_owned();
    let price = terms.price(base_price, None);
    Some(Offer { product: product.id, name, base_price, price })
}
