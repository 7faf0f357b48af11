//! What `pdf-extract` reads on the cards is what stands in the records.

use jiff::civil::date;
use pdf_extract::extract_text_from_mem_by_pages;
use serde_json::json;
use shared::domain::{CustomerId, Source};

use super::*;

fn settings(language: &str) -> Settings {
    serde_json::from_value(json!({
        "shop": "main", "version": 1, "name": "La Ruche d’Épinal", "sender": "shop@example.com",
        "zone": "Europe/Paris", "currency": "EUR", "country": "FR", "languages": [language],
    }))
    .unwrap()
}

fn at() -> Timestamp {
    "2026-11-22T21:30:00Z".parse().unwrap()
}

fn customer(number: u128, name: &str) -> Customer {
    let id = CustomerId::new(number.into());
    Customer::new(&settings("fr"), id, name.parse().unwrap(), "zoe@example.com".parse().unwrap(), Source::Staff, at())
}

/// Everything that a card can hold.
fn whole(number: u128, name: &str) -> Customer {
    let tags = json!({
        "vip": { "at": at(), "by": "staff" },
        "sans_gluten": { "label": "Sans gluten", "at": at(), "by": "staff" },
        "local": { "at": at(), "by": "staff", "expires_on": "2026-11-21" },
    });
    let figures = json!({
        "orders": 12, "totals": { "EUR": 123_456, "CHF": 5_000 }, "first_order_on": "2026-01-02",
        "last_days": ["2026-11-01", "2026-10-01", "2026-01-02"],
    });
    let address = |street: &str, country: &str| {
        let parts = json!({ "street": street, "postcode": "88000", "city": "Épinal", "country": country });
        serde_json::from_value(parts).unwrap()
    };
    Customer {
        company: "Boulangerie Dupont & fils".parse().ok(),
        contact_person: "M. Ali Benali".parse().ok(),
        phone: shared::domain::Phone::parse(shared::domain::Country::FR, "06 12 34 56 78").ok(),
        delivery_address: Some(address("12 rue des Lilas", "FR")),
        billing_address: Some(address("1 Hauptstraße", "DE")),
        birthday: "--04-15".parse().ok(),
        tags: serde_json::from_value(tags).unwrap(),
        figures: serde_json::from_value(figures).unwrap(),
        ..customer(number, name)
    }
}

fn made(settings: &Settings, customers: &[Customer]) -> Vec<u8> {
    let mut cards = Cards::begin(settings, at());
    for customer in customers {
        cards.card(customer, ShopDay { settings, today: date(2026, 11, 22) });
    }
    cards.finish().unwrap()
}

/// The words of each page, one space between them: `pdf-extract` guesses where lines end.
fn pages(file: &[u8]) -> Vec<String> {
    let pages = extract_text_from_mem_by_pages(file).unwrap();
    pages.iter().map(|page| page.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_card_holds_what_is_known_in_the_shops_language() {
    let settings = settings("fr");
    let read = pages(&made(&settings, &[whole(1, "Zoé Dupont")])).concat();
    for words in [
        "La Ruche d’Épinal",
        "Établies le 22 novembre 2026 à 22 h 30",
        "page 1 de 1",
        "Zoé Dupont",
        "Boulangerie Dupont & fils",
        "M. Ali Benali",
        "zoe@example.com",
        "06 12 34 56 78",
        "12 rue des Lilas",
        "88000 Épinal",
        "1 Hauptstraße",
        "GERMANY",
        "Anniversaire 15 avril",
        "Statut Prospect",
        "Segment VIP",
        "1 234,56 €",
        "1er novembre 2026",
        "Sans gluten, VIP",
        "Offres par e-mail non",
    ] {
        assert!(read.contains(words), "{words} in {read}");
    }
    assert!(!read.contains("Local"), "a tag that stands no longer");
    let english = Settings { languages: vec![Locale::En.language()], ..settings };
    let read = pages(&made(&english, &[whole(1, "Zoé Dupont")])).concat();
    assert!(read.contains("page 1 of 1") && read.contains("Birthday 15 April") && read.contains("€1,234.56"), "{read}");
}

#[test]
fn every_script_is_read_back_and_what_the_font_lacks_is_shown() {
    let names = ["Łukasz Żółć", "Ελένη Παπαδοπούλου", "Наталія Ґудзь", "Ağaoğlu Şükrü", "Nguyễn Thị Hạnh", "ﬁn æøå ẞ"];
    let customers: Vec<Customer> = (1..).zip(names).map(|(number, name)| customer(number, name)).collect();
    let mut cards = Cards::begin(&settings("fr"), at());
    for name in names {
        assert!(name.chars().all(|c| cards.typefaces.bold.has(c)), "{name}");
    }
    let words = "Établies le 22 novembre 2026 à 22 h\u{a0}30 · 1\u{202f}234,50\u{a0}€ e‑mail … ’ «»";
    assert!(words.chars().all(|c| cards.typefaces.regular.has(c)));
    let read = pages(&made(&settings("fr"), &customers)).concat();
    for name in names {
        assert!(read.contains(name), "{name} in {read}");
    }
    // An empty box to the eye, and itself to whoever copies it.
    let missing = customer(9, "山田太郎 🎂 שלום");
    cards.card(&missing, ShopDay { settings: &settings("fr"), today: date(2026, 11, 22) });
    assert!(cards.typefaces.bold.width("山", 10.0) > 3.0);
    let read = pages(&cards.finish().unwrap()).concat();
    assert!(read.contains("山田太郎"), "{read}");
}

#[test]
fn every_customer_is_on_one_page_and_pages_are_counted() {
    let numbers = 1..=u128::from(shared::domain::ExportFormat::Pdf.most_rows().unwrap()) / 4;
    let customers: Vec<Customer> = numbers.clone().map(|number| whole(number, &format!("Client n{number}x"))).collect();
    let read = pages(&made(&settings("fr"), &customers));
    assert!((40..65).contains(&read.len()), "{} pages", read.len());
    for (number, page) in (1..).zip(&read) {
        assert!(page.contains(&format!("page {number} de {}", read.len())), "{page}");
    }
    for number in numbers {
        let on = read.iter().filter(|page| page.contains(&format!("Client n{number}x"))).count();
        assert_eq!(on, 1, "{number}");
    }
    assert_eq!(made(&settings("fr"), &customers), made(&settings("fr"), &customers), "the same cards, the same file");
}

#[test]
fn the_longest_card_fits_a_page() {
    let long = |length: usize| "W".repeat(length);
    let address: shared::domain::PostalAddress = serde_json::from_value(json!({
        "street": long(200), "extra": "mot ".repeat(50).trim(), "city": long(100), "region": long(100), "country": "FR",
    }))
    .unwrap();
    let customer = Customer {
        company: long(200).parse().ok(),
        contact_person: long(200).parse().ok(),
        email: format!("{}@{}.example.com", "w".repeat(64), "w".repeat(60)).parse().unwrap(),
        delivery_address: Some(address.clone()),
        billing_address: Some(address),
        ..whole(1, &long(200))
    };
    let typefaces = Typefaces { regular: Typeface::new(Weight::Regular), bold: Typeface::new(Weight::Bold) };
    let settings = Settings { name: long(100).parse().unwrap(), ..settings("fr") };
    let on = ShopDay { settings: &settings, today: date(2026, 11, 22) };
    let card = Card::of(&typefaces, Locale::Fr, &customer, on, COLUMN);
    assert!(card.height <= TOP - BOTTOM, "{}", card.height);
    for piece in &card.pieces {
        let right = piece.x + typefaces.of(piece.weight).width(&piece.text, piece.size);
        assert!(right <= COLUMN - card::PADDING, "{} ends at {right}", piece.text);
    }
    assert_eq!(pages(&made(&settings, &[customer.clone(), customer])).len(), 1, "one in each column");
}

#[test]
fn a_list_of_nobody_says_so() {
    let read = pages(&made(&settings("fr"), &[]));
    assert_eq!(read.len(), 1);
    assert!(read[0].contains("Aucun client.") && read[0].contains("page 1 de 1"), "{}", read[0]);
}
