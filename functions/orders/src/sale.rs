//! A sale as staff or a till tell it: who bought, what, and how it was paid.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::domain::{
    Channel, Currency, CustomerId, EmailAddress, Invalid, Language, Line, Money, Name, Order, OrderLine, PaymentMethod,
    Phone, Product, ProductId, Quantity, Settings, Text,
};
use shared::http::{FieldError, Fields, Problem, choice, integer, integer_value, text};

/// Who bought.
pub enum Buyer {
    /// A customer of whom the till knows the id.
    Known(CustomerId),
    /// Somebody who said who they are: found by their address, or new.
    Introduced { name: Name, email: EmailAddress, phone: Option<Phone> },
}

/// What was bought.
enum Item {
    /// From the catalogue; `asked` where it cost something else.
    Product { product: ProductId, asked: Option<i64> },
    /// What the catalogue does not have.
    Free { name: Line<120>, price: i64 },
}

struct NewLine {
    item: Item,
    quantity: Quantity,
}

/// A sale as it was sent: what could be read of it, and where each line stands.
pub struct NewSale {
    buyer: Option<Buyer>,
    channel: Option<Channel>,
    payment_method: Option<PaymentMethod>,
    currency: Option<Currency>,
    note: Option<Text<500>>,
    lines: Vec<Option<NewLine>>,
}

impl NewSale {
    /// Reads what can be read; what is wrong stays with `fields`.
    pub fn read(fields: &mut Fields, settings: &Settings) -> Self {
        Self {
            buyer: buyer(fields, settings),
            channel: fields.required("channel", choice),
            payment_method: fields.optional("payment_method", choice),
            currency: fields.optional("currency", text),
            note: fields.optional("note", text),
            lines: fields.objects("lines", Order::MAX_LINES, line),
        }
    }

    /// The customer that was named by id, if one was.
    pub fn customer_id(&self) -> Option<CustomerId> {
        match self.buyer {
            Some(Buyer::Known(id)) => Some(id),
            Some(Buyer::Introduced { .. }) | None => None,
        }
    }

    /// The products that were named.
    pub fn products(&self) -> BTreeSet<ProductId> {
        let product = |line: &NewLine| match line.item {
            Item::Product { product, .. } => Some(product),
            Item::Free { .. } => None,
        };
        self.lines.iter().flatten().filter_map(product).collect()
    }

    /// The sale at the prices of `products`, once nothing in it is wrong.
    ///
    /// # Errors
    /// A problem with everything that is, what `fields` has found included.
    pub fn priced(self, mut fields: Fields, products: Vec<Product>, settings: &Settings) -> Result<Sale, Problem> {
        let currency = self.currency.unwrap_or(settings.currency);
        let products: BTreeMap<_, _> = products.into_iter().map(|product| (product.id, product)).collect();
        let mut lines = Vec::new();
        for (index, line) in self.lines.into_iter().enumerate() {
            match line.map(|line| line.priced(&products, currency)) {
                Some(Ok(line)) => lines.push(line),
                Some(Err((field, invalid))) => fields.reject_at(format!("/lines/{index}/{field}"), invalid),
                None => {}
            }
        }
        fields.finish()?;
        let (Some(buyer), Some(channel)) = (self.buyer, self.channel) else {
            return Err(Problem::internal("a required field that is missing is an error"));
        };
        let (payment_method, note) = (self.payment_method, self.note);
        let sale = Sale { buyer, channel, payment_method, currency, note, lines };
        let too_much = Invalid::OutOfRange { min: 0, max: Money::MAX_MINOR };
        let total = Order::total_of(&sale.lines(&settings.language(), settings), currency);
        total.map(|_| sale).map_err(|_| Problem::invalid(vec![FieldError::new("/lines", too_much)]))
    }
}

/// Reads who bought: by id, or by name and address; not both.
fn buyer(fields: &mut Fields, settings: &Settings) -> Option<Buyer> {
    let mut introduced = false;
    let new = fields.object("customer", |customer| {
        introduced = true;
        let name = customer.required("name", text);
        let email = customer.required("email", text);
        let read_phone = |value: &Value| Phone::parse(settings.country, value.as_str().ok_or(Invalid::WrongType)?);
        let phone = customer.optional("phone", read_phone);
        name.zip(email).map(|(name, email)| Buyer::Introduced { name, email, phone })
    });
    if introduced {
        fields.optional("customer_id", |_| Err::<CustomerId, _>(Invalid::TooMany { max: 1 }));
        return new;
    }
    fields.required_then("customer_id", text).map(Buyer::Known)
}

fn line(fields: &mut Fields) -> Option<NewLine> {
    let quantity = fields.required("quantity", integer);
    let price = |value: &Value| match integer_value(value)? {
        minor if (0..=Money::MAX_MINOR).contains(&minor) => Ok(minor),
        _ => Err(Invalid::OutOfRange { min: 0, max: Money::MAX_MINOR }),
    };
    let item = match fields.optional("product", |value| Ok(text(value))) {
        Some(product) => {
            let asked = fields.optional("unit_price_minor", price);
            match product {
                Ok(product) => Some(Item::Product { product, asked }),
                Err(invalid) => fields.reject("product", invalid),
            }
        }
        None => {
            let name = fields.required_then("name", text);
            let price = fields.required_then("unit_price_minor", price);
            name.zip(price).map(|(name, price)| Item::Free { name, price })
        }
    };
    item.zip(quantity).map(|(item, quantity)| NewLine { item, quantity })
}

impl NewLine {
    /// The line at its price, or which field of it is wrong.
    fn priced(
        self,
        products: &BTreeMap<ProductId, Product>,
        currency: Currency,
    ) -> Result<PricedLine, (&'static str, Invalid)> {
        let money = |minor| Money::new(minor, currency).map_err(|invalid| ("unit_price_minor", invalid));
        let quantity = self.quantity;
        match self.item {
            Item::Product { product, asked } => {
                let product = products.get(&product).ok_or(("product", Invalid::Id))?;
                let base_price = product.prices.get(currency).ok_or(("product", Invalid::Currency))?;
                let unit_price = asked.map_or(Ok(base_price), money)?;
                Ok(PricedLine { sold: Sold::Product(Box::new(product.clone())), quantity, base_price, unit_price })
            }
            Item::Free { name, price } => {
                let price = money(price)?;
                Ok(PricedLine { sold: Sold::Free(name), quantity, base_price: price, unit_price: price })
            }
        }
    }
}

/// What a line names.
enum Sold {
    Product(Box<Product>),
    Free(Line<120>),
}

struct PricedLine {
    sold: Sold,
    quantity: Quantity,
    base_price: Money,
    unit_price: Money,
}

/// A sale in which nothing is wrong.
pub struct Sale {
    pub buyer: Buyer,
    pub channel: Channel,
    pub payment_method: Option<PaymentMethod>,
    pub currency: Currency,
    pub note: Option<Text<500>>,
    lines: Vec<PricedLine>,
}

impl Sale {
    /// The lines as an order keeps them, named in `language`.
    pub fn lines(&self, language: &Language, settings: &Settings) -> Vec<OrderLine> {
        let line = |line: &PricedLine| {
            let (product, name, unit) = match &line.sold {
                Sold::Product(product) => {
                    let name = product.name.best(language, &settings.language()).parse().ok()?;
                    (Some(product.id), name, product.unit.clone())
                }
                Sold::Free(name) => (None, name.clone(), None),
            };
            let PricedLine { quantity, base_price, unit_price, .. } = *line;
            Some(OrderLine { product, name, unit, quantity, base_price, unit_price, discount: None })
        };
        self.lines.iter().filter_map(line).collect()
    }
}
