//! An e-mail of each kind and wording, with values that nobody has: what a preview shows to whoever is
//! changing a text, and what tests look at. Values are in the reader's language, as mails format them.

use super::content::{Addressee, ChosenLine, Content, Field, Notice, OrderLine};
use super::link::Link;
use crate::domain::{Locale, MessageKind, OrderNews, Settings};

/// The sample of a kind; of one that has words for each occasion, that of the first.
#[must_use]
pub fn sample(kind: MessageKind, language: Locale) -> Content<'static> {
    let found = samples(language).into_iter().find(|(_, content)| content.kind() == kind);
    found.expect("every kind has a sample, which a test reads").1
}

/// The sample of a kind as the settings of a shop make it: what it offers, and when it writes.
#[must_use]
pub fn sample_of(kind: MessageKind, language: Locale, settings: &Settings) -> Content<'_> {
    let ahead = settings.automations.birthday.days_before > 0;
    sample(kind, language).offering(settings.offer(kind)).ahead(ahead)
}

/// A sample of each kind and wording, by its name.
#[must_use]
pub fn samples(language: Locale) -> Vec<(&'static str, Content<'static>)> {
    let said = match language {
        Locale::Fr => &FRENCH,
        Locale::En => &ENGLISH,
    };
    [said.to_a_customer(), said.of_orders(), said.commercial(), said.to_the_shop()].concat()
}

/// The values of one language.
struct Said {
    words: &'static str,
    lines: &'static [OrderLine<'static>],
    chosen: &'static [ChosenLine<'static>],
    total: &'static str,
    note: &'static str,
    day: &'static str,
    a_year_before: &'static str,
    last_day: &'static str,
    offer: &'static str,
    fetched_until: &'static str,
    form: &'static str,
    fields: &'static [Field<'static>],
    comment: &'static str,
    bounces: Notice<'static>,
    complaints: Notice<'static>,
}

const NUMBER: &str = "260512-7KQ2M8";
const ZOE: Addressee<'static> = Addressee::Confirmed { name: Some("Zoé") };

impl Said {
    fn to_a_customer(&self) -> Vec<(&'static str, Content<'static>)> {
        vec![
            ("welcome", Content::Welcome { addressee: ZOE, preferences: Some(link(PREFERENCES)) }),
            (
                "confirm_consent",
                Content::ConfirmConsent { words: self.words, agree: link("https://example.com/p/agree") },
            ),
            ("confirm_address", Content::ConfirmAddress { code: "04071977" }),
            (
                "order_link",
                Content::OrderLink { addressee: ZOE, expires_on: self.last_day, order: link("https://example.com/o") },
            ),
        ]
    }

    fn of_orders(&self) -> Vec<(&'static str, Content<'static>)> {
        let order = Some(link("https://example.com/o?order=1"));
        let confirmation = Content::OrderConfirmation {
            addressee: ZOE,
            number: NUMBER,
            placed_on: self.day,
            lines: self.lines,
            total: self.total,
            note: Some(self.note),
            order,
        };
        let state = |news| {
            // The page of an order that was cancelled thanks for it.
            let order = order.filter(|_| news != OrderNews::Cancelled);
            let (lines, total) = (self.lines, self.total);
            Content::OrderState { addressee: ZOE, news, number: NUMBER, lines, total, order }
        };
        vec![
            ("order_confirmation", confirmation),
            ("order_confirmed", state(OrderNews::Confirmed)),
            ("order_in_production", state(OrderNews::InProduction)),
            ("order_shipped", state(OrderNews::Shipped)),
            ("order_delivered", state(OrderNews::Delivered)),
            ("order_cancelled", state(OrderNews::Cancelled)),
        ]
    }

    fn commercial(&self) -> Vec<(&'static str, Content<'static>)> {
        let unsubscribe = link(PREFERENCES);
        let (customer_name, offer) = (Some("Zoé"), Some(self.offer));
        let (order, lines) = (link("https://example.com/o"), self.chosen);
        vec![
            ("abandoned_order", Content::AbandonedOrder { customer_name, lines, offer: None, order, unsubscribe }),
            ("birthday", Content::Birthday { customer_name, soon: false, offer, unsubscribe }),
            ("birthday_soon", Content::Birthday { customer_name, soon: true, offer, unsubscribe }),
            (
                "reactivation",
                Content::Reactivation { customer_name, last_order_on: self.a_year_before, offer, unsubscribe },
            ),
            ("satisfaction", Content::Satisfaction { customer_name, number: NUMBER, placed_on: self.day, unsubscribe }),
        ]
    }

    fn to_the_shop(&self) -> Vec<(&'static str, Content<'static>)> {
        let told = |notice| Content::MerchantNotice { notice };
        let (customer, email) = ("Zoé Dupont", "zoe@example.com");
        vec![
            (
                "export_ready",
                Content::ExportReady {
                    file_name: "customers-2026-05-12.csv",
                    rows: 12_345,
                    expires_on: self.fetched_until,
                },
            ),
            ("notice_submission", told(Notice::Submission { form: self.form, fields: self.fields })),
            ("notice_deletion", told(Notice::Deletion { customer, email, comment: Some(self.comment) })),
            ("notice_bounces", told(self.bounces)),
            ("notice_complaints", told(self.complaints)),
        ]
    }
}

const PREFERENCES: &str = "https://example.com/p";

fn link(address: &'static str) -> Link<'static> {
    Link::new(address).expect("an address that a test reads")
}

const FRENCH: Said = Said {
    words: "J’accepte de recevoir par e-mail vos nouvelles et vos offres.",
    lines: &[
        OrderLine {
            name: "Miel de lavande, pot de 500\u{a0}g",
            quantity: "2",
            unit_price: "17,99\u{a0}€",
            discount: Some("−12,5\u{a0}%"),
            total: "35,98\u{a0}€",
        },
        OrderLine {
            name: "Pain d’épices artisanal aux écorces d’orange confites",
            quantity: "1",
            unit_price: "8,50\u{a0}€",
            discount: None,
            total: "8,50\u{a0}€",
        },
    ],
    chosen: &[
        ChosenLine { name: "Miel de lavande, pot de 500\u{a0}g", quantity: "2" },
        ChosenLine { name: "Pain d’épices artisanal aux écorces d’orange confites", quantity: "1" },
    ],
    total: "44,48\u{a0}€",
    note: "Sans emballage cadeau,\nmerci\u{202f}!",
    day: "12 mai 2026",
    a_year_before: "12 mai 2025",
    last_day: "10 août 2026",
    offer: "−10\u{a0}% jusqu’au 31 mai",
    fetched_until: "19 mai 2026 à 9\u{a0}h\u{a0}30",
    form: "Contact",
    fields: &[
        Field { label: "Nom", value: "Zoé Dupont" },
        Field { label: "Adresse e-mail", value: "zoe@example.com" },
        Field { label: "Message", value: "Bonjour,\nlivrez-vous à Lyon\u{202f}?" },
        Field { label: "miel préféré", value: "Lavande" },
    ],
    comment: "Merci pour tout,\nje déménage.",
    bounces: Notice::MarketingPaused {
        complaints: false,
        count: "52",
        sent: "1\u{202f}204",
        share: "4,3\u{a0}%",
        limit: "4\u{a0}%",
        least: "5",
    },
    complaints: Notice::MarketingPaused {
        complaints: true,
        count: "2",
        sent: "1\u{202f}204",
        share: "0,16\u{a0}%",
        limit: "0,08\u{a0}%",
        least: "2",
    },
};

const ENGLISH: Said = Said {
    words: "I agree to receive your news and offers by e-mail.",
    lines: &[
        OrderLine {
            name: "Lavender honey, 500\u{a0}g jar",
            quantity: "2",
            unit_price: "€17.99",
            discount: Some("−12.5%"),
            total: "€35.98",
        },
        OrderLine {
            name: "Traditional gingerbread with candied orange peel",
            quantity: "1",
            unit_price: "€8.50",
            discount: None,
            total: "€8.50",
        },
    ],
    chosen: &[
        ChosenLine { name: "Lavender honey, 500\u{a0}g jar", quantity: "2" },
        ChosenLine { name: "Traditional gingerbread with candied orange peel", quantity: "1" },
    ],
    total: "€44.48",
    note: "No gift wrapping,\nthank you!",
    day: "12 May 2026",
    a_year_before: "12 May 2025",
    last_day: "10 August 2026",
    offer: "10% off until 31 May",
    fetched_until: "19 May 2026, 9:30",
    form: "Contact",
    fields: &[
        Field { label: "Name", value: "Zoé Dupont" },
        Field { label: "E-mail address", value: "zoe@example.com" },
        Field { label: "Message", value: "Hello,\ndo you deliver to Lyon?" },
        Field { label: "favourite honey", value: "Lavender" },
    ],
    comment: "Thank you for everything,\nI am moving away.",
    bounces: Notice::MarketingPaused {
        complaints: false,
        count: "52",
        sent: "1,204",
        share: "4.3%",
        limit: "4%",
        least: "5",
    },
    complaints: Notice::MarketingPaused {
        complaints: true,
        count: "2",
        sent: "1,204",
        share: "0.16%",
        limit: "0.08%",
        least: "2",
    },
};
