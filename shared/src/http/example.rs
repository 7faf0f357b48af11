//! A shop, a form, a customer and a product for describing what a handler reads, where reading depends
//! on them.

use jiff::Timestamp;
use serde_json::json;
use ulid::Ulid;

use crate::domain::{Customer, CustomerId, Form, Product, ProductId, Settings, Source};

/// The settings of a shop with nothing but defaults.
pub fn settings() -> Settings {
    let settings = json!({
        "shop": "main", "version": 1, "name": "Café du Port", "sender": "shop@example.com", "zone": "Europe/Paris",
        "currency": "EUR", "country": "FR", "languages": ["fr"],
    });
    serde_json::from_value(settings).expect("an example that a test reads")
}

/// A form with nothing but defaults.
pub fn form() -> Form {
    let (id, name) = ("contact".parse().expect("an id"), "Contact".parse().expect("a line"));
    Form::new(settings().shop, id, name, Timestamp::UNIX_EPOCH)
}

/// A customer with a name and an address.
pub fn customer() -> Customer {
    let (name, email) = ("Élodie Lefèvre".parse(), "elodie@example.com".parse());
    let (name, email) = (name.expect("a name"), email.expect("an address"));
    Customer::new(&settings(), CustomerId::new(Ulid::nil()), name, email, Source::Staff, Timestamp::UNIX_EPOCH)
}

/// A product with a name and a price.
pub fn product() -> Product {
    let product = json!({ "name": { "fr": "Miel" }, "prices": { "EUR": 1999 } });
    let part = |name: &str| product[name].clone();
    let name = serde_json::from_value(part("name")).expect("an example that a test reads");
    let prices = serde_json::from_value(part("prices")).expect("an example that a test reads");
    Product::new(ProductId::new(Ulid::nil()), name, prices, Timestamp::UNIX_EPOCH)
}
