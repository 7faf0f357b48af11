//! One content of each kind: snapshots in every language, and what holds for all of them.

mod values;
mod wordings;

use super::*;
use crate::domain::{Locale, MessageClass, MessageKind, OrderNews};

const SLOTLESS: Slots = Slots::new();

fn link(address: &str) -> Link<'_> {
    Link::new(address).unwrap()
}

fn look() -> Look<'static> {
    let logo = Some(link("https://cdn.example.com/logo.png"));
    let address = Some("12 rue des Abeilles\n26000 Valence");
    Look::new("La Ruche d’Or", logo, "#c8811a", address).unwrap()
}

fn links() -> MarketingLinks<'static> {
    MarketingLinks {
        unsubscribe: link("https://shop.example/p/T0KEN/unsubscribe?a=1&b=2"),
        preferences: Some(link("https://shop.example/p/T0KEN")),
    }
}

const LINES: &[OrderLine] = &[
    OrderLine {
        name: "Miel de lavande, pot de 500 g",
        quantity: "2",
        unit_price: "17,99 €",
        discount: Some("−12,5\u{a0}%"),
        total: "35,98 €",
    },
    OrderLine {
        name: "Pain d’épices artisanal aux écorces d’orange confites",
        quantity: "1",
        unit_price: "8,50 €",
        discount: None,
        total: "8,50 €",
    },
];

const CHOSEN: &[ChosenLine] = &[
    ChosenLine { name: "Miel de lavande, pot de 500 g", quantity: "2" },
    ChosenLine { name: "Pain d’épices artisanal aux écorces d’orange confites", quantity: "1" },
];

const FIELDS: &[Field] = &[
    Field { label: "name", value: "Zoé Dupont" },
    Field { label: "message", value: "Bonjour,\nlivrez-vous à Lyon ?" },
];

/// One content of each kind and wording, with the name of its snapshots.
fn contents() -> Vec<(&'static str, Content<'static>)> {
    let zoe = Addressee::Confirmed { name: Some("Zoé") };
    let open = Some(link("https://shop.example/orders/01J"));
    let preferences = links().preferences;
    vec![
        ("welcome", Content::Welcome { addressee: zoe, preferences }),
        ("welcome_unconfirmed", Content::Welcome { addressee: Addressee::Unconfirmed, preferences: None }),
        (
            "confirm_consent",
            Content::ConfirmConsent {
                words: "J’accepte de recevoir les offres et les nouvelles de La Ruche d’Or par e-mail.",
                agree: link("https://shop.example/p/T0KEN/agree"),
            },
        ),
        ("confirm_address", Content::ConfirmAddress { code: "04071977" }),
        (
            "order_confirmation",
            Content::OrderConfirmation {
                addressee: zoe,
                number: "7KQ2-M8",
                placed_on: "12 mai 2026",
                lines: LINES,
                total: "44,48 €",
                note: Some("Sans emballage cadeau,\nmerci !"),
                order: open,
            },
        ),
        order_state("order_confirmed", OrderNews::Confirmed, open),
        order_state("order_in_production", OrderNews::InProduction, open),
        order_state("order_shipped", OrderNews::Shipped, open),
        order_state("order_delivered", OrderNews::Delivered, None),
        order_state("order_cancelled", OrderNews::Cancelled, None),
        (
            "order_link",
            Content::OrderLink {
                addressee: zoe,
                expires_on: "10 août 2026",
                order: link("https://shop.example/o/T0KEN"),
            },
        ),
        (
            "abandoned_order",
            Content::AbandonedOrder {
                customer_name: Some("Zoé"),
                lines: CHOSEN,
                offer: None,
                order: link("https://shop.example/o/T0KEN"),
                links: links(),
            },
        ),
        (
            "birthday",
            Content::Birthday { customer_name: Some("Zoé"), offer: Some("−10 % jusqu’au 31 mai"), links: links() },
        ),
        (
            "reactivation",
            Content::Reactivation {
                customer_name: None,
                last_order_on: "12 mai 2025",
                offer: None,
                order: open,
                links: links(),
            },
        ),
        (
            "satisfaction",
            Content::Satisfaction {
                customer_name: Some("Zoé"),
                number: "7KQ2-M8",
                placed_on: "12 mai 2026",
                links: links(),
            },
        ),
        (
            "export_ready",
            Content::ExportReady { file_name: "customers-2026-05-12.csv", rows: 12_345, expires_on: "19 mai 2026" },
        ),
        (
            "notice_submission",
            Content::MerchantNotice { notice: Notice::Submission { form: "contact", fields: FIELDS }, open },
        ),
        (
            "notice_deletion",
            Content::MerchantNotice {
                notice: Notice::Deletion {
                    customer: "Zoé Dupont",
                    email: "zoe@example.com",
                    comment: Some("Merci pour tout,\nje déménage."),
                },
                open: None,
            },
        ),
        (
            "notice_order",
            Content::MerchantNotice {
                notice: Notice::Order { number: "7KQ2-M8", customer: "Zoé Dupont", total: "44,48 €" },
                open: None,
            },
        ),
    ]
}

fn order_state(name: &'static str, news: OrderNews, order: Option<Link<'static>>) -> (&'static str, Content<'static>) {
    let addressee = Addressee::Confirmed { name: Some("Zoé") };
    (name, Content::OrderState { addressee, news, number: "7KQ2-M8", lines: LINES, total: "44,48 €", order })
}

fn mail(language: Locale, content: &Content, slots: &Slots) -> Rendered {
    render(&look(), language, content, slots).unwrap()
}

#[test]
fn every_kind_in_every_language() {
    let kinds: Vec<_> = contents().iter().map(|(_, content)| content.kind()).collect();
    assert!(MessageKind::ALL.iter().all(|kind| kinds.contains(kind)));
    for (name, content) in contents() {
        for language in Locale::ALL {
            let mail = mail(language, &content, &SLOTLESS);
            let head = format!("Subject: {}\nPreheader: {}\n\n", mail.subject, mail.preheader);
            let tag = language.tag();
            insta::assert_snapshot!(format!("{name}.{tag}.html"), mail.html);
            insta::assert_snapshot!(format!("{name}.{tag}.txt"), head + &mail.text);
        }
    }
}

#[test]
fn a_mail_fetches_nothing_but_the_logo() {
    let look = Look::new("Shop", None, "#1f5c4a", None).unwrap();
    for (_, content) in contents() {
        let html = render(&look, Locale::Fr, &content, &SLOTLESS).unwrap().html;
        for fetch in ["src=", "<link", "@import", "url(", "background=\"", "<script", "fonts."] {
            assert!(!html.contains(fetch), "{fetch}");
        }
    }
    let html = mail(Locale::Fr, &contents()[0].1, &SLOTLESS).html;
    assert_eq!(html.matches("src=").count(), 1);
    assert!(html.contains("src=\"https://cdn.example.com/logo.png\" alt=\"La Ruche d’Or\""));
}

#[test]
fn nothing_of_a_template_is_left_and_texts_are_shaped() {
    for (_, content) in contents() {
        for language in Locale::ALL {
            let mail = mail(language, &content, &SLOTLESS);
            for left in ["{{", "{%", "[[", "<mj-"] {
                assert!(!mail.html.contains(left) && !mail.text.contains(left), "{left}");
            }
            assert!(mail.html.contains(&format!("lang=\"{}\"", language.tag())));
            assert!(mail.html.contains("name=\"color-scheme\""));
            assert!(!mail.text.contains("\n\n\n") && !mail.text.contains(" \n"));
            assert!(mail.text.lines().all(|line| line.chars().count() <= 78 || line.starts_with("http")));
            assert!(mail.refused_slots.is_empty());
        }
    }
}

#[test]
fn marketing_shows_the_way_out_and_nothing_else_does() {
    for (_, content) in contents() {
        let mail = mail(Locale::En, &content, &SLOTLESS);
        let marketing = content.kind().class() == MessageClass::Marketing;
        let href = "href=\"https://shop.example/p/T0KEN/unsubscribe?a=1&amp;b=2\"";
        assert_eq!(mail.html.contains(href), marketing);
        assert_eq!(mail.text.contains("https://shop.example/p/T0KEN/unsubscribe?a=1&b=2\n"), marketing);
    }
}
