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

fn links() -> MarketingLinks<'static> {
    MarketingLinks {
        unsubscribe: link("https://shop.example/p/T0KEN/unsubscribe?a=1&b=2"),
        preferences: Some(link("https://shop.example/p/T0KEN")),
    }
}

/// Every sample, and what a mail of its kind is without, or with, what not every mail has.
fn contents(language: Locale) -> Vec<(&'static str, Content<'static>)> {
    let open = Some(link("https://shop.example/orders/01J"));
    let (offer, order) = (Some("Un pot de miel offert"), link("https://shop.example/o/T0KEN"));
    let last_order_on = "12 mai 2025";
    let reactivation =
        Content::Reactivation { customer_name: None, last_order_on, offer: None, order: open, links: links() };
    let mut contents = samples(language);
    contents.extend([
        ("welcome_unconfirmed", Content::Welcome { addressee: Addressee::Unconfirmed, preferences: None }),
        ("order_confirmation_plain", plain_order()),
        ("abandoned_order_offer", sample(MessageKind::AbandonedOrder, language).offering(offer)),
        ("birthday_plain", Content::Birthday { customer_name: None, offer: None, links: links() }),
        ("reactivation_plain", reactivation),
        (
            "notice_submission_open",
            Content::MerchantNotice { notice: Notice::Submission { form: "Contact", fields: &[] }, open: Some(order) },
        ),
        marketing_paused("notice_bounces", false),
        marketing_paused("notice_complaints", true),
    ]);
    contents
}

fn marketing_paused(name: &'static str, complaints: bool) -> (&'static str, Content<'static>) {
    let (count, share, limit) =
        if complaints { ("2", "0,1\u{a0}%", "0,08\u{a0}%") } else { ("52", "4,3\u{a0}%", "4\u{a0}%") };
    let notice = Notice::MarketingPaused { complaints, count, sent: "1\u{202f}204", share, limit };
    (name, Content::MerchantNotice { notice, open: None })
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
    let mail = mail(Locale::En, &Content::Birthday { customer_name: None, offer: None, links: links() }, &SLOTLESS);
    assert!(mail.html.contains("href=\"https://shop.example/p/T0KEN/unsubscribe?a=1&amp;b=2\""));
    assert!(mail.text.contains("\nhttps://shop.example/p/T0KEN/unsubscribe?a=1&b=2\n"));
}

#[test]
fn what_stands_where_a_shop_wrote_nothing_is_a_text_it_could_write() {
    for (kind, language) in MessageKind::ALL.into_iter().flat_map(|kind| Locale::ALL.map(|language| (kind, language))) {
        for slot in kind.slots() {
            let text = default_text(kind, language, *slot);
            assert_eq!(text.is_none(), *slot == Slot::Offer, "{kind:?} {slot:?}");
            assert!(text.is_none_or(|text| check_slot(kind, *slot, &text).is_ok()), "{kind:?} {slot:?}");
        }
    }
}
