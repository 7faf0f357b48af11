//! The record: every field in and out, who set it, one record per address unless staff insist.

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER, SELLER, VIEWER};
use crate::bad_input::refused;

/// Everything that staff can say of a customer.
fn everything() -> Value {
    json!({
        "name": "Élodie Lefèvre",
        "company": "Fromagerie Lefèvre",
        "contact_person": "Marc Aubry",
        "vat_number": "FR 40 303 265 045",
        "email": "Elodie@Example.com",
        "phone": "06 12 34 56 78",
        "country": "FR",
        "delivery_address": {
            "street": "12 rue des Lilas", "extra": "Bât. B", "postcode": "26000", "city": "Valence", "region": "Drôme",
        },
        "billing_address": { "street": "Rue du Rhône 8", "postcode": "1204", "city": "Genève", "country": "CH" },
        "preferred_channels": ["phone", "email"],
        "language": "fr-CH",
        "currency": "CHF",
        "discount_bp": 1000,
        "birthday": "--02-29",
        "status": "current",
        "temperature": "hot",
        "source": "word_of_mouth",
    })
}

#[tokio::test]
async fn every_field_is_kept_as_it_was_said() {
    let app = TestApp::start().await;
    let id = app.create_customer(OWNER, &everything()).await.expect(201).id();
    let record = app.get_customer(OWNER, &id).await.expect(200).json();
    for (field, value) in everything().as_object().unwrap() {
        match field.as_str() {
            "vat_number" => assert_eq!(record[field], "FR40303265045"),
            "source" => assert_eq!(record[field], json!({ "kind": "word_of_mouth" })),
            "delivery_address" | "billing_address" => {
                for (part, value) in value.as_object().unwrap() {
                    assert_eq!(&record[field][part], value, "{field}/{part}");
                }
            }
            _ => assert_eq!(&record[field], value, "{field}"),
        }
    }
    assert_eq!((&record["given_name"], &record["family_name"]), (&json!("Élodie"), &json!("Lefèvre")));
    assert_eq!(record["phone_e164"], "+33612345678");
    assert_eq!(record["delivery_address"]["lines"], json!(["12 rue des Lilas", "Bât. B", "26000 Valence"]));
    assert_eq!(record["billing_address"]["lines"], json!(["Rue du Rhône 8", "1204 Genève"]));
    assert_eq!(record["email_status"], "unconfirmed");
    assert!(!record.to_string().contains("gender"));
}

#[tokio::test]
async fn a_name_and_an_address_are_enough_and_a_company_is_a_name() {
    let app = TestApp::start().await;
    let create = async |body: Value| app.create_customer(SELLER, &body).await;
    create(json!({ "name": "Ana", "email": "ana@example.com" })).await.expect(201);
    let parts = json!({ "given_name": "Anne Marie", "family_name": "de la Tour", "email": "anne@example.com" });
    let record = create(parts).await.expect(201).json();
    assert_eq!(record["name"], "Anne Marie de la Tour");
    let record = create(json!({ "company": "Ruche SARL", "email": "sarl@example.com" })).await.expect(201).json();
    assert_eq!((&record["name"], &record["company"]), (&json!("Ruche SARL"), &json!("Ruche SARL")));
    let nobody = create(json!({ "phone": "06 12 34 56 78" })).await.expect(422);
    assert_eq!(nobody.pointers(), ["/email", "/name"]);
}

#[tokio::test]
async fn what_a_country_does_not_have_is_refused_where_it_stands() {
    let app = TestApp::start().await;
    let create = |body: Value| Ask::post("/v1/customers").json(&body);
    let with = |name: &str, value: Value| {
        let mut body = json!({ "name": "Ana", "email": "ana@example.com" });
        body[name] = value;
        create(body)
    };
    let cases = [
        (with("delivery_address", json!({ "country": "HK", "postcode": "999077" })), "/delivery_address/postcode"),
        (with("delivery_address", json!({ "country": "FR", "postcode": "1204" })), "/delivery_address/postcode"),
        (with("billing_address", json!({ "country": "ZZ" })), "/billing_address/country"),
        (with("billing_address", json!({ "planet": "Mars" })), "/billing_address/planet"),
        (with("billing_address", json!("Genève")), "/billing_address"),
        (with("vat_number", json!("FR12")), "/vat_number"),
        (with("birthday", json!("2026-11-23")), "/birthday"),
        (with("preferred_channels", json!([])), "/preferred_channels"),
        (with("preferred_channels", json!(["phone", "phone"])), "/preferred_channels"),
        (with("preferred_channels", json!(["pigeon"])), "/preferred_channels"),
        (with("source", json!("form")), "/source"),
        (with("source", json!({ "kind": "form", "form": "contact" })), "/source"),
        (with("delivery_address", json!({})), "/delivery_address"),
        (with("gender", json!("f")), "/gender"),
        (with("allow_duplicate", json!("perhaps")), "/allow_duplicate"),
        (with("email_status", json!("confirmed")), "/email_status"),
    ];
    let (asks, pointers): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let answers = refused(&app, asks.into_iter().map(|ask| (ask, 422)).collect()).await;
    for (answer, pointer) in answers.iter().zip(pointers) {
        assert_eq!(answer.pointers(), [pointer]);
    }
    let in_hong_kong =
        json!({ "name": "Wing", "email": "wing@example.com", "country": "HK", "vat_number": "12345678" });
    assert_eq!(app.create_customer(OWNER, &in_hong_kong).await.expect(422).pointers(), ["/vat_number"]);
}

#[tokio::test]
async fn a_patch_merges_what_is_nested_and_clears_what_is_null() {
    let app = TestApp::start().await;
    let created = app.create_customer(OWNER, &everything()).await.expect(201);
    let id = created.id();
    let patch = json!({
        "delivery_address": { "city": "Crest", "postcode": "26400", "extra": null },
        "billing_address": null,
        "vat_number": null,
        "family_name": "Aubry",
    });
    let changed = app.change_customer(SELLER, &id, created.header("etag"), &patch).await.expect(200);
    let record = changed.json();
    assert_eq!(record["delivery_address"]["lines"], json!(["12 rue des Lilas", "26400 Crest"]));
    assert_eq!((&record["billing_address"], &record["vat_number"]), (&Value::Null, &Value::Null));
    assert_eq!((&record["name"], &record["family_name"]), (&json!("Élodie Aubry"), &json!("Aubry")));
    // A number of one country does not go on into another.
    let vat = json!({ "vat_number": "53 004 085 616", "country": "AU" });
    app.change_customer(SELLER, &id, "*", &vat).await.expect(200);
    let moved = app.change_customer(SELLER, &id, "*", &json!({ "country": "US" })).await.expect(422);
    assert_eq!(moved.pointers(), ["/vat_number"]);
    let changed = app.get_customer(SELLER, &id).await.expect(200);
    // What the record shows is taken back as it is.
    let own = json!({ "delivery_address": record["delivery_address"], "source": record["source"] });
    let same = app.change_customer(SELLER, &id, changed.header("etag"), &own).await.expect(200).json();
    assert_eq!(same["delivery_address"], record["delivery_address"]);
}

#[tokio::test]
async fn each_field_says_who_set_it_and_when() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    let before = app.get_customer(OWNER, &id).await.expect(200);
    assert_eq!(before.json()["provenance"]["phone"]["source"], "form");
    app.pass(jiff::SignedDuration::from_hours(31 * 24)).await;
    let patch = json!({ "phone": "06 12 34 56 79", "temperature": "hot" });
    let after = app.change_customer(SELLER, &id, before.header("etag"), &patch).await.expect(200).json();
    let provenance = &after["provenance"];
    assert_eq!((&provenance["email"]["source"], &provenance["email"]["actor"]), (&json!("form"), &json!("contact")));
    assert_eq!(provenance["phone"]["source"], "staff");
    assert_eq!(provenance["phone"]["at"], after["updated_at"]);
    assert_eq!(provenance["temperature"], provenance["phone"]);
    assert_eq!(provenance["birthday"], Value::Null);
    // A temperature of more than thirty days says little, and stays.
    assert_eq!(after["temperature_stale"], false);
    app.pass(jiff::SignedDuration::from_hours(31 * 24)).await;
    let later = app.get_customer(OWNER, &id).await.expect(200).json();
    assert_eq!((&later["temperature"], &later["temperature_stale"]), (&json!("hot"), &json!(true)));
    let again = app.change_customer(SELLER, &id, "*", &json!({ "temperature": "hot" })).await.expect(200).json();
    assert_eq!(again["temperature_stale"], false, "said again, it is known anew");
}

#[tokio::test]
async fn one_hundred_creations_of_one_address_make_one_record() {
    let app = TestApp::start().await;
    let spellings = ["zoe@example.com", "Zoe@Example.com", "ZOE@EXAMPLE.COM"];
    let creations = (0..100).map(|number| {
        let body = json!({ "name": format!("Zoé {number}"), "email": spellings[number % 3] });
        let app = &app;
        async move { app.create_customer(OWNER, &body).await }
    });
    let answers = join_all(creations).await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!((made.len(), app.items("customer").await.len()), (1, 1));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        let problem = answer.clone().expect(409).json();
        assert_eq!((&problem["existing"], &problem["matched"]), (&json!(made[0].id()), &json!("email")));
    }
}

#[tokio::test]
async fn staff_may_insist_on_a_second_record_of_one_address() {
    let app = TestApp::start().await;
    let body = |name: &str| json!({ "name": name, "email": "famille@example.com" });
    let insist = |name: &str| Ask::post("/v1/customers?allow_duplicate=true").by(SELLER).once().json(&body(name));
    let first = app.send(insist("Ana")).await.expect(201).id();
    let second = app.send(insist("Bruno")).await.expect(201);
    app.create_customer(SELLER, &body("Carla")).await.expect(409);
    // What comes by the address goes to the first.
    app.submit_form("contact", &[("email", "famille@example.com"), ("company", "Famille")]).await.expect(303);
    assert_eq!(app.get_customer(OWNER, &first).await.expect(200).json()["company"], "Famille");
    // Once the first has another address, it leads to the second.
    let moved = json!({ "email": "ana@example.com" });
    app.change_customer(SELLER, &first, "*", &moved).await.expect(200);
    app.submit_form("contact", &[("email", "famille@example.com"), ("company", "Deux")]).await.expect(303);
    assert_eq!(app.get_customer(OWNER, &second.id()).await.expect(200).json()["company"], "Deux");
    assert_eq!(app.items("customer").await.len(), 2);
    // And back, insisting once more; then the address is free when both have left it.
    app.change_customer(SELLER, &first, "*", &body("Ana")).await.expect(409);
    let path = format!("/v1/customers/{first}?allow_duplicate=true");
    let back = Ask::patch(path).by(SELLER).header("if-match", "*").json(&body("Ana"));
    app.send(back).await.expect(200);
    for (id, email) in [(first, "ana@example.com"), (second.id(), "bruno@example.com")] {
        app.change_customer(SELLER, &id, "*", &json!({ "email": email })).await.expect(200);
    }
    app.create_customer(SELLER, &body("Carla")).await.expect(201);
    assert_eq!(app.items("address_sharer").await.len(), 0);
}

#[tokio::test]
async fn a_telephone_number_suggests_and_never_merges() {
    let app = TestApp::start().await;
    let body =
        |name: &str, phone: &str| json!({ "name": name, "email": format!("{name}@example.com"), "phone": phone });
    let ana = app.create_customer(OWNER, &body("ana", "06 12 34 56 78")).await.expect(201);
    assert_eq!(ana.json()["possible_duplicates"], json!([]));
    let bruno = app.create_customer(OWNER, &body("bruno", "+33 6.12.34.56.78")).await.expect(201).json();
    assert_eq!(bruno["possible_duplicates"], json!([{ "id": ana.id(), "name": "ana", "matched": "phone" }]));
    assert_eq!(app.items("customer").await.len(), 2);
}

#[tokio::test]
async fn a_viewer_sees_no_address_and_no_number() {
    let app = TestApp::start().await;
    let id = app.create_customer(OWNER, &everything()).await.expect(201).id();
    app.settle().await;
    for path in [format!("/v1/customers/{id}"), "/v1/customers".to_owned(), "/v1/customers?q=lefevre".to_owned()] {
        let seen = app.send(Ask::get(&path).by(VIEWER)).await.expect(200).text();
        for secret in ["Lilas", "26000", "Valence", "Genève", "303265045", "06 12", "Elodie@Example", "--02-29"] {
            assert!(!seen.contains(secret), "{path} shows {secret}");
        }
    }
}

#[tokio::test]
async fn a_card_shows_what_a_shopkeeper_looks_for() {
    let app = TestApp::start().await;
    let id = app.create_customer(OWNER, &everything()).await.expect(201).id();
    app.create_note(OWNER, &id, &json!({ "text": "Livrer le matin" })).await.expect(201);
    app.settle().await;
    let list = app.list_customers(OWNER, "status=current").await.expect(200).json();
    let card = &list["items"][0];
    assert_eq!(card["address"], "12 rue des Lilas, Bât. B, 26000 Valence");
    assert_eq!((&card["last_note"], &card["discount_bp"]), (&json!("Livrer le matin"), &json!(1000)));
}

#[tokio::test]
async fn search_finds_every_word_of_the_record_by_its_beginning() {
    let app = TestApp::start().await;
    app.create_customer(OWNER, &everything()).await.expect(201);
    let in_britain = json!({ "name": "Joe", "email": "joe@example.com",
        "delivery_address": { "country": "GB", "postcode": "SW1A 1AA", "city": "London" } });
    app.create_customer(OWNER, &in_britain).await.expect(201);
    for (q, field) in [
        ("elo", "name"),
        ("LEFÈ", "name"),
        ("fromag", "company"),
        ("aubry", "contact"),
        ("elodie@ex", "email"),
        ("0612", "phone"),
        ("+33 6 12", "phone"),
        ("+33 (0)6 12 34", "phone"),
        ("lefevre 06 12", "phone"),
        ("612345678", "phone"),
        ("valen", "city"),
        ("geneve", "city"),
        ("2600", "postcode"),
        ("1204", "postcode"),
        ("drom", "region"),
        ("sw1a", "postcode"),
        ("sw1a1a", "postcode"),
    ] {
        let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
        let found = app.list_customers(OWNER, &format!("q={q}")).await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{q}");
        assert!(found["items"][0]["matched"]["fields"].as_array().unwrap().contains(&json!(field)), "{q}");
    }
    let both = app.list_customers(OWNER, "q=lefevre+valence").await.expect(200).json();
    assert_eq!(both["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn attributes_of_storage_in_a_body_change_nothing() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let asks = ["pk", "sk", "shop", "id", "version", "role", "figures", "provenance", "tags", "group", "blocked"];
    let path = format!("/v1/customers/{id}");
    let ask = |name: &str| {
        let mut body = json!({ "temperature": "hot" });
        body[name] = json!("x");
        (Ask::new(Method::PATCH, path.as_str()).header("if-match", "*").json(&body), 422)
    };
    refused(&app, asks.map(ask).into()).await;
}
