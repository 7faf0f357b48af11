//! The values: hostile ones, what an unconfirmed address gets, a shop's own texts.

use super::*;

const HOSTILE: &str = "<script>x</script>{{ 7*7 }}{% if %}\r\n\r\nBcc: a@b.c\n\n\n\"'&";

#[test]
fn hostile_values_stay_values() {
    let line =
        OrderLine { name: HOSTILE, quantity: HOSTILE, unit_price: HOSTILE, discount: Some(HOSTILE), total: HOSTILE };
    let addressee = Addressee::Confirmed { name: Some(HOSTILE) };
    let fields = [Field { label: HOSTILE, value: HOSTILE }];
    let contents = [
        Content::OrderConfirmation {
            addressee,
            number: HOSTILE,
            placed_on: HOSTILE,
            lines: &[line],
            total: HOSTILE,
            note: Some(HOSTILE),
            order: None,
        },
        Content::Birthday {
            customer_name: Some(HOSTILE),
            soon: false,
            offer: Some("<script>"),
            unsubscribe: way_out(),
        },
        Content::MerchantNotice { notice: Notice::Submission { form: HOSTILE, fields: &fields } },
    ];
    let look = Look::new(HOSTILE, None, "#123456".parse().unwrap(), Some("<script>"));
    let slots = Slots::from([
        (Slot::Subject, "{{ customer_name }}\n{{ shop_name }}".to_owned()),
        (Slot::Intro, "<b>{{ customer_name }}</b>".to_owned()),
    ]);
    for content in contents {
        for slots in [&SLOTLESS, &slots] {
            let mail = render(&look, Locale::Fr, &content, slots).unwrap();
            assert!(!mail.html.contains("<script") && !mail.html.contains("<b>"));
            assert!(mail.html.contains("&lt;script&gt;") && mail.html.contains("{{ 7*7 }}{% if %}"));
            assert!(!mail.subject.contains(char::is_control) && mail.subject.chars().count() <= 200);
            assert!(!mail.text.contains("\n\nBcc") && !mail.text.contains("\n\n\n"));
        }
    }
}

#[test]
fn a_mail_to_an_unconfirmed_address_echoes_nothing() {
    let order = Content::OrderConfirmation {
        addressee: Addressee::Unconfirmed,
        number: "1",
        placed_on: "today",
        lines: LINES,
        total: "44,48 €",
        note: Some("typed by anybody"),
        order: None,
    };
    let mail = mail(Locale::En, &order, &SLOTLESS);
    assert!(mail.text.contains("\nHello,\n"));
    assert!(!mail.text.contains("typed by anybody") && !mail.html.contains("typed by anybody"));
}

#[test]
fn a_shops_own_texts_take_the_place_of_ours() {
    let birthday = sample(MessageKind::Birthday, Locale::Fr);
    let slots = Slots::from([
        (Slot::Subject, "{{ customer_name|upper }}, c’est votre jour".to_owned()),
        (Slot::Intro, "Un & deux\n\ntrois {# non".to_owned()),
        (Slot::Offer, "Un pot offert".to_owned()),
        (Slot::Closing, "{% if not customer_name %}x{% endif %}".to_owned()),
    ]);
    let mail = mail(Locale::Fr, &birthday, &slots);
    assert_eq!(mail.subject, "ZOÉ, c’est votre jour");
    assert!(mail.text.contains("Un pot offert") && !mail.text.contains("−10"));
    // What can't be used leaves our text, and so does what comes out empty.
    assert!(mail.text.contains("Toute l’équipe") && mail.text.contains("Bien à vous"));
    assert_eq!(mail.refused_slots, [Slot::Intro]);
}

#[test]
fn every_variable_of_a_slot_has_a_value() {
    for (_, _, content) in everything() {
        let named = crate::email::values::named(&look(), &content);
        assert!(content.kind().variables().iter().all(|name| named.contains_key(name)));
    }
}
