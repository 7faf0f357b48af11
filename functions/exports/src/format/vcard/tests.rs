//! What the crate `vcard`, which checks against RFC 6350 and RFC 9554, reads in a card is the record.

use serde_json::json;
use shared::domain::{CustomerId, Source};
use vcard::VCard as Read;
use vcard::values::{DateAndOrTimeOrText, TelValue, TextOrUri};

use super::*;

fn settings() -> Settings {
    serde_json::from_value(json!({
        "shop": "main", "version": 1, "name": "La Ruche", "sender": "shop@example.com", "zone": "Europe/Paris",
        "currency": "EUR", "country": "FR", "languages": ["fr"],
    }))
    .unwrap()
}

fn at() -> Timestamp {
    "2026-11-22T21:30:00.5Z".parse().unwrap()
}

fn customer(name: &str) -> Customer {
    let id: CustomerId = "01KAPGCZ9HFSQ2V0R3N8B5T7WX".parse().unwrap();
    let email = "zoe@example.com".parse().unwrap();
    Customer::new(&settings(), id, name.parse().unwrap(), email, Source::Staff, at())
}

/// Everything that a card can hold.
fn whole() -> Customer {
    let tags = json!({
        "vip": { "at": at(), "by": "staff" },
        "fidele_de_paris_nord": { "label": "Fidèle, de Paris; Nord", "at": at(), "by": "staff" },
        "local": { "at": at(), "by": "staff", "expires_on": "2026-11-21" },
    });
    let address = |street: &str, extra: Option<&str>, country: &str| {
        serde_json::from_value(json!({
            "street": street, "extra": extra, "postcode": "75011", "city": "Paris", "country": country,
        }))
        .unwrap()
    };
    Customer {
        company: "Dupont, Fils; Cie \\ Ko".parse().ok(),
        phone: shared::domain::Phone::parse(shared::domain::Country::FR, "06 12 34 56 78").ok(),
        delivery_address: Some(address("12; rue des Lilas, bis", Some("Bâtiment B"), "FR")),
        billing_address: Some(address("1 Hauptstraße", None, "DE")),
        preferred_channels: serde_json::from_value(json!(["sms", "email"])).unwrap(),
        birthday: "1980-04-15".parse().ok(),
        tags: serde_json::from_value(tags).unwrap(),
        ..customer("Zoé Dupont")
    }
}

fn card(customer: &Customer) -> String {
    let mut bytes = Vec::new();
    write(&settings(), customer, at(), &mut bytes);
    String::from_utf8(bytes).unwrap()
}

/// The card as another library reads it.
fn read(customer: &Customer) -> Read {
    let read: Read = card(customer).parse().unwrap();
    read.validate().unwrap();
    read
}

#[test]
fn a_card_is_written_as_it_stands_in_the_standard() {
    let expected = "BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:019aad06-7d31-7e6e-2d83-03aa165d1f9d
FN:Zoé Dupont
N:Dupont;Zoé;;;
ORG:Dupont\\, Fils\\; Cie \\\\ Ko
EMAIL;PREF=2:zoe@example.com
TEL;VALUE=URI;TYPE=VOICE,TEXT;PREF=1:tel:+33612345678
ADR;CC=FR;TYPE=DELIVERY;PREF=1:;;12\\; rue des Lilas\\, bis,Bâtiment B;Paris
 ;;75011;France
ADR;CC=DE;TYPE=BILLING:;;1 Hauptstraße;Paris;;75011;Germany
LANG:fr
BDAY:19800415
CATEGORIES:Fidèle\\, de Paris\\; Nord,VIP
REV:20261122T213000Z
X-CLIENTELE-EXPORTED-AT;VALUE=TIMESTAMP:20261122T213000Z
END:VCARD
";
    assert_eq!(card(&whole()), expected.replace('\n', "\r\n"));
}

#[test]
fn what_is_read_back_is_the_record() {
    let (customer, read) = (whole(), read(&whole()));
    let TextOrUri::Uri(uid) = &read.uids[0].value else { panic!("an id that is no URI") };
    let uuid = uid.as_str().replace("urn:uuid:", "").replace('-', "");
    assert_eq!(u128::from_str_radix(&uuid, 16).unwrap(), u128::from(customer.id.ulid()));
    assert_eq!(read.formatted_names[0].value, "Zoé Dupont");
    assert_eq!(
        (&read.names[0].value.given_names, &read.names[0].value.family_names),
        (&vec!["Zoé".to_owned()], &vec!["Dupont".to_owned()])
    );
    assert_eq!(read.organizations[0].value.name, "Dupont, Fils; Cie \\ Ko");
    assert_eq!(read.emails[0].value.as_str(), "zoe@example.com");
    assert_eq!(read.emails[0].parameters.pref.unwrap().get(), 2);
    assert!(matches!(&read.telephones[0].value, TelValue::Uri(uri) if uri.as_str() == "tel:+33612345678"));
    assert_eq!(read.telephones[0].parameters.types, [vcard::TypeValue::Voice, vcard::TypeValue::Text]);
    let [delivery, billing] = &read.addresses[..] else { panic!("two addresses") };
    assert_eq!(delivery.value.street_addresses, ["12; rue des Lilas, bis", "Bâtiment B"]);
    assert_eq!(
        (&delivery.value.postal_codes[..], &delivery.value.countries[..]),
        (&["75011".to_owned()][..], &["France".to_owned()][..])
    );
    assert_eq!(delivery.parameters.types, [vcard::TypeValue::Delivery]);
    assert_eq!(billing.parameters.types, [vcard::TypeValue::Billing]);
    let DateAndOrTimeOrText::DateAndOrTime(birthday) = &read.birthdays[0].value else { panic!("no date") };
    assert_eq!(birthday.to_string(), "19800415");
    assert_eq!(read.categories[0].value, ["Fidèle, de Paris; Nord", "VIP"]);
    assert_eq!(read.revisions[0].value.to_string(), "20261122T213000Z");
}

#[test]
fn what_is_not_known_is_left_out() {
    let read = read(&customer("Anne Marie Dupont"));
    assert!(read.names.is_empty() && read.organizations.is_empty() && read.telephones.is_empty());
    assert!(read.addresses.is_empty() && read.birthdays.is_empty() && read.categories.is_empty());
    assert!(read.emails[0].parameters.pref.is_none());
    let yearless = Customer { birthday: "--02-29".parse().ok(), ..customer("Zoé") };
    assert!(card(&yearless).contains("\r\nBDAY:--0229\r\n"));
}

#[test]
fn no_line_is_longer_than_75_octets_and_no_character_is_broken() {
    for letter in ["a", "é", "日", "🎂", ",", "\\", "a🎂;"] {
        let name = letter.repeat(200 / letter.chars().count());
        let customer = Customer { company: name.parse().ok(), ..customer(&name) };
        let card = card(&customer);
        for line in card.split_terminator("\r\n") {
            assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
        }
        let read = read(&customer);
        assert_eq!((&read.formatted_names[0].value, &read.organizations[0].value.name), (&name, &name));
    }
}

#[test]
fn what_was_typed_makes_no_property() {
    let name = "x\\nTEL:1\u{2028}END:VCARD;,\\;\\,";
    let read = read(&Customer { company: name.parse().ok(), ..customer(name) });
    assert_eq!((&read.formatted_names[0].value[..], &read.organizations[0].value.name[..]), (name, name));
    assert!(read.telephones.is_empty());
}

#[test]
fn cards_stand_one_after_another() {
    let mut bytes = Vec::new();
    for name in ["Zoé", "Ali"] {
        write(&settings(), &customer(name), at(), &mut bytes);
    }
    let cards = String::from_utf8(bytes).unwrap();
    assert_eq!(cards.matches("BEGIN:VCARD\r\n").count(), 2);
    assert!(cards.contains("END:VCARD\r\nBEGIN:VCARD\r\n") && cards.ends_with("END:VCARD\r\n"));
}
