//! Every kind in every language as a snapshot, hostile values, slots, and the keys of the
//! wordings.

use super::*;

const SLOTLESS: Slots = Slots::new();

fn link(address: &str) -> Link<'_> {
    Link::new(address).unwrap()
}

fn look() -> Look<'static> {
    let logo = Some(link("https://cdn.example.com/logo.png"));
    let address = Some("12 rue des Abeilles\n26000 Valence");
    Look::new("La Ruche d’Or", logo, "#c8811a", address).unwrap()
}

fn plain_look() -> Look<'static> {
    Look::new("La Ruche d’Or", None, "#1f5c4a", None).unwrap()
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
        discount: Some("−10 %"),
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

const FIELDS: &[Field] = &[
    Field {
        label: "name",
        value: "Zoé Dupont",
    },
    Field {
        label: "message",
        value: "Bonjour,\nlivrez-vous à Lyon ?",
    },
];

/// One content of each kind and wording, with the name of its snapshots.
fn contents() -> Vec<(&'static str, Content<'static>)> {
    let zoe = Addressee::Confirmed { name: Some("Zoé") };
    let open = Some(link("https://shop.example/orders/01J"));
    let preferences = links().preferences;
    vec![
        (
            "welcome",
            Content::Welcome {
                addressee: zoe,
                preferences,
            },
        ),
        (
            "welcome_unconfirmed",
            Content::Welcome {
                addressee: Addressee::Unconfirmed,
                preferences: None,
            },
        ),
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
        (
            "birthday",
            Content::Birthday {
                customer_name: Some("Zoé"),
                offer: Some("−10 % jusqu’au 31 mai"),
                links: links(),
            },
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
            "export_ready",
            Content::ExportReady {
                file_name: "customers-2026-05-12.csv",
                rows: 12_345,
                download: link("https://files.example/x.csv?a=1&sig=2"),
                expires_on: "19 mai 2026",
            },
        ),
        (
            "notice_submission",
            Content::MerchantNotice {
                notice: Notice::Submission {
                    form: "contact",
                    fields: FIELDS,
                },
                open,
            },
        ),
        (
            "notice_order",
            Content::MerchantNotice {
                notice: Notice::Order {
                    number: "7KQ2-M8",
                    customer: "Zoé Dupont",
                    total: "44,48 €",
                },
                open: None,
            },
        ),
    ]
}

fn mail(language: Language, content: &Content, slots: &Slots) -> Rendered {
    render(&look(), language, content, slots).unwrap()
}

#[test]
fn every_kind_in_every_language() {
    let kinds: Vec<_> = contents()
        .iter()
        .map(|(_, content)| content.kind())
        .collect();
    assert!(Kind::ALL.iter().all(|kind| kinds.contains(kind)));
    for (name, content) in contents() {
        for language in Language::ALL {
            let mail = mail(language, &content, &SLOTLESS);
            let head = format!(
                "Subject: {}\nPreheader: {}\n\n",
                mail.subject, mail.preheader
            );
            let tag = language.tag();
            insta::assert_snapshot!(format!("{name}.{tag}.html"), mail.html);
            insta::assert_snapshot!(format!("{name}.{tag}.txt"), head + &mail.text);
        }
    }
}
