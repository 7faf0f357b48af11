//! The shop's settings: made by an owner whose token names the shop, changed by version.

use http::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, Member, OWNER, SELLER};
use crate::bad_input::refused;

const NEW: Member = Member { role: "owner", shop: "neuve" };

fn shop() -> Value {
    json!({ "name": "Chez Neuve", "sender": "bonjour@neuve.example", "zone": "America/Montreal",
        "currency": "CAD", "country": "CA", "languages": ["fr", "en"] })
}

#[tokio::test]
async fn an_owner_begins_a_shop_and_works_in_it() {
    let app = TestApp::start().await;
    let put = |body: &Value| Ask::new(Method::PUT, "/v1/settings").by(NEW).json(body);
    app.send(Ask::get("/v1/settings").by(NEW)).await.expect(404);
    let made = app.send(put(&shop())).await.expect(201);
    assert_eq!((&made.json()["currency"], made.header("etag")), (&json!("CAD"), "\"1\""));
    app.send(put(&shop())).await.expect(409);
    app.settle().await;
    let customer = app.create_customer(NEW, &json!({ "name": "Ana", "email": "ana@example.com" })).await.expect(201);
    assert_eq!((&customer.json()["currency"], &customer.json()["language"]), (&json!("CAD"), &json!("fr")));
    // No other shop sees it.
    assert_eq!(app.list_customers(OWNER, "q=ana").await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn a_change_holds_for_what_comes_next() {
    let app = TestApp::start().await;
    let before = app.send(Ask::get("/v1/settings").by(SELLER)).await.expect(200);
    let etag = before.header("etag").to_owned();
    let ask = |body: &Value| Ask::patch("/v1/settings").by(OWNER).header("if-match", etag.as_str()).json(body);
    let change = json!({ "thresholds": { "vip_above_minor": 1799 }, "postal_address": null });
    let after = app.send(ask(&change)).await.expect(200).json();
    assert_eq!(after["thresholds"]["vip_above_minor"], 1799);
    assert_eq!(after["thresholds"]["inactive_after_months"], before.json()["thresholds"]["inactive_after_months"]);
    assert_eq!(after.get("postal_address"), None);
    app.send(ask(&change)).await.expect(412);
    let back = app.change_settings(OWNER, &json!({ "thresholds": null })).await.expect(200).json();
    assert_eq!(back["thresholds"], before.json()["thresholds"]);
}

#[tokio::test]
async fn a_shop_hides_what_it_has_no_use_for() {
    let app = TestApp::start().await;
    let body =
        json!({ "name": "Zoé Dupont", "email": "zoe@example.com", "phone": "06 12 34 56 78", "temperature": "hot" });
    let id = app.create_customer(OWNER, &body).await.expect(201).id();
    app.change_settings(OWNER, &json!({ "hidden_fields": ["temperature", "phone", "phone"] })).await.expect(200);
    app.settle().await;
    let record = app.get_customer(SELLER, &id).await.expect(200).json();
    for field in ["temperature", "phone", "phone_e164"] {
        assert_eq!(record.get(field), None, "{field}");
    }
    assert_eq!((&record["name"], record["provenance"].get("phone")), (&json!("Zoé Dupont"), None));
    for list in ["", "q=dupont", "sort=first_contact"] {
        let listed = app.list_customers(SELLER, list).await.expect(200).json();
        let item = listed["items"][0].as_object().unwrap();
        assert!(!item.contains_key("phone") && !item.contains_key("temperature") && item.contains_key("email"));
    }
    // Who takes their data along gets all of it.
    let data = app.send(Ask::get(format!("/v1/customers/{id}/data")).by(OWNER)).await.expect(200).json();
    assert_eq!(data["record"]["phone_e164"], "+33612345678");
    app.change_settings(OWNER, &json!({ "hidden_fields": null })).await.expect(200);
    app.settle().await;
    assert_eq!(app.get_customer(SELLER, &id).await.expect(200).json()["temperature"], "hot");
}

#[tokio::test]
async fn the_shops_own_words_are_patched_word_by_word() {
    let app = TestApp::start().await;
    app.settle_consent_texts().await;
    let change = async |words: Value| {
        let body = json!({ "consent_texts": words, "notify": "equipe@ruche.example" });
        app.change_settings(OWNER, &body).await.expect(200).json()
    };
    let places = json!({ "version": "1", "texts": { "fr": "Oui, où je suis." } });
    let settings = change(json!({ "geolocation": places })).await;
    assert_eq!(
        (&settings["consent_texts"]["geolocation"], &settings["notify"]),
        (&places, &json!("equipe@ruche.example"))
    );
    let settings = change(json!({ "marketing_email": { "version": "2", "texts": { "en": null } } })).await;
    let texts = json!({ "fr": "Oui aux offres par e-mail." });
    assert_eq!(settings["consent_texts"]["marketing_email"], json!({ "version": "2", "texts": texts }));
    let settings = change(json!({ "marketing_email": null })).await;
    assert_eq!(settings["consent_texts"], json!({ "geolocation": places }));
    let settings =
        app.change_settings(OWNER, &json!({ "consent_texts": null, "notify": null })).await.expect(200).json();
    assert_eq!((settings.get("consent_texts"), settings.get("notify")), (None, None));
}

#[tokio::test]
async fn what_no_shop_can_be_is_refused() {
    let app = TestApp::start().await;
    let patch = |body: Value| Ask::patch("/v1/settings").header("if-match", "*").json(&body);
    let cases = [
        (json!({ "name": null }), "/name"),
        (json!({ "sender": "nobody" }), "/sender"),
        (json!({ "zone": "Mars/Olympus" }), "/zone"),
        (json!({ "currency": "EURO" }), "/currency"),
        (json!({ "colour": "red" }), "/colour"),
        (json!({ "logo": "http://ruche.example/logo.png" }), "/logo"),
        (json!({ "logo": "https://ruche.example/\"><script>" }), "/logo"),
        (json!({ "languages": [] }), "/languages"),
        (json!({ "languages": ["ja"] }), "/languages"),
        (json!({ "languages": "fr" }), "/languages"),
        (json!({ "thresholds": { "vip_above_minor": -1 } }), "/thresholds/vip_above_minor"),
        (json!({ "thresholds": { "new_for_months": 0 } }), "/thresholds/new_for_months"),
        (json!({ "thresholds": { "gold": 1 } }), "/thresholds/gold"),
        (json!({ "hidden_fields": ["email"] }), "/hidden_fields"),
        (json!({ "hidden_fields": ["pk"] }), "/hidden_fields"),
        (json!({ "notify": "nobody" }), "/notify"),
        (json!({ "order_state_mails": ["confirmed", "submitted"] }), "/order_state_mails"),
        (json!({ "order_state_mails": "confirmed" }), "/order_state_mails"),
        (json!({ "consent_texts": { "sms": {} } }), "/consent_texts/sms"),
        (json!({ "consent_texts": { "geolocation": { "version": "1" } } }), "/consent_texts/geolocation/texts"),
        (
            json!({ "consent_texts": { "geolocation": { "version": "", "texts": { "fr": "Oui" } } } }),
            "/consent_texts/geolocation/version",
        ),
        (json!({ "shop": "other" }), "/shop"),
        (json!({ "version": 7 }), "/version"),
    ];
    let (asks, pointers): (Vec<_>, Vec<_>) = cases.into_iter().map(|(body, pointer)| (patch(body), pointer)).unzip();
    let answers = refused(&app, asks.into_iter().map(|ask| (ask, 422)).collect()).await;
    for (answer, pointer) in answers.iter().zip(pointers) {
        assert_eq!(answer.pointers(), [pointer]);
    }
}
