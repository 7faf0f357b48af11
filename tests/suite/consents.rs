//! Consents that staff record: evidence that only grows, and what follows for mail.

use futures::future::join_all;
use serde_json::{Value, json};
use shared::domain::{Suppression, SuppressionCause};
use shared::table::Transaction;

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER, SELLER, VIEWER};
use crate::golden::Values;

const WORDS: &str = "Oui, je veux recevoir vos offres par e-mail.";

async fn consents(app: &TestApp, customer: &str) -> Value {
    app.send(Ask::get(format!("/v1/customers/{customer}/consents")).by(SELLER)).await.expect(200).json()
}

async fn state(app: &TestApp, customer: &str) -> String {
    consents(app, customer).await["consents"]["marketing_email"]["state"].as_str().unwrap_or("none").to_owned()
}

async fn suppressions(app: &TestApp) -> Vec<String> {
    app.items("suppression").await.iter().map(|item| text(item, "cause")).collect()
}

fn granted(at: &str) -> Value {
    json!({ "purpose": "marketing_email", "state": "granted", "method": "paper", "text": WORDS, "at": at })
}

fn withdrawn(at: &str) -> Value {
    json!({ "purpose": "marketing_email", "state": "withdrawn", "at": at })
}

#[tokio::test]
async fn a_statement_is_kept_with_its_words() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let mut values = Values::default();
    values.set("customer", zoe.as_str());
    let evidence = app.golden("customers/record-consent", &values).await.expect(201).json();
    assert_eq!((&evidence["method"], &evidence["version"]), (&json!("in_person"), &json!("2026-1")));
    assert_eq!(evidence["recorded_by"], "c1f4a2b8-60e1-70bd-9c1e-2f6a3a1e4d55");
    let listed = consents(&app, &zoe).await;
    assert_eq!(listed["items"], json!([evidence]));
    assert_eq!(listed["consents"]["purchase_data"]["evidence"], evidence["id"]);
    let record = app.get_customer(OWNER, &zoe).await.expect(200).json();
    assert_eq!(record["consents"]["purchase_data"]["state"], "granted");
    app.send(Ask::get(format!("/v1/customers/{zoe}/consents")).by(VIEWER)).await.expect(403);
}

#[tokio::test]
async fn taking_back_is_as_easy_as_giving_and_stops_mail_at_once() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    let zoe = text(&app.items("customer").await[0], "id");
    assert_eq!(state(&app, &zoe).await, "granted");
    let body = json!({ "purpose": "marketing_email", "state": "withdrawn" });
    app.record_consent(SELLER, &zoe, &body).await.expect(201);
    assert_eq!(
        (state(&app, &zoe).await, suppressions(&app).await),
        ("withdrawn".to_owned(), vec!["unsubscribed".to_owned()])
    );
    app.pass(jiff::SignedDuration::from_mins(1)).await;
    let body = json!({ "purpose": "marketing_email", "state": "granted", "text": WORDS });
    app.record_consent(SELLER, &zoe, &body).await.expect(201);
    assert_eq!((state(&app, &zoe).await, suppressions(&app).await), ("granted".to_owned(), vec![]));
    assert_eq!(app.all_of(OWNER, &zoe, "consents", 1).await.len(), 3, "nothing of the evidence is lost");
}

#[tokio::test]
async fn a_grant_lifts_an_unsubscription_and_nothing_else() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let token = app.preferences_token(&zoe).await;
    app.send(Ask::post(format!("/p/{token}/unsubscribe"))).await.expect(200);
    let functions = app.functions();
    let shop = "main".parse().unwrap();
    let address = functions.keyring.address_digest(&shop, &"zoe.dupont@example.com".parse().unwrap());
    let mut transaction = Transaction::new();
    for cause in [SuppressionCause::Bounced, SuppressionCause::Complained] {
        transaction.suppress(&shop, &address, &Suppression { cause, at: functions.clock.now() }).unwrap();
    }
    functions.table.commit(transaction).await.unwrap().unwrap();
    app.pass(jiff::SignedDuration::from_mins(1)).await;
    let body = json!({ "purpose": "marketing_email", "state": "granted", "text": WORDS });
    app.record_consent(SELLER, &zoe, &body).await.expect(201);
    assert_eq!(suppressions(&app).await, ["bounced", "complained"]);
}

#[tokio::test]
async fn an_older_statement_is_evidence_and_changes_nothing() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    app.record_consent(SELLER, &zoe, &withdrawn("2026-11-20T10:00:00Z")).await.expect(201);
    app.record_consent(SELLER, &zoe, &granted("2026-11-19T10:00:00Z")).await.expect(201);
    assert_eq!((state(&app, &zoe).await, suppressions(&app).await.len()), ("withdrawn".to_owned(), 1));
    app.record_consent(SELLER, &zoe, &granted("2026-11-21T10:00:00+01:00")).await.expect(201);
    app.record_consent(SELLER, &zoe, &withdrawn("2026-11-20T12:00:00Z")).await.expect(201);
    assert_eq!((state(&app, &zoe).await, suppressions(&app).await.len()), ("granted".to_owned(), 0));
    let listed = app.all_of(OWNER, &zoe, "consents", 3).await;
    let at: Vec<&str> = listed.iter().map(|evidence| evidence["at"].as_str().unwrap()).collect();
    let expected = ["2026-11-21T09:00:00Z", "2026-11-20T12:00:00Z", "2026-11-20T10:00:00Z", "2026-11-19T10:00:00Z"];
    assert_eq!(at, expected, "in the order in which it was said");
}

#[tokio::test]
async fn everything_wrong_with_a_statement_is_said_at_once() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let body = json!({ "purpose": "everything", "state": "maybe", "method": "form_checkbox", "language": "?",
        "version": "x".repeat(41), "at": "2026-11-23T10:00:00Z", "source_ip": "::1" });
    let refused = app.record_consent(SELLER, &zoe, &body).await.expect(422);
    assert_eq!(refused.pointers(), ["/at", "/language", "/method", "/purpose", "/source_ip", "/state", "/version"]);
    let wordless = json!({ "purpose": "marketing_email", "state": "granted", "method": "phone" });
    assert_eq!(app.record_consent(SELLER, &zoe, &wordless).await.expect(422).pointers(), ["/text"]);
    assert_eq!(app.items("consent").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_sent_again_is_the_same_and_the_latest_of_many_stands() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let path = format!("/v1/customers/{zoe}/consents");
    let ask = Ask::post(&path).by(SELLER).header("idempotency-key", "once").json(&granted("2026-11-01T10:00:00Z"));
    let answers = join_all((0..10).map(|_| app.send(ask.clone()))).await;
    let first = answers[0].text();
    assert!(answers.into_iter().all(|answer| answer.expect(201).text() == first));
    let said = (2..=20).map(|day| {
        let at = format!("2026-11-{day:02}T10:00:00Z");
        let body = if day % 2 == 0 { withdrawn(&at) } else { granted(&at) };
        app.send(Ask::post(&path).by(SELLER).once().json(&body))
    });
    join_all(said).await.into_iter().for_each(|answer| drop(answer.expect(201)));
    assert_eq!(app.items("consent").await.len(), 20);
    assert_eq!((state(&app, &zoe).await, suppressions(&app).await.len()), ("withdrawn".to_owned(), 1));
}

#[tokio::test]
async fn a_statement_is_no_older_than_a_shop_remembers_and_never_ahead() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    for at in ["1999-12-31T23:59:59Z", "2026-11-23T00:00:00Z"] {
        let refused = app.record_consent(SELLER, &zoe, &withdrawn(at)).await.expect(422);
        assert_eq!(
            (refused.pointers(), &refused.json()["errors"][0]["code"]),
            (vec!["/at".to_owned()], &json!("instant_range"))
        );
    }
    app.record_consent(SELLER, &zoe, &withdrawn("2000-01-01T00:00:00Z")).await.expect(201);
}
