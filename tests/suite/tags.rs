//! Tags: nine stand, the tenth does not; one tag however it is typed; a reason and an end.

use futures::future::join_all;
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, OWNER, SELLER};
use crate::bad_input::refused;

/// The tags of a customer, by id.
async fn tags(app: &TestApp, id: &str) -> Vec<String> {
    let record = app.get_customer(OWNER, id).await.expect(200).json();
    record["tags"].as_array().unwrap().iter().map(|tag| tag["tag"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn nine_pass_and_the_tenth_is_refused() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let built_in = app.send(Ask::get("/v1/tags").by(OWNER)).await.expect(200).json();
    let built_in: Vec<&str> =
        built_in["items"].as_array().unwrap().iter().map(|t| t["tag"].as_str().unwrap()).collect();
    assert_eq!(
        built_in,
        ["friends_family", "business", "influencer", "local", "no_show", "problematic", "regular", "vip"]
    );
    for tag in &built_in {
        app.put_tag(SELLER, &id, tag, &json!({})).await.expect(200);
    }
    app.put_tag(SELLER, &id, "Fid%C3%A8le", &json!({})).await.expect(200);
    let tenth = Ask::new(Method::PUT, format!("/v1/customers/{id}/tags/tenth")).json(&json!({}));
    let answers = refused(&app, vec![(tenth, 422)]).await;
    assert_eq!(answers[0].pointers(), ["/tag"]);
    assert_eq!(tags(&app, &id).await.len(), 9);
    app.put_tag(SELLER, &id, "VIP", &json!({ "reason": "Parrain" })).await.expect(200);
    app.take_tag_off(SELLER, &id, "local").await.expect(204);
    app.take_tag_off(SELLER, &id, "local").await.expect(204);
    app.put_tag(SELLER, &id, "tenth", &json!({})).await.expect(200);
}

#[tokio::test]
async fn twenty_tags_at_once_leave_nine() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let puts = (0..20).map(|number| {
        let (app, id) = (&app, &id);
        async move { app.put_tag(OWNER, id, &format!("tag-{number}"), &json!({})).await.status }
    });
    let statuses = join_all(puts).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 9, "{statuses:?}");
    assert_eq!(tags(&app, &id).await.len(), 9);
}

#[tokio::test]
async fn a_tag_is_one_however_it_is_typed_and_an_unknown_one_becomes_the_shops() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    for spelling in ["No-show", "no_show", "NO%20SHOW"] {
        app.put_tag(OWNER, &id, spelling, &json!({ "reason": "Deux fois" })).await.expect(200);
    }
    for spelling in ["Fid%C3%A8le%20du%20march%C3%A9", "FIDELE-du-marche"] {
        app.put_tag(OWNER, &id, spelling, &json!({})).await.expect(200);
    }
    assert_eq!(tags(&app, &id).await, ["fidele_du_marche", "no_show"]);
    let listed = app.send(Ask::get("/v1/tags").by(SELLER)).await.expect(200).json();
    let own: Vec<&Value> = listed["items"].as_array().unwrap().iter().filter(|tag| tag["built_in"] == false).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["labels"]["fr"], "Fidèle du marché");
    assert_eq!(listed["items"][4]["labels"], json!({ "fr": "No-show", "en": "No-show" }));
    let record = app.get_customer(OWNER, &id).await.expect(200).json();
    assert_eq!((&record["tags"][1]["label"], &record["tags"][1]["reason"]), (&json!("No-show"), &json!("Deux fois")));
}

#[tokio::test]
async fn a_tag_ends_after_its_last_day_in_the_shops_zone() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.put_tag(OWNER, &id, "vip", &json!({ "expires_on": "2026-11-23" })).await.expect(200);
    // 23:59 of that day in Paris, and a minute later.
    app.move_clock("2026-11-23T22:59:00Z").await;
    assert_eq!(tags(&app, &id).await, ["vip"]);
    app.pass(SignedDuration::from_mins(1)).await;
    assert!(tags(&app, &id).await.is_empty());
}

#[tokio::test]
async fn what_is_no_tag_is_refused() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let put = |tag: &str, body: Value| Ask::new(Method::PUT, format!("/v1/customers/{id}/tags/{tag}")).json(&body);
    let long = "x".repeat(41);
    let cases = [
        (put(&long, json!({})), "/tag"),
        (put("--", json!({})), "/tag"),
        (put("vip", json!({ "reason": "x".repeat(201) })), "/reason"),
        (put("vip", json!({ "expires_on": "2026-11-21" })), "/expires_on"),
        (put("vip", json!({ "expires_on": "tomorrow" })), "/expires_on"),
        (put("vip", json!({ "until": "2026-12-01" })), "/until"),
    ];
    let (asks, pointers): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let answers = refused(&app, asks.into_iter().map(|ask| (ask, 422)).collect()).await;
    for (answer, pointer) in answers.iter().zip(pointers) {
        assert_eq!(answer.pointers(), [pointer]);
    }
}
