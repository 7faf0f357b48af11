//! Magic links: what they let their customer do, and how the shop takes them back (K01, K02).

use futures::future::join_all;
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Answer, Ask, OWNER, SELLER, STRANGER, VIEWER};

const NOBODY: &str = "01JDGZZZZZZZZZZZZZZZZZZZZZ";

/// A link of customer `id` with these terms: its id, and the path of its page.
async fn link(app: &TestApp, id: &str, terms: Value) -> (String, String) {
    let made = app.send(Ask::post(format!("/v1/customers/{id}/order-links")).by(SELLER).once().json(&terms)).await;
    shown(app, &made.expect(201))
}

fn shown(app: &TestApp, made: &Answer) -> (String, String) {
    let view = made.json();
    let url = view["url"].as_str().unwrap().strip_prefix(app.stack.base_url()).unwrap().to_owned();
    (view["id"].as_str().unwrap().to_owned(), url)
}

async fn revoke(app: &TestApp, customer: &str, link: &str) -> Answer {
    let path = format!("/v1/customers/{customer}/order-links/{link}");
    app.send(Ask::new(Method::DELETE, path).by(SELLER)).await
}

async fn rotate(app: &TestApp, customer: &str, link: &str) -> Answer {
    let path = format!("/v1/customers/{customer}/order-links/{link}/rotate");
    app.send(Ask::post(path).by(SELLER).once().json(&json!({}))).await
}

async fn listed(app: &TestApp, customer: &str) -> Vec<Value> {
    app.all_of(SELLER, customer, "order-links", 2).await
}

/// The answer to a link that never was, to compare with.
async fn closed(app: &TestApp) -> (u16, String) {
    let answer = app.send(Ask::get("/o/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).await;
    (answer.status, answer.text())
}

async fn page(app: &TestApp, path: &str) -> (u16, String) {
    let answer = app.send(Ask::get(path)).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn a_link_taken_back_is_one_that_never_was_at_the_next_request() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let honey = app.honey(OWNER).await;
    let (id, path) = link(&app, &zoe, json!({})).await;
    let posted = app.review(&path, &[(&format!("q-{honey}"), "1")]).await.post(&[]);
    let closed = closed(&app).await;
    revoke(&app, &zoe, &id).await.expect(204);
    assert_eq!(page(&app, &path).await, closed);
    let refused = app.send(posted).await;
    assert_eq!((refused.status, refused.text()), closed);
    assert_eq!(app.items("order").await.len(), 0);
    assert_eq!(listed(&app, &zoe).await[0]["state"], "revoked");
    revoke(&app, &zoe, &id).await.expect(204);
    assert_eq!(rotate(&app, &zoe, &id).await.expect(409).json()["type"], "urn:clientele:problem:link-closed");
    let audit = app.items("audit").await;
    assert_eq!(audit.iter().filter(|entry| crate::app::text(entry, "action") == "order_link_revoked").count(), 1);
}

#[tokio::test]
async fn a_new_address_closes_the_old_one_and_keeps_what_the_link_lets_do() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let honey = app.honey(OWNER).await;
    let (old, old_path) = link(&app, &zoe, json!({ "days": 30, "orders": 2, "products": [honey] })).await;
    let before = listed(&app, &zoe).await.remove(0);
    app.pass(SignedDuration::from_hours(24)).await;
    let closed = closed(&app).await;
    let (new, new_path) = shown(&app, &rotate(&app, &zoe, &old).await.expect(201));
    assert_eq!(page(&app, &old_path).await, closed);
    assert_eq!(page(&app, &new_path).await.0, 200);
    let links = listed(&app, &zoe).await;
    let states: Vec<_> =
        links.iter().map(|link| (link["id"].as_str().unwrap(), link["state"].as_str().unwrap())).collect();
    assert_eq!(states, [(&*new, "open"), (&*old, "revoked")]);
    for field in ["expires_at", "orders_left", "products"] {
        assert_eq!(links[0][field], before[field], "{field}");
    }
    assert!(!format!("{links:?}").contains("/o/"), "the address is shown once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_link_takes_as_many_orders_as_it_may_however_many_come_at_once() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let field = format!("q-{}", app.honey(OWNER).await);
    let (_, path) = link(&app, &zoe, json!({ "orders": 2 })).await;
    let page_shown = app.review(&path, &[(&field, "1")]).await;
    let pages: Vec<_> = (0..6).map(|number| page_shown.another(number)).collect();
    let answers = join_all(pages.iter().map(|page| app.send(page.post(&[(&field, "1")])))).await;
    let placed: Vec<usize> = (0..6).filter(|number| answers[*number].status == 303).collect();
    assert_eq!(placed.len(), 2, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert_eq!(app.items("order").await.len(), 2);
    assert_eq!(listed(&app, &zoe).await[0]["state"], "used_up");
    let closed = closed(&app).await;
    assert_eq!(page(&app, &path).await, closed);
    // What was ordered is shown still, and ordered once however often it is posted.
    let location = answers[placed[0]].header("location");
    assert_eq!(page(&app, &format!("{path}{location}")).await.0, 200);
    let again = app.send(pages[placed[0]].post(&[(&field, "1")])).await.expect(303);
    assert_eq!(again.header("location"), location);
}

#[tokio::test]
async fn a_selection_is_all_that_a_link_offers() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let honey = app.honey(OWNER).await;
    let wax = json!({ "name": { "fr": "Cire" }, "prices": { "EUR": 500 } });
    let wax = app.create_product(OWNER, &wax).await.expect(201).id();
    let (_, path) = link(&app, &zoe, json!({ "products": [wax] })).await;
    let (_, html) = page(&app, &path).await;
    assert!(html.contains("Cire") && !html.contains("Miel"));
    app.place_order(&path, &[(&format!("q-{honey}"), "1")]).await.expect(409);
    app.place_order(&path, &[(&format!("q-{wax}"), "1")]).await.expect(303);
}

#[tokio::test]
async fn a_link_closes_on_its_day() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    app.honey(OWNER).await;
    let (_, path) = link(&app, &zoe, json!({ "days": 2 })).await;
    let closed = closed(&app).await;
    // It is ten in Paris, where the day after tomorrow ends in 62 hours.
    app.pass(SignedDuration::from_hours(61)).await;
    assert_eq!(page(&app, &path).await.0, 200);
    app.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(page(&app, &path).await, closed);
    assert_eq!(listed(&app, &zoe).await[0]["state"], "expired");
}

#[tokio::test]
async fn what_is_no_link_is_refused() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let (id, _) = link(&app, &zoe, json!({})).await;
    let theirs = app.honey(STRANGER).await;
    let before = app.table().await;
    let ids: Vec<String> = (0..101).map(|_| NOBODY.to_owned()).collect();
    for (body, pointers) in [
        (json!({ "days": 0, "orders": 0, "products": [] }), &["/days", "/orders", "/products"][..]),
        (json!({ "days": 367, "orders": 1001, "products": "all" }), &["/days", "/orders", "/products"]),
        (json!({ "days": 1.5, "orders": "2", "token": "x" }), &["/days", "/orders", "/token"]),
        (json!({ "products": [theirs] }), &["/products"]),
        (json!({ "products": [NOBODY] }), &["/products"]),
        (json!({ "products": ids }), &["/products"]),
    ] {
        let ask = Ask::post(format!("/v1/customers/{zoe}/order-links")).by(SELLER).json(&body);
        assert_eq!(app.send(ask).await.expect(422).pointers(), pointers, "{body}");
    }
    revoke(&app, &zoe, NOBODY).await.expect(404);
    rotate(&app, NOBODY, &id).await.expect(404);
    for member in [STRANGER, VIEWER] {
        let ask = Ask::new(Method::DELETE, format!("/v1/customers/{zoe}/order-links/{id}")).by(member);
        app.send(ask).await.expect(if member.shop == "main" { 403 } else { 404 });
    }
    assert_eq!(app.table().await, before);
}
