//! Erasure: nothing of a person is left, orders stay with nobody, and who comes back with older data
//! is forgotten again.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::domain::{ClaimId, ExportJob, ExportState};
use ulid::Ulid;

use crate::app::{Item, TestApp, text};
use crate::ask::{Ask, MANAGER, Member, OWNER, STRANGER};

/// What marks every piece of text that somebody says of Zoé.
const CANARY: &str = "kanari";
const ZOE: &str = "zoe.kanari@example.com";
const NAME: &str = "Zoé Kanari";
/// The owner, who may see notes on health.
const HEALTH: Member = Member { role: "owner health", shop: "main" };

/// Zoé, of whom every field says something, with a submission, notes, an order, mails and a file.
async fn zoe(app: &TestApp) -> String {
    let fields = [
        ("name", NAME),
        ("email", ZOE),
        ("phone", "06 12 34 56 78"),
        ("message", "Bonjour, kanari"),
        ("kanari", "kanari"),
        ("marketing_email", "on"),
    ];
    app.submit_form("contact", &fields).await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    let everything = json!({
        "company": "Kanari SARL", "contact_person": "Marc Kanari", "vat_number": "FR 40 303 265 045",
        "delivery_address": { "street": "12 rue Kanari", "postcode": "26000", "city": "Kanari" },
        "billing_address": { "street": "14 rue Kanari", "postcode": "26000", "city": "Kanari" },
        "preferred_channels": ["phone"], "discount_bp": 1000, "birthday": "--11-24", "temperature": "hot",
    });
    app.change_customer(OWNER, &id, "*", &everything).await.expect(200);
    app.put_tag(OWNER, &id, "vip", &json!({ "reason": "kanari" })).await.expect(200);
    for number in 0..3 {
        app.create_note(OWNER, &id, &json!({ "text": format!("Note {number} kanari") })).await.expect(201);
    }
    app.create_note(HEALTH, &id, &json!({ "text": "Allergie kanari", "health": true })).await.expect(201);
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &id).await);
    app.place_order(&path, &[(&format!("q-{product}"), "2"), ("note", "Sonner chez kanari")]).await.expect(303);
    app.block(OWNER, &id, "kanari").await.expect(200);
    app.unblock(OWNER, &id).await.expect(204);
    for number in 0..3 {
        let junk = [("email", ZOE), ("message", &*format!("Junk {number} kanari")), ("_gotcha", "kanari")];
        app.submit_form("contact", &junk).await.expect(303);
    }
    app.settle_consent_texts().await;
    app.create_consent_link(OWNER, &id, &json!({})).await.expect(201);
    id
}

/// The items that only lead to something of Zoé's, or wait for her: none of them says who she is.
async fn leads(app: &TestApp) -> Vec<String> {
    let leads = |sk: &str| sk == "RECEIPT" || sk.starts_with("QUARANTINE#") || sk.starts_with("CONSENT_REQUEST");
    app.table().await.into_keys().filter(|(_, sk)| leads(sk)).map(|(pk, sk)| format!("{pk} {sk}")).collect()
}

/// Everything in the table that says `word`.
async fn said(app: &TestApp, word: &str) -> Vec<String> {
    let says = |item: &Item| format!("{item:?}").to_lowercase().contains(word);
    app.table().await.into_iter().filter(|(_, item)| says(item)).map(|((pk, sk), _)| format!("{pk} {sk}")).collect()
}

/// Every file of the bucket, as text.
async fn files(app: &TestApp) -> Vec<String> {
    let services = app.stack.services();
    let bucket = &services.export_bucket;
    let listed = services.s3.list_objects_v2().bucket(bucket).send().await.unwrap();
    let mut files = Vec::new();
    for object in listed.contents() {
        let object = services.s3.get_object().bucket(bucket).key(object.key().unwrap()).send().await.unwrap();
        files.push(String::from_utf8(object.body.collect().await.unwrap().to_vec()).unwrap());
    }
    files
}

#[tokio::test]
async fn nothing_of_a_person_is_left_in_table_bucket_and_mailbox() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    app.drain().await;
    let export = app.request_export(OWNER).await.expect(202).id();
    app.drain().await;
    assert!(files(&app).await.concat().contains("Kanari"));
    // Four receipts, three addresses of what is suspected, a link and what leads to it.
    assert_eq!(leads(&app).await.len(), 9);
    // A mail that waits, and one that is planned.
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &id).await);
    app.place_order(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
    let mails = app.mails().len();

    let job = app.erase(OWNER, &id, NAME).await.expect(202);
    assert_eq!((job.json()["kind"].clone(), job.json()["state"].clone()), (json!("erase"), json!("done")));
    assert_eq!(job.header("location"), format!("/v1/jobs/{}", job.id()));
    assert_eq!(said(&app, CANARY).await, Vec::<String>::new(), "at once");
    assert_eq!(leads(&app).await, Vec::<String>::new());
    app.drain().await;
    app.pass(SignedDuration::from_hours(24)).await;
    app.pass(SignedDuration::from_hours(48)).await;

    assert_eq!(said(&app, CANARY).await, Vec::<String>::new());
    assert_eq!(said(&app, "612345678").await, Vec::<String>::new());
    assert_eq!(files(&app).await, Vec::<String>::new());
    assert_eq!(app.mails().len(), mails, "an erasure mails nobody");
    let export = app.get_export(OWNER, &export).await.expect(200).json();
    assert_eq!((&export["state"], export.get("url")), (&json!("withdrawn"), None));
    assert_eq!(app.get_job(MANAGER, &job.id()).await.expect(200).json()["state"], "done");
    app.get_job(STRANGER, &job.id()).await.expect(404);
}

#[tokio::test]
async fn orders_stay_with_nobody() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    app.settle().await;
    let before = app.list_orders(OWNER).await.expect(200).json()["items"][0].clone();
    app.erase(OWNER, &id, "ZOE kanari").await.expect(202);
    app.settle().await;
    let orders = app.list_orders(OWNER).await.expect(200).json();
    let [card] = &orders["items"].as_array().unwrap()[..] else { panic!("one order") };
    assert_ne!(card["customer"], json!(id));
    let mut same = before.clone();
    same["customer"] = card["customer"].clone();
    assert_eq!(*card, same);
    let order = app.get_order(OWNER, card["id"].as_str().unwrap()).await.expect(200).json();
    assert_eq!((&order["note"], &order["link"]), (&Value::Null, &Value::Null));
    assert_eq!(order["lines"].as_array().unwrap().len(), 1);
    app.get_customer(OWNER, card["customer"].as_str().unwrap()).await.expect(404);
}

#[tokio::test]
async fn whatever_led_to_a_person_leads_nowhere() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    let (link, preferences) = (app.order_path(OWNER, &id).await, app.preferences_token(&id).await);
    app.erase(OWNER, &id, NAME).await.expect(202);
    app.settle().await;
    for path in ["", "/notes", "/order-links"] {
        app.send(Ask::get(format!("/v1/customers/{id}{path}")).by(OWNER)).await.expect(404);
    }
    app.create_note(OWNER, &id, &json!({ "text": "Encore" })).await.expect(404);
    app.create_order_link(OWNER, &id).await.expect(404);
    app.erase(OWNER, &id, NAME).await.expect(404);
    app.send(Ask::get(link)).await.expect(404);
    app.send(Ask::get(format!("/p/{preferences}"))).await.expect(404);
    app.send(Ask::post(format!("/p/{preferences}/unsubscribe"))).await.expect(404);
    for query in ["q=kanari", "", "sort=first_contact"] {
        let found = app.list_customers(OWNER, query).await.expect(200).json();
        assert_eq!(found["items"], json!([]), "{query}");
    }
}

#[tokio::test]
async fn an_erasure_is_confirmed_by_the_name_and_of_the_version_that_was_read() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let before = app.table().await;
    let ask = |version: &str, body: Value| {
        let ask = Ask::new(http::Method::DELETE, format!("/v1/customers/{id}")).by(OWNER);
        ask.header("if-match", version).json(&body)
    };
    let name = json!({ "name": "Zoé Dupont" });
    assert_eq!(app.send(ask("*", json!({ "name": "Zoé" }))).await.expect(422).pointers(), ["/name"]);
    assert_eq!(app.send(ask("*", json!({ "sure": true }))).await.expect(422).pointers(), ["/name", "/sure"]);
    app.send(ask("\"7\"", name.clone())).await.expect(412);
    let without = Ask::new(http::Method::DELETE, format!("/v1/customers/{id}")).by(OWNER).json(&name);
    app.send(without).await.expect(428);
    app.send(ask("*", name.clone()).by(MANAGER)).await.expect(403);
    assert_eq!(app.table().await, before);
    // Repeated under its key, it gives the first answer.
    let once = ask("*", name).once();
    let first = app.send(once.clone()).await.expect(202);
    assert_eq!(app.send(once).await.expect(202).id(), first.id());
}

#[tokio::test]
async fn whoever_comes_back_with_older_data_is_forgotten_again() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    app.drain().await;
    let older = app.table().await;
    app.pass(SignedDuration::from_mins(10)).await;
    app.erase(OWNER, &id, NAME).await.expect(202);
    app.drain().await;
    app.pass(SignedDuration::from_mins(10)).await;
    // A restore writes back what was there.
    let table = &app.stack.services().table;
    let hers = |key: &(String, String), item: &Item| {
        key.1.starts_with("QUARANTINE#") || format!("{item:?}").to_lowercase().contains(CANARY)
    };
    for (_, item) in older.into_iter().filter(|(key, item)| hers(key, item)) {
        let put = app.stack.plain_dynamodb().put_item().table_name(table).set_item(Some(item));
        put.send().await.unwrap();
    }
    assert!(!said(&app, CANARY).await.is_empty());
    app.pass(SignedDuration::from_mins(10)).await;
    assert_eq!(said(&app, CANARY).await, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_comes_back_by_themselves_stays_and_so_does_who_shared_the_address() {
    let app = TestApp::start().await;
    let famille = |name: &str| json!({ "name": name, "email": "famille@example.com", "allow_duplicate": true });
    let ana = app.create_customer(OWNER, &famille("Ana")).await.expect(201).id();
    let bruno = app.create_customer(OWNER, &famille("Bruno")).await.expect(201).id();
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    app.pass(SignedDuration::from_mins(10)).await;
    app.erase(OWNER, &ana, "Ana").await.expect(202);
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    app.pass(SignedDuration::from_mins(10)).await;
    let back = app.customer(OWNER, "Zoé Dupont").await;
    app.pass(SignedDuration::from_mins(10)).await;
    for id in [&bruno, &back] {
        app.get_customer(OWNER, id).await.expect(200);
    }
    // The address leads to who is left.
    app.submit_form("contact", &[("email", "famille@example.com"), ("company", "Famille")]).await.expect(303);
    assert_eq!(app.get_customer(OWNER, &bruno).await.expect(200).json()["company"], "Famille");
}

#[tokio::test]
async fn who_takes_over_an_address_after_an_erasure_is_nobody_who_came_back() {
    let app = TestApp::start().await;
    let old = app.customer(OWNER, "Marie Ancienne").await;
    let double = app.customer(OWNER, "Marie Nouvelle").await;
    let gone = app.customer(OWNER, "Zoé Dupont").await;
    app.pass(SignedDuration::from_mins(10)).await;
    app.erase(OWNER, &double, "Marie Nouvelle").await.expect(202);
    app.erase(OWNER, &gone, "Zoé Dupont").await.expect(202);
    app.pass(SignedDuration::from_mins(10)).await;
    // The older record gets the address of the one that was deleted.
    let email = json!({ "email": "marie.nouvelle@example.com" });
    app.change_customer(OWNER, &old, "*", &email).await.expect(200);
    // Zoé is back, and an older record of hers is merged into the new one.
    let back = app.customer(OWNER, "Zoé Dupont").await;
    app.merge(OWNER, &back, &old).await.expect(202);
    app.pass(SignedDuration::from_mins(20)).await;
    app.get_customer(OWNER, &back).await.expect(200);
}

#[tokio::test]
async fn of_two_erasures_at_once_none_leaves_an_address_that_leads_to_nobody() {
    let app = TestApp::start().await;
    for round in 0..8 {
        let famille = |name: &str| json!({ "name": name, "email": format!("famille{round}@example.com"), "allow_duplicate": true });
        let ana = app.create_customer(OWNER, &famille("Ana")).await.expect(201).id();
        let bruno = app.create_customer(OWNER, &famille("Bruno")).await.expect(201).id();
        let both = futures::future::join(app.erase(OWNER, &ana, "Ana"), app.erase(OWNER, &bruno, "Bruno")).await;
        both.0.expect(202);
        both.1.expect(202);
        let plain = json!({ "name": "Carla", "email": format!("famille{round}@example.com") });
        app.create_customer(OWNER, &plain).await.expect(201);
    }
}

#[tokio::test]
async fn an_export_that_is_being_written_begins_anew() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    app.customer(OWNER, "Ana Lima").await;
    app.drain().await;
    let export = app.request_export(OWNER).await.expect(202).id();
    app.drain().await;
    // What a worker leaves that has read Zoé and has not come to its end.
    let (table, shop) = (app.functions().table, "main".parse().unwrap());
    let done = table.export(&shop, export.parse().unwrap()).await.unwrap().unwrap();
    let state = ExportState::Running { owner: ClaimId::new(Ulid::nil()) };
    let running = ExportJob { version: done.version + 1, state, ..done };
    assert!(table.replace_export(&running).await.unwrap());
    app.erase(OWNER, &id, NAME).await.expect(202);
    app.drain().await;
    let anew = table.export(&shop, running.id).await.unwrap().unwrap();
    assert!(matches!(anew.state, ExportState::Done { rows: 1, .. }));
    assert!(!table.replace_export(&ExportJob { version: running.version + 1, ..running }).await.unwrap());
    let body = app.get_export(OWNER, &export).await.expect(200).json();
    assert_eq!(body["state"], "done");
    let ExportState::Done { object, .. } = anew.state else { panic!("done") };
    let services = app.stack.services();
    let file = services.s3.get_object().bucket(&services.export_bucket).key(object).send().await.unwrap();
    let file = String::from_utf8(file.body.collect().await.unwrap().to_vec()).unwrap();
    assert!(file.contains("Ana") && !file.contains("Kanari"), "{file}");
}
