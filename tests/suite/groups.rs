//! Groups: made, renamed, joined and left by staff, and never seen by the customer.

use http::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, MANAGER, OWNER, SELLER, STRANGER};
use crate::bad_input::refused;

const NAME: &str = "Restaurateurs étoilés";

async fn group(app: &TestApp) -> String {
    app.create_group(MANAGER, &json!({ "name": NAME, "rate_bp": -1250 })).await.expect(201).id()
}

#[tokio::test]
async fn a_customer_is_in_one_group_at_most() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let (one, other) =
        (group(&app).await, app.create_group(OWNER, &json!({ "name": "Voisins" })).await.expect(201).id());
    for group in [&one, &other] {
        let record = app.join_group(SELLER, &id, group).await.expect(200).json();
        assert_eq!(record["group"]["id"], json!(group));
    }
    let record = app.join_group(SELLER, &id, &one).await.expect(200).json();
    assert_eq!(record["group"], json!({ "id": one, "name": NAME, "rate_bp": -1250 }));
    app.send(Ask::new(Method::DELETE, format!("/v1/customers/{id}/group")).by(SELLER)).await.expect(204);
    assert_eq!(app.get_customer(OWNER, &id).await.expect(200).json()["group"], Value::Null);
}

#[tokio::test]
async fn a_groups_name_is_its_own_and_may_change() {
    let app = TestApp::start().await;
    let one = group(&app).await;
    let same = app.create_group(MANAGER, &json!({ "name": "RESTAURATEURS  etoiles" })).await.expect(409).json();
    assert_eq!(same["type"], "urn:clientele:problem:duplicate-group");
    let change = async |etag: &str, body: Value| {
        let ask = Ask::patch(format!("/v1/groups/{one}")).by(MANAGER).header("if-match", etag);
        app.send(ask.json(&body)).await
    };
    let changed = change("\"1\"", json!({ "name": "Chefs", "rate_bp": 500 })).await.expect(200).json();
    assert_eq!((&changed["name"], &changed["rate_bp"], &changed["version"]), (&json!("Chefs"), &json!(500), &json!(2)));
    change("\"1\"", json!({ "rate_bp": 0 })).await.expect(412);
    // The old name is free, the new one is not.
    let other = group(&app).await;
    let ask = Ask::patch(format!("/v1/groups/{other}")).by(MANAGER).header("if-match", "*");
    app.send(ask.json(&json!({ "name": "chefs" }))).await.expect(409);
    let listed = app.send(Ask::get("/v1/groups").by(SELLER)).await.expect(200).json();
    let names: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|group| &group["name"]).collect();
    assert_eq!(names, ["Chefs", NAME]);
}

#[tokio::test]
async fn what_is_no_group_is_refused() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let theirs = app.create_group(STRANGER, &json!({ "name": "Leurs" })).await.expect(201).id();
    let create = |body: Value| Ask::post("/v1/groups").json(&body);
    let join = |body: Value| Ask::new(Method::PUT, format!("/v1/customers/{id}/group")).json(&body);
    let cases = [
        (create(json!({})), "/name"),
        (create(json!({ "name": "Chefs", "rate_bp": 10_001 })), "/rate_bp"),
        (create(json!({ "name": "Chefs", "rate_bp": -10_001 })), "/rate_bp"),
        (create(json!({ "name": "Chefs", "rate_bp": 0.5 })), "/rate_bp"),
        (join(json!({ "group": theirs })), "/group"),
        (join(json!({ "group": "chefs" })), "/group"),
        (join(json!({})), "/group"),
    ];
    let (asks, pointers): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let answers = refused(&app, asks.into_iter().map(|ask| (ask, 422)).collect()).await;
    for (answer, pointer) in answers.iter().zip(pointers) {
        assert_eq!(answer.pointers(), [pointer]);
    }
}

#[tokio::test]
async fn nothing_that_a_customer_gets_says_which_group_they_are_in() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    app.drain().await;
    let id = app.mails().pop().unwrap().tags["customer"].clone();
    let group = group(&app).await;
    app.join_group(OWNER, &id, &group).await.expect(200);
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &id).await);
    let mut seen = app.send(Ask::get(&path)).await.expect(200).text();
    let placed = app.place_order(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
    seen += &app.send(Ask::get(format!("{path}{}", placed.header("location")))).await.expect(200).text();
    seen += &app.send(Ask::get(format!("/p/{}", app.preferences_token(&id).await))).await.expect(200).text();
    app.drain().await;
    for mail in app.mails() {
        seen += &format!("{} {:?} {:?} {:?}", mail.subject, mail.headers, mail.html, mail.text);
    }
    assert!(seen.contains("Zoé"));
    assert!(!seen.contains(&group) && !seen.contains("Restaurateurs") && !seen.contains("étoilés"));
}
