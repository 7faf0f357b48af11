#![no_main]

use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use shared::Keyring;
use shared::domain::{CustomerId, Form, SentFields, Settings};
use shared::intake::{Contact, Opened, Signs, Visit, answers, message, suspicion};

// As the table keeps them, so that settings to come need nothing here.
static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let kept = r#"{ "shop": "main", "version": 1, "name": "La Ruche", "sender": "bonjour@main.example",
        "zone": "Europe/Paris", "currency": "EUR", "country": "FR", "languages": ["fr", "en"] }"#;
    serde_json::from_str(kept).unwrap()
});

static FORM: LazyLock<Form> = LazyLock::new(|| {
    let id = "contact".parse().unwrap();
    Form::new("main".parse().unwrap(), id, "Contact".parse().unwrap(), Timestamp::UNIX_EPOCH)
});

static KEYRING: LazyLock<Keyring> = LazyLock::new(|| Keyring::new(&[7; 32]).unwrap());

// What the fields of a form mean, and the customer that they make.
fuzz_target!(|pairs: Vec<(String, String)>| {
    let mut sent = SentFields::new();
    for (name, value) in pairs {
        sent.entry(name).or_default().push(value);
    }
    let (form, settings, at) = (&*FORM, &*SETTINGS, Timestamp::UNIX_EPOCH);
    let fields = answers(form, &sent);
    let visit = Visit { at, page: None, language: None, source_ip: None };
    drop(message(form, &fields));
    let Ok(contact) = Contact::read(&fields, form, settings, &visit) else { return };
    let opened = Opened::of(&sent, &KEYRING, &form.id);
    drop(suspicion(&sent, &Signs { email: &contact.email, page: None, opened, at }));
    let id: CustomerId = "01JDGZZZZZZZZZZZZZZZZZZZZZ".parse().unwrap();
    let customer = contact.new_customer(form, settings, &visit, id, at);
    // A submission that says the same again has nothing to add.
    assert_eq!(contact.added_to(&customer, None, form, settings, at), None);
});
