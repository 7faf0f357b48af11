//! A blocked customer: links close and marketing stops with the next request, until it is undone.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, OWNER, SELLER, VIEWER};

#[tokio::test]
async fn a_blocked_customers_link_answers_as_one_that_never_was() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &id).await);
    let page = app.review(&path, &[(&format!("q-{product}"), "1")]).await;
    let blocked = app.block(SELLER, &id, "Trois factures impayées").await.expect(200).json();
    assert_eq!(blocked["blocked"]["reason"], "Trois factures impayées");
    assert!(blocked["blocked"]["by"].is_string() && blocked["blocked"]["at"].is_string());
    let never = app.send(Ask::get(format!("/o/{}", "a".repeat(32)))).await;
    let closed = app.send(Ask::get(&path)).await;
    assert_eq!((closed.status, closed.text()), (never.status, never.text()));
    app.send(page.post(&[])).await.expect(never.status);
    assert!(app.items("order").await.is_empty());
    app.unblock(SELLER, &id).await.expect(204);
    assert_eq!(app.get_customer(OWNER, &id).await.expect(200).json()["blocked"], Value::Null);
    app.send(page.post(&[])).await.expect(303);
}

#[tokio::test]
async fn a_blocked_customer_gets_no_marketing() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    app.drain().await;
    let id = app.mails().pop().unwrap().tags["customer"].clone();
    app.change_customer(OWNER, &id, "*", &json!({ "birthday": "--11-25" })).await.expect(200);
    app.block(OWNER, &id, "Injurieux").await.expect(200);
    app.move_clock("2026-11-25T12:00:00+01:00").await;
    assert!(app.messages().await.contains(&"birthday skipped blocked".to_owned()));
    assert_eq!(app.mails().len(), 1);
}

#[tokio::test]
async fn why_is_for_those_who_see_notes() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.block(OWNER, &id, "Menaces par téléphone").await.expect(200);
    app.put_tag(OWNER, &id, "problematic", &json!({ "reason": "Injures" })).await.expect(200);
    let seen = app.get_customer(VIEWER, &id).await.expect(200).text();
    assert!(seen.contains("problematic") && !seen.contains("Menaces") && !seen.contains("Injures"));
}

#[tokio::test]
async fn a_block_has_a_reason() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    assert_eq!(app.block(OWNER, &id, " ").await.expect(422).pointers(), ["/reason"]);
    assert_eq!(app.block(OWNER, &id, &"x".repeat(501)).await.expect(422).pointers(), ["/reason"]);
}
