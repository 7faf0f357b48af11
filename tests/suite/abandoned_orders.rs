//! An order that was begun on a magic link's page and left: one mail, the morning after a day.

use serde_json::json;

use crate::app::TestApp;
use crate::ask::{Ask, OWNER};

/// Zoé, who agreed to marketing, her link, and a product.
async fn zoe(app: &TestApp) -> (String, String, String) {
    let zoe = app.agreed("Zoé Dupont").await;
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &zoe).await);
    (zoe, path, format!("q-{product}"))
}

fn sent(app: &TestApp) -> Vec<String> {
    app.mails().iter().map(|mail| mail.at.strftime("%Y-%m-%dT%H:%M").to_string()).collect()
}

#[tokio::test]
async fn it_is_told_of_once_at_nine_when_it_has_lain_for_a_day() {
    let app = TestApp::start().await;
    let (_, path, honey) = zoe(&app).await;
    // Sunday at ten: at nine on Monday it has lain for less than a day.
    app.choose(&path, &[(&honey, "2")]).await.expect(303);
    app.move_clock("2026-11-24T08:59:00+01:00").await;
    assert!(app.mails().is_empty());
    app.move_clock("2026-11-24T09:00:00+01:00").await;
    assert_eq!(sent(&app), ["2026-11-24T08:00"]);
    let mail = app.mails().remove(0);
    let text = mail.text.unwrap();
    assert!(text.contains("* 2 × Miel") && text.contains(&path), "{text}");
    assert!(mail.headers.contains_key("List-Unsubscribe"));
    app.choose(&path, &[(&honey, "3")]).await.expect(303);
    app.move_clock("2026-12-20T12:00:00+01:00").await;
    assert_eq!(sent(&app).len(), 1, "once per draft, however often it is left again");
    assert!(app.send(Ask::get(path)).await.expect(200).text().contains("Miel"));
}

#[tokio::test]
async fn whoever_goes_on_with_it_puts_it_off() {
    let app = TestApp::start().await;
    let (_, path, honey) = zoe(&app).await;
    app.choose(&path, &[(&honey, "1")]).await.expect(303);
    app.move_clock("2026-11-23T20:00:00+01:00").await;
    app.choose(&path, &[(&honey, "2")]).await.expect(303);
    app.move_clock("2026-11-25T08:00:00+01:00").await;
    assert!(app.mails().is_empty());
    app.move_clock("2026-11-25T09:00:00+01:00").await;
    assert_eq!(sent(&app), ["2026-11-25T08:00"]);
}

#[tokio::test]
async fn what_was_ordered_or_emptied_or_can_no_longer_be_ordered_is_not_told_of() {
    let app = TestApp::start().await;
    app.change_settings(OWNER, &json!({ "automations": { "satisfaction": { "on": false } } })).await.expect(200);
    let (zoe, ordered, honey) = zoe(&app).await;
    app.place_order(&ordered, &[(&honey, "1")]).await.expect(303);
    let emptied = app.order_path(OWNER, &zoe).await;
    app.choose(&emptied, &[(&honey, "1")]).await.expect(303);
    app.send(Ask::post(&emptied).form(&[("go", "?"), ("at", "?"), (&honey, "")])).await.expect(303);
    let revoked = app.create_order_link(OWNER, &zoe).await.expect(201).json();
    let path = revoked["url"].as_str().unwrap().strip_prefix(app.stack.base_url()).unwrap().to_owned();
    app.choose(&path, &[(&honey, "1")]).await.expect(303);
    let link = format!("/v1/customers/{zoe}/order-links/{}", revoked["id"].as_str().unwrap());
    app.send(Ask::new(http::Method::DELETE, link).by(OWNER)).await.expect(204);
    app.move_clock("2026-12-20T12:00:00+01:00").await;
    let mut messages = app.messages().await;
    messages.sort();
    assert_eq!(
        messages,
        ["abandoned_order skipped subject_gone", "order_confirmation sent"],
        "the link was taken back"
    );
}

#[tokio::test]
async fn the_next_order_that_is_left_is_told_of_too() {
    let app = TestApp::start().await;
    app.change_settings(OWNER, &json!({ "automations": { "satisfaction": { "on": false } } })).await.expect(200);
    let (_, path, honey) = zoe(&app).await;
    app.choose(&path, &[(&honey, "1")]).await.expect(303);
    app.move_clock("2026-11-24T12:00:00+01:00").await;
    app.place_order(&path, &[(&honey, "1")]).await.expect(303);
    app.drain().await;
    app.choose(&path, &[(&honey, "1")]).await.expect(303);
    app.move_clock("2026-11-30T12:00:00+01:00").await;
    let mut messages = app.messages().await;
    messages.sort();
    assert_eq!(messages, ["abandoned_order sent", "abandoned_order sent", "order_confirmation sent"]);
}

#[tokio::test]
async fn it_is_marketing_and_needs_consent() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &zoe).await);
    app.choose(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
    app.move_clock("2026-11-30T12:00:00+01:00").await;
    assert_eq!(app.messages().await, ["abandoned_order skipped no_consent"]);
}

#[tokio::test]
async fn who_was_merged_meanwhile_gets_it_once() {
    let app = TestApp::start().await;
    let (zoe, path, honey) = zoe(&app).await;
    let ana = app.agreed("Ana Lima").await;
    app.choose(&path, &[(&honey, "1")]).await.expect(303);
    app.merge(OWNER, &ana, &zoe).await;
    app.drain().await;
    app.move_clock("2026-11-30T12:00:00+01:00").await;
    assert_eq!(app.messages().await, ["abandoned_order sent"]);
    assert_eq!(app.subjects("ana.lima@example.com").len(), 1);
}

#[tokio::test]
async fn whoever_goes_on_with_it_after_it_was_planned_puts_it_off_too() {
    let app = TestApp::start().await;
    let (_, path, honey) = zoe(&app).await;
    app.choose(&path, &[(&honey, "1")]).await.expect(303);
    app.move_clock("2026-11-24T08:30:00+01:00").await;
    assert_eq!(app.messages().await, ["abandoned_order pending"]);
    app.choose(&path, &[(&honey, "2")]).await.expect(303);
    app.move_clock("2026-11-25T08:59:00+01:00").await;
    assert!(app.mails().is_empty());
    app.move_clock("2026-11-25T09:00:00+01:00").await;
    assert_eq!(
        (sent(&app), app.messages().await),
        (vec!["2026-11-25T08:00".to_owned()], vec!["abandoned_order sent".to_owned()])
    );
    app.move_clock("2026-12-20T12:00:00+01:00").await;
    assert_eq!(sent(&app).len(), 1);
}
