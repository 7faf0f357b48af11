//! One content of each kind: snapshots in every language, and what holds for all of them.

mod values;
mod wordings;

use super::*;
use crate::domain::{Colour, Locale, MessageClass, MessageKind, Slot, Slots};

const SLOTLESS: Slots = Slots::new();

fn link(address: &str) -> Link<'_> {
    Link::new(address).unwrap()
}

fn look() -> Look<'static> {
    let logo = Some(link("https://cdn.example.com/logo.png"));
    let address = Some("12 rue des Abeilles\n26000 Valence");
    Look::new("La Ruche d’Or", logo, "#c8811a".parse().unwrap(), address)
}

fn way_out() -> Link<'static> {
    link("https://shop.example/p/T0KEN/unsubscribe?a=1&b=2")
}

/// Every sample, and what a mail of its kind is without, or with, what not every mail has.
fn contents(language: Locale) -> Vec<(&'static str, Content<'static>)> {
    let offer = Some("Un pot de miel offert");
    let last_order_on = "12 mai 2025";
    let unsubscribe = way_out();
    let mut contents = samples(language);
    contents.extend([
        ("welcome_unconfirmed", Content::Welcome { addressee: Addressee::Unconfirmed, preferences: None }),
        ("order_confirmation_plain", plain_order()),
        ("abandoned_order_offer", sample(MessageKind::AbandonedOrder, language).offering(offer)),
        ("birthday_plain", Content::Birthday { customer_name: None, soon: false, offer: None, unsubscribe }),
        ("reactivation_plain", Content::Reactivation { customer_name: None, last_order_on, offer: None, unsubscribe }),
    ]);
    contents
}

/// Without a note, without a page, to an address that nobody has confirmed.
fn plain_order() -> Content<'static> {
    let addressee = Addressee::Unconfirmed;
    Content::OrderConfirmation {
        addressee,
        number: "260512-7KQ2M8",
        placed_on: "12 mai 2026",
        lines: LINES,
        total: "44,48 €",
        note: None,
        order: None,
    }
}

const LINES: &[OrderLine] =
    &[OrderLine { name: "Miel", quantity: "1", unit_price: "44,48 €", discount: None, total: "44,48 €" }];

/// Every content in every language.
fn everything() -> impl Iterator<Item = (&'static str, Locale, Content<'static>)> {
    let of = |language| contents(language).into_iter().map(move |(name, content)| (name, language, content));
    Locale::ALL.into_iter().flat_map(of)
}

fn mail(language: Locale, content: &Content, slots: &Slots) -> Rendered {
    render(&look(), language, content, slots).unwrap()
}

#[test]
fn every_kind_in_every_language() {
    for language in Locale::ALL {
        assert!(MessageKind::ALL.into_iter().all(|kind| sample(kind, language).kind() == kind));
    }
    for (name, language, content) in everything() {
        let mail = mail(language, &content, &SLOTLESS);
        let head = format!("Subject: {}\nPreheader: {}\n\n", mail.subject, mail.preheader);
        let tag = language.tag();
        insta::assert_snapshot!(format!("{name}.{tag}.html"), mail.html);
        insta::assert_snapshot!(format!("{name}.{tag}.txt"), head + &mail.text);
    }
}

#[test]
fn a_mail_fetches_nothing_but_the_logo() {
    let look = Look::new("Shop", None, Colour::DEFAULT, None);
    for (_, language, content) in everything() {
        let html = render(&look, language, &content, &SLOTLESS).unwrap().html;
        for fetch in ["src=", "<link", "@import", "url(", "background=\"", "<script", "fonts."] {
            assert!(!html.contains(fetch), "{fetch}");
        }
    }
    let html = mail(Locale::Fr, &sample(MessageKind::Welcome, Locale::Fr), &SLOTLESS).html;
    assert_eq!(html.matches("src=").count(), 1);
    assert!(html.contains("src=\"https://cdn.example.com/logo.png\" alt=\"La Ruche d’Or\""));
}

#[test]
fn nothing_of_a_template_is_left_and_texts_are_shaped() {
    for (_, language, content) in everything() {
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

#[test]
fn marketing_shows_the_way_out_and_nothing_else_does() {
    for (name, language, content) in everything() {
        let mail = mail(language, &content, &SLOTLESS);
        let marketing = content.kind().class() == MessageClass::Marketing;
        for way_out in ["Se désinscrire", "Unsubscribe"] {
            let spoken = (way_out == "Unsubscribe") == (language == Locale::En);
            assert_eq!(mail.html.contains(way_out), marketing && spoken, "{name}");
            assert_eq!(mail.text.contains(way_out), marketing && spoken, "{name}");
        }
    }
    let mail = mail(
        Locale::En,
        &Content::Birthday { customer_name: None, soon: false, offer: None, unsubscribe: way_out() },
        &SLOTLESS,
    );
    assert!(mail.html.contains("href=\"https://shop.example/p/T0KEN/unsubscribe?a=1&amp;b=2\""));
    assert!(mail.text.contains("\nhttps://shop.example/p/T0KEN/unsubscribe?a=1&b=2\n"));
}

#[test]
fn what_stands_where_a_shop_wrote_nothing_is_a_text_it_could_write() {
    for (kind, language) in MessageKind::ALL.into_iter().flat_map(|kind| Locale::ALL.map(|language| (kind, language))) {
        for slot in kind.slots() {
            let text = default_text(&sample(kind, language), language, *slot);
            assert_eq!(text.is_none(), *slot == Slot::Offer, "{kind:?} {slot:?}");
            assert!(text.is_none_or(|text| check_slot(kind, *slot, &text).is_ok()), "{kind:?} {slot:?}");
        }
    }
}
