//! Notes: in their order, changed and deleted by version, on the card, found by search, and those
//! on health by nobody who may not.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, Member, OWNER, SELLER};

/// A seller who may see what is on health.
const NURSE: Member = Member { role: "seller health", shop: "main" };

async fn texts(app: &TestApp, by: Member, id: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut query = "limit=2".to_owned();
    loop {
        let page = app.list_notes(by, id, &query).await.expect(200).json();
        texts.extend(page["items"].as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => query = format!("limit=2&cursor={next}"),
            None => return texts,
        }
    }
}

async fn note(app: &TestApp, id: &str, body: Value) -> String {
    app.create_note(NURSE, id, &body).await.expect(201).id()
}

async fn card(app: &TestApp, id: &str) -> Value {
    app.get_customer(OWNER, id).await.expect(200).json()["last_note"].clone()
}

#[tokio::test]
async fn notes_come_high_medium_none_and_newest_first_on_every_page() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    for (number, priority) in ["none", "high", "medium", "none", "high"].iter().enumerate() {
        note(&app, &id, json!({ "text": format!("{priority} {number}"), "priority": priority })).await;
        app.pass(jiff::SignedDuration::from_mins(1)).await;
    }
    assert_eq!(texts(&app, SELLER, &id).await, ["high 4", "high 1", "medium 2", "none 3", "none 0"]);
}

#[tokio::test]
async fn a_note_changes_its_place_its_words_and_the_card() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let old = note(&app, &id, json!({ "text": "Aime la lavande" })).await;
    app.pass(jiff::SignedDuration::from_mins(1)).await;
    let new = note(&app, &id, json!({ "text": "Préfère le tilleul" })).await;
    assert_eq!(card(&app, &id).await, "Préfère le tilleul");
    let change = json!({ "text": "Aime la bruyère", "priority": "high" });
    let changed = app.change_note(SELLER, &id, &old, "\"1\"", &change).await.expect(200);
    assert_eq!((changed.header("etag"), &changed.json()["priority"]), ("\"2\"", &json!("high")));
    assert_eq!(card(&app, &id).await, "Préfère le tilleul", "the newest is another");
    assert_eq!(texts(&app, SELLER, &id).await, ["Aime la bruyère", "Préfère le tilleul"]);
    let found = async |q: &str| {
        let page = app.list_customers(OWNER, &format!("q={q}")).await.expect(200).json();
        page["items"][0]["matched"]["extract"].clone()
    };
    assert_eq!(found("bruyere").await, "Aime la bruyère");
    assert_eq!(found("lavande").await, Value::Null);
    app.change_note(SELLER, &id, &old, "\"1\"", &change).await.expect(412);
    app.change_note(SELLER, &id, &new, "\"1\"", &json!({ "text": "Préfère le sapin" })).await.expect(200);
    assert_eq!(card(&app, &id).await, "Préfère le sapin");
    // Deleted: off the list, the card, and the search.
    app.delete_note(SELLER, &id, &new, "\"1\"").await.expect(412);
    app.delete_note(SELLER, &id, &new, "\"2\"").await.expect(204);
    assert_eq!(card(&app, &id).await, "Aime la bruyère");
    assert_eq!(found("sapin").await, Value::Null);
    app.delete_note(SELLER, &id, &old, "*").await.expect(204);
    assert_eq!(card(&app, &id).await, Value::Null);
    app.delete_note(SELLER, &id, &old, "*").await.expect(404);
    assert!(app.items("note_word").await.is_empty());
}

#[tokio::test]
async fn a_repeated_request_shows_no_note_that_has_become_one_on_health() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let ask = Ask::post(format!("/v1/customers/{id}/notes")).by(SELLER).once().json(&json!({ "text": "Fatiguée" }));
    let note = app.send(ask.clone()).await.expect(201).id();
    app.change_note(SELLER, &id, &note, "\"1\"", &json!({ "text": "Fatiguée ?" })).await.expect(200);
    let again = app.send(ask.clone()).await.expect(201);
    assert_eq!((again.header("etag"), &again.json()["version"]), ("\"2\"", &json!(2)));
    app.change_note(NURSE, &id, &note, "*", &json!({ "text": "Anémie", "health": true })).await.expect(200);
    app.send(ask).await.expect(404);
}

#[tokio::test]
async fn what_is_known_when_a_customer_is_made_is_the_first_note() {
    let app = TestApp::start().await;
    let words: Vec<String> = (0..60).map(|number| format!("mot{number:02}")).collect();
    // A name of so many words that the note's have no room in one transaction.
    let name: String = (0..45).map(|number| format!("n{number:02} ")).collect();
    let body = json!({ "name": name, "email": "ana@example.com", "note": format!("Noix {}", words.join(" ")) });
    let made = app.create_customer(SELLER, &body).await.expect(201);
    let id = made.id();
    assert!(made.json()["last_note"].as_str().unwrap().starts_with("Noix mot00"));
    let notes = app.list_notes(SELLER, &id, "").await.expect(200).json();
    assert_eq!(notes["items"][0]["priority"], "none");
    for q in ["noix", "mot00", "mot58"] {
        let found = app.list_customers(OWNER, &format!("q={q}")).await.expect(200).json();
        assert_eq!(found["items"][0]["id"], json!(id), "{q}");
    }
    let none = json!({ "name": "Bo", "email": "bo@example.com", "note": " " });
    assert_eq!(app.create_customer(SELLER, &none).await.expect(422).pointers(), ["/note"]);
}

#[tokio::test]
async fn a_long_note_is_written_anew_with_all_its_words() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let words = |prefix: &str| (0..60).map(|n| format!("{prefix}{n:02}")).collect::<Vec<_>>().join(" ");
    let long = note(&app, &id, json!({ "text": words("abc") })).await;
    let change = json!({ "text": words("xyz"), "priority": "high" });
    app.change_note(OWNER, &id, &long, "*", &change).await.expect(200);
    for (q, hits) in [("abc", 0), ("xyz00", 1), ("xyz59", 1)] {
        let found = app.list_customers(OWNER, &format!("q={q}")).await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), hits, "{q}");
    }
    assert_eq!(app.items("note_word").await.len(), 60);
}

#[tokio::test]
async fn a_note_on_health_is_for_those_who_may() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    note(&app, &id, json!({ "text": "Paie par chèque" })).await;
    let secret = note(&app, &id, json!({ "text": "Allergie aux arachides", "health": true, "priority": "high" })).await;
    assert_eq!(texts(&app, NURSE, &id).await, ["Allergie aux arachides", "Paie par chèque"]);
    for by in [OWNER, SELLER] {
        assert_eq!(texts(&app, by, &id).await, ["Paie par chèque"]);
        app.send(Ask::get(format!("/v1/customers/{id}/notes/{secret}")).by(by)).await.expect(404);
        app.change_note(by, &id, &secret, "*", &json!({ "text": "Rien" })).await.expect(404);
        app.delete_note(by, &id, &secret, "*").await.expect(404);
        app.create_note(by, &id, &json!({ "text": "Diabète", "health": true })).await.expect(403);
    }
    assert_eq!(card(&app, &id).await, "Paie par chèque");
    for by in [OWNER, NURSE] {
        let found = app.list_customers(by, "q=arachides").await.expect(200).json();
        assert_eq!(found["items"], json!([]), "no search finds it");
    }
    // Flagged later, it leaves the search and the card; unflagged, it is back.
    let flagged = note(&app, &id, json!({ "text": "Asthme" })).await;
    assert_eq!(card(&app, &id).await, "Asthme");
    app.change_note(SELLER, &id, &flagged, "*", &json!({ "health": true })).await.expect(403);
    app.change_note(NURSE, &id, &flagged, "*", &json!({ "health": true })).await.expect(200);
    assert_eq!(card(&app, &id).await, "Paie par chèque");
    assert_eq!(app.list_customers(OWNER, "q=asthme").await.expect(200).json()["items"], json!([]));
    app.change_note(NURSE, &id, &flagged, "*", &json!({ "health": false })).await.expect(200);
    assert_eq!(card(&app, &id).await, "Asthme");
}
