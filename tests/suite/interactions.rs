//! Interactions: what passed between a shop and a customer.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::app::{START, TestApp};
use crate::ask::{Ask, OWNER, SELLER, VIEWER};
use crate::golden::Values;

async fn record(app: &TestApp, customer: &str) -> Value {
    app.get_customer(OWNER, customer).await.expect(200).json()
}

#[tokio::test]
async fn a_visit_is_kept_and_moves_the_last_one() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let before = record(&app, &zoe).await;
    let mut values = Values::default();
    values.set("customer", zoe.as_str());
    let answer = app.golden("customers/record-interaction", &values).await.expect(201).json();
    assert_eq!((&answer["kind"], &answer["at"]), (&json!("visit"), &json!("2026-11-21T15:30:00Z")));
    assert_eq!((&answer["text"], &answer["alerts"]), (&json!("Dégustation de miels"), &json!([])));
    let after = record(&app, &zoe).await;
    assert_eq!(after["figures"]["last_visit_on"], "2026-11-21");
    assert_eq!(after["last_contact_at"], before["last_contact_at"], "of yesterday: it moves forward only");

    app.record_interaction(SELLER, &zoe, &json!({ "kind": "visit", "at": "2026-11-20T10:00:00Z" })).await.expect(201);
    app.record_interaction(SELLER, &zoe, &json!({ "kind": "visit", "at": "2027-11-20T10:00:00Z" })).await.expect(201);
    app.pass(jiff::SignedDuration::from_mins(1)).await;
    app.record_interaction(SELLER, &zoe, &json!({ "kind": "call" })).await.expect(201);
    let later = record(&app, &zoe).await;
    assert_eq!(later["figures"]["last_visit_on"], "2026-11-21");
    let (was, is) = (before["last_contact_at"].as_str().unwrap(), later["last_contact_at"].as_str().unwrap());
    assert!(is > was && is < "2026-11-22T09:05:00Z", "{is}");
}

#[tokio::test]
async fn staff_are_warned_of_who_did_not_come() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let put = |tag: &str, body: Value| {
        app.send(Ask::new(http::Method::PUT, format!("/v1/customers/{zoe}/tags/{tag}")).by(SELLER).json(&body))
    };
    put("no_show", json!({ "reason": "Deux fois en octobre" })).await.expect(200);
    put("local", json!({})).await.expect(200);
    put("problematic", json!({ "expires_on": "2026-11-23" })).await.expect(200);
    let no_show = json!({ "tag": "no_show", "reason": "Deux fois en octobre" });
    let both = json!([no_show, { "tag": "problematic", "reason": null }]);
    let met = app.record_interaction(SELLER, &zoe, &json!({ "kind": "reservation" })).await.expect(201).json();
    assert_eq!(met["alerts"], both);
    let order = app.sale(SELLER, &zoe, 950).await;
    assert_eq!(app.get_order(SELLER, &order).await.expect(200).json()["alerts"], both);
    app.pass(jiff::SignedDuration::from_hours(48)).await;
    let line = json!({ "name": "Bougie", "quantity": 1, "unit_price_minor": 950 });
    let body = json!({ "customer_id": zoe, "channel": "phone", "lines": [line] });
    assert_eq!(app.create_order(SELLER, &body).await.expect(201).json()["alerts"], json!([no_show]));
}

#[tokio::test]
async fn what_happened_last_comes_first_whenever_it_was_recorded() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let at =
        ["2026-11-01T10:00:00Z", "2028-01-01T12:00:00+02:00", "2000-01-01T00:00:00Z", START, "2026-11-10T10:00:00Z"];
    for at in at {
        app.record_interaction(SELLER, &zoe, &json!({ "kind": "reservation", "at": at })).await.expect(201);
    }
    let expected = [
        "2028-01-01T10:00:00Z",
        "2026-11-22T09:00:00Z",
        "2026-11-10T10:00:00Z",
        "2026-11-01T10:00:00Z",
        "2000-01-01T00:00:00Z",
    ];
    for limit in [1, 2, 25] {
        let listed = app.all_of(OWNER, &zoe, "interactions", limit).await;
        assert_eq!(listed.iter().map(|item| item["at"].as_str().unwrap()).collect::<Vec<_>>(), expected);
    }
    app.send(Ask::get(format!("/v1/customers/{zoe}/interactions")).by(VIEWER)).await.expect(403);
}

#[tokio::test]
async fn everything_wrong_with_an_interaction_is_said_at_once() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let body = json!({ "kind": "party", "at": "yesterday", "text": "x".repeat(2001), "author": "me" });
    let refused = app.record_interaction(SELLER, &zoe, &body).await.expect(422);
    assert_eq!(refused.pointers(), ["/at", "/author", "/kind", "/text"]);
    for at in
        ["1999-12-31T23:59:59Z", "2028-12-22T10:00:00Z", "2026-11-22T10:00:00", "2026-11-22", "9999-99-99T00:00:00Z"]
    {
        let refused = app.record_interaction(SELLER, &zoe, &json!({ "kind": "call", "at": at })).await.expect(422);
        assert_eq!(refused.pointers(), ["/at"], "{at}");
    }
    assert_eq!(app.all_of(OWNER, &zoe, "interactions", 25).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_sent_again_is_the_same_and_many_at_once_are_all_kept() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let path = format!("/v1/customers/{zoe}/interactions");
    let ask = Ask::post(&path).by(SELLER).header("idempotency-key", "once").json(&json!({ "kind": "visit" }));
    let answers = join_all((0..10).map(|_| app.send(ask.clone()))).await;
    let first = answers[0].text();
    assert!(answers.into_iter().all(|answer| answer.expect(201).text() == first));
    let each = (0..15).map(|_| app.send(Ask::post(&path).by(SELLER).once().json(&json!({ "kind": "call" }))));
    join_all(each).await.into_iter().for_each(|answer| drop(answer.expect(201)));
    assert_eq!(app.items("interaction").await.len(), 16);
}
