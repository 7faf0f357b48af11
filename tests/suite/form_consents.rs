//! What a ticked box of a website's form is worth: it counts at once only where nothing speaks
//! against it; else the mail asks, and nothing counts until that is answered.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::json;

use crate::app::{Item, TestApp, text};
use crate::ask::{Ask, MANAGER, OWNER};
use crate::furnishing::consent_text;

/// What has become of the consent to marketing of whoever has `email`: `granted`, or asked by so
/// many mails.
async fn outcome(app: &TestApp, email: &str) -> (bool, usize) {
    app.drain().await;
    let records = app.items("customer").await;
    let record = records.iter().find(|record| text(record, "email") == email).expect(email);
    let granted = |consents: &Item| {
        let marketing = consents.get("marketing_email").and_then(|consent| consent.as_m().ok());
        marketing.is_some_and(|consent| text(consent, "state") == "granted")
    };
    let consents = record.get("consents").and_then(|consents| consents.as_m().ok());
    let asked = app.subjects(email).iter().filter(|subject| subject.contains("clic")).count();
    (consents.is_some_and(granted), asked)
}

#[tokio::test]
async fn only_a_yes_is_a_yes_and_what_is_neither_is_asked_about() {
    let app = TestApp::start().await;
    let yes: &[&[(&str, &str)]] = &[
        &[("marketing_email", "on")],
        &[("newsletter", "Oui")],
        // A hidden field beside the box, as some frameworks write it.
        &[("newsletter", "0"), ("newsletter", "1")],
    ];
    let no: &[&[(&str, &str)]] = &[&[], &[("newsletter", "0")], &[("newsletter", "Non")], &[("marketing_email", "")]];
    let unclear: &[&[(&str, &str)]] =
        &[&[("newsletter", "Non merci")], &[("newsletter", "Pas maintenant")], &[("newsletter", "Je veux bien")]];
    for (answers, expected) in [(yes, (true, 0)), (no, (false, 0)), (unclear, (false, 1))] {
        for (number, answer) in answers.iter().enumerate() {
            let email = format!("x{number}-{}-{}@example.com", expected.0, expected.1);
            app.submit_form("contact", &[&[("email", &*email)], *answer].concat()).await.expect(303);
            assert_eq!(outcome(&app, &email).await, expected, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn an_address_that_unsubscribed_is_asked_by_mail_even_where_its_record_is_gone() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    let zoe = text(&app.items("customer").await[0], "id");
    app.send(Ask::post(format!("/p/{}/unsubscribe", app.preferences_token(&zoe).await))).await.expect(200);
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    app.pass(SignedDuration::from_hours(24)).await;
    app.submit_contact().await.expect(303);
    assert_eq!(outcome(&app, "zoe@example.com").await, (false, 1));
}

#[tokio::test]
async fn a_box_ticked_for_an_address_that_was_merged_is_asked_about_where_the_record_is_written_to() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let pro = app.create_customer(OWNER, &json!({ "name": "Zoé", "email": "pro@example.com" })).await.expect(201).id();
    app.merge(MANAGER, &zoe, &pro).await.expect(202);
    app.submit_form("contact", &[("email", "pro@example.com"), ("marketing_email", "on")]).await.expect(303);
    assert_eq!(outcome(&app, "zoe.dupont@example.com").await, (false, 1));
}

#[tokio::test]
async fn a_page_that_shows_other_words_is_not_taken_at_its_word() {
    let app = TestApp::start().await;
    app.set_form("contact", |form| form.marketing_consent = Some(consent_text("2026-11"))).await;
    app.pass(SignedDuration::from_mins(1)).await;
    for (shown, expected) in
        [("2026-11/en", (true, 0)), ("2026-10/fr", (false, 1)), ("2026-11/de", (false, 1)), ("2026-11", (false, 1))]
    {
        let email = format!("{}@example.com", shown.replace('/', "-"));
        let fields = [("email", &*email), ("marketing_email", "on"), ("_consent", shown)];
        app.submit_form("contact", &fields).await.expect(303);
        assert_eq!(outcome(&app, &email).await, expected, "{shown}");
    }
    let evidence = app.items("consent").await;
    assert_eq!(text(&evidence[0], "language"), "en", "the words that were read");
    assert!(!format!("{:?}", app.items("submission").await).contains("_consent"));
}

#[tokio::test]
async fn new_words_need_a_new_version() {
    let app = TestApp::start().await;
    let words = |version: &str, fr: &str| json!({ "marketing_consent": { "version": version, "texts": { "fr": fr } } });
    let mut body = words("1", "J’accepte.");
    body["name"] = json!("Contact");
    let made = app.send(Ask::post("/v1/forms").by(MANAGER).once().json(&body)).await.expect(201);
    let patch = async |body: serde_json::Value| {
        let ask = Ask::patch(format!("/v1/forms/{}", made.id())).by(MANAGER).header("if-match", "*");
        app.send(ask.json(&body)).await
    };
    assert_eq!(patch(words("1", "J’accepte tout.")).await.expect(422).pointers(), ["/marketing_consent/version"]);
    patch(words("2", "J’accepte tout.")).await.expect(200);
    // A language more, or the same words again.
    let english = json!({ "marketing_consent": { "texts": { "en": "I agree." } } });
    patch(english).await.expect(200);
    patch(words("2", "J’accepte tout.")).await.expect(200);
}

#[tokio::test]
async fn a_name_that_staff_typed_stays_and_one_that_was_guessed_gives_way() {
    let app = TestApp::start().await;
    app.create_customer(OWNER, &json!({ "name": "marie", "email": "marie@example.com" })).await.expect(201);
    app.submit_form("contact", &[("email", "zoe@example.com"), ("message", "Bonjour")]).await.expect(303);
    for email in ["marie@example.com", "zoe@example.com"] {
        app.submit_form("contact", &[("email", email), ("name", "Quelqu’un d’Autre")]).await.expect(303);
    }
    let names: Vec<String> =
        app.items("customer").await.iter().map(|record| text(record["name"].as_m().unwrap(), "full")).collect();
    assert!(names.contains(&"marie".to_owned()) && names.contains(&"Quelqu’un d’Autre".to_owned()), "{names:?}");
    assert_eq!(names.len(), 2);
}

/// A record is found by forty words: the number comes first, and others make room for it.
#[tokio::test]
async fn what_a_form_fills_finds_a_record_that_had_no_word_to_spare() {
    let app = TestApp::start().await;
    let words = |range: std::ops::Range<u32>| range.map(|number| format!("mot{number}")).collect::<Vec<_>>().join(" ");
    let body = json!({ "name": "Zoé Dupont", "email": "zoe@example.com",
        "company": words(10..30), "contact_person": words(30..50) });
    app.create_customer(OWNER, &body).await.expect(201);
    let all: BTreeSet<String> = app.items("word").await.iter().map(|item| text(item, "word")).collect();
    app.submit_form("contact", &[("email", "zoe@example.com"), ("phone", "06 12 34 56 78")]).await.expect(303);
    let now: BTreeSet<String> = app.items("word").await.iter().map(|item| text(item, "word")).collect();
    assert_eq!((all.len(), now.len()), (40, 40));
    assert!(now.contains("0612345678") && all.difference(&now).all(|gone| gone.starts_with("mot")), "{now:?}");
}
