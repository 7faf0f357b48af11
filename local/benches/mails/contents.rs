//! A mail of each kind, as long as they are.

use shared::domain::OrderNews;
use shared::email::{Addressee, ChosenLine, Content, Field, Link, MarketingLinks, Notice, OrderLine};

const ZOE: Addressee<'_> = Addressee::Confirmed { name: Some("Zoé") };

const LINES: [OrderLine<'_>; 3] = [OrderLine {
    name: "Miel de châtaignier des Cévennes, pot de 500 g",
    quantity: "2",
    unit_price: "17,99 €",
    discount: Some("−12,5 %"),
    total: "31,48 €",
}; 3];

const CHOSEN: [ChosenLine<'_>; 3] =
    [ChosenLine { name: "Miel de châtaignier des Cévennes, pot de 500 g", quantity: "2" }; 3];

const FIELDS: [Field<'_>; 2] =
    [Field { label: "name", value: "Zoé Dupont" }, Field { label: "message", value: "Bonjour,\nlivrez-vous à Lyon ?" }];

fn page(of: &'static str) -> Link<'static> {
    Link::new(of).unwrap()
}

/// One of each kind.
pub fn contents() -> Vec<Content<'static>> {
    let mut contents = of_orders();
    contents.extend(of_campaigns());
    let notice = Notice::Submission { form: "Contact", fields: &FIELDS };
    contents.extend([
        Content::Welcome { addressee: ZOE, preferences: Some(page("https://ruche.example/p/T0KEN")) },
        Content::ConfirmConsent {
            words: "J’accepte de recevoir les offres de La Ruche d’Or par e-mail.",
            agree: page("https://ruche.example/p/T0KEN/agree"),
        },
        Content::ConfirmAddress { code: "04071977" },
        Content::ExportReady { file_name: "customers-2026-05-12.csv", rows: 12_345, expires_on: "19 mai 2026" },
        Content::MerchantNotice { notice, open: None },
    ]);
    contents
}

fn of_orders() -> Vec<Content<'static>> {
    let (number, total) = ("7KQ2-M8", "94,44 €");
    let order = page("https://ruche.example/o/T0KEN?order=01J");
    vec![
        Content::OrderConfirmation {
            addressee: ZOE,
            number,
            placed_on: "12 mai 2026",
            lines: &LINES,
            total,
            note: Some("Sans emballage cadeau,\nmerci !"),
            order: Some(order),
        },
        Content::OrderState {
            addressee: ZOE,
            news: OrderNews::Shipped,
            number,
            lines: &LINES,
            total,
            order: Some(order),
        },
        Content::OrderLink { addressee: ZOE, expires_on: "10 août 2026", order },
    ]
}

fn of_campaigns() -> Vec<Content<'static>> {
    let links = MarketingLinks { unsubscribe: page("https://ruche.example/p/T0KEN"), preferences: None };
    let (customer_name, offer) = (Some("Zoé"), Some("−10 % jusqu’au 31 mai"));
    let order = page("https://ruche.example/o/T0KEN");
    vec![
        Content::AbandonedOrder { customer_name, lines: &CHOSEN, offer, order, links },
        Content::Birthday { customer_name, offer, links },
        Content::Reactivation { customer_name, last_order_on: "12 mai 2025", offer, order: Some(order), links },
        Content::Satisfaction { customer_name, number: "7KQ2-M8", placed_on: "12 mai 2026", links },
    ]
}
