//! Mails of how far an order has come: what the shop wants told, to whom it concerns, once (K05).

use futures::future::join_all;
use serde_json::{Value, json};
use shared::domain::Order;

use crate::app::TestApp;
use crate::ask::{OWNER, SELLER};

const ZOE: &str = "zoe.dupont@example.com";

/// A shop that wants these states told, Zoé, and her order of one honey through a link.
async fn placed(app: &TestApp, told: Value) -> (String, String) {
    app.change_settings(OWNER, &json!({ "order_state_mails": told })).await.expect(200);
    app.settle().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let order = quick_order(app, &zoe).await;
    app.drain().await;
    (order, zoe)
}

async fn quick_order(app: &TestApp, customer: &str) -> String {
    let body = json!({ "name": { "fr": "Miel" }, "unit": "pot de 500 g", "prices": { "EUR": 1999 } });
    let product = app.create_product(OWNER, &body).await.expect(201).id();
    let path = app.order_path(OWNER, customer).await;
    let posted = app.place_order(&path, &[(&format!("q-{product}"), "2")]).await.expect(303);
    posted.header("location").rsplit('=').next().unwrap().to_owned()
}

async fn moved(app: &TestApp, order: &str, state: &str) {
    let reason = (state == "cancelled").then_some("Rupture, ne rien dire");
    app.move_order(SELLER, order, &json!({ "state": state, "reason": reason })).await.expect(200);
}

/// The states of the messages that tell of orders' states.
async fn told(app: &TestApp) -> Vec<String> {
    let messages = app.messages().await.into_iter();
    let mut told: Vec<String> =
        messages.filter_map(|message| Some(message.strip_prefix("order_state ")?.to_owned())).collect();
    told.sort();
    told
}

#[tokio::test]
async fn a_customer_is_told_what_the_shop_wants_told_and_once() {
    let app = TestApp::start().await;
    let (order, _) = placed(&app, json!(["shipped", "confirmed", "shipped"])).await;
    for state in ["confirmed", "in_production", "shipped", "delivered"] {
        moved(&app, &order, state).await;
        moved(&app, &order, state).await;
        app.drain().await;
    }
    let number = app.get_order(OWNER, &order).await.json()["number"].as_str().unwrap().to_owned();
    let subjects = app.subjects(ZOE);
    let expected = [format!("Votre commande {number} est confirmée"), format!("Votre commande {number} est en route")];
    assert_eq!(subjects[1..], expected);
    let mail = app.mails().pop().unwrap();
    for part in [mail.text.as_ref().unwrap(), mail.html.as_ref().unwrap()] {
        assert!(part.contains("Miel, pot de 500 g") && part.contains("39,98"), "{part}");
        assert!(part.contains(&format!("?order={order}")));
    }
    assert_eq!(told(&app).await, ["sent", "sent"]);
}

#[tokio::test]
async fn nothing_is_told_unless_the_shop_wants_it() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app, json!(null)).await;
    moved(&app, &order, "confirmed").await;
    assert!(told(&app).await.is_empty());
    // A sale at the till is born delivered, and its customer stands there.
    app.change_settings(OWNER, &json!({ "order_state_mails": ["delivered"] })).await.expect(200);
    app.settle().await;
    app.sale(SELLER, &zoe, 500).await;
    assert!(told(&app).await.is_empty());
}

#[tokio::test]
async fn who_is_blocked_is_told_and_led_to_no_page() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app, json!(["confirmed"])).await;
    app.block(SELLER, &zoe, "Impayés").await.expect(200);
    moved(&app, &order, "confirmed").await;
    app.drain().await;
    let mail = app.mails().pop().unwrap();
    for part in [mail.text.as_ref().unwrap(), mail.html.as_ref().unwrap()] {
        assert!(part.contains("Miel, pot de 500 g") && !part.contains("/o/"), "{part}");
    }
}

#[tokio::test]
async fn why_an_order_was_cancelled_stays_in_the_shop() {
    let app = TestApp::start().await;
    let (order, _) = placed(&app, json!(["cancelled"])).await;
    moved(&app, &order, "cancelled").await;
    app.drain().await;
    let mail = app.mails().pop().unwrap();
    assert!(mail.subject.ends_with("est annulée"), "{}", mail.subject);
    for part in [mail.text.as_ref().unwrap(), mail.html.as_ref().unwrap()] {
        assert!(!part.contains("Rupture") && !part.contains("/o/"), "{part}");
    }
}

#[tokio::test]
async fn what_is_not_so_any_more_is_not_told() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app, json!(["confirmed", "in_production", "cancelled"])).await;
    for state in ["confirmed", "in_production", "cancelled"] {
        moved(&app, &order, state).await;
    }
    app.drain().await;
    assert_eq!(told(&app).await, ["sent", "skipped subject_gone", "skipped subject_gone"]);
    // What went on is still true of where it came by.
    let order = quick_order(&app, &zoe).await;
    moved(&app, &order, "confirmed").await;
    moved(&app, &order, "in_production").await;
    app.drain().await;
    assert_eq!(told(&app).await.iter().filter(|state| *state == "sent").count(), 3);
}

#[tokio::test]
async fn who_is_erased_is_told_nothing_and_who_was_merged_is_told_at_the_survivors() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app, json!(["confirmed", "in_production", "shipped"])).await;
    let ana = app.customer(OWNER, "Ana Lima").await;
    moved(&app, &order, "confirmed").await;
    app.merge(OWNER, &ana, &zoe).await.expect(202);
    moved(&app, &order, "in_production").await;
    app.drain().await;
    assert_eq!((app.subjects(ZOE).len(), app.subjects("ana.lima@example.com").len()), (1, 2));
    app.erase(OWNER, &ana, "Ana Lima").await.expect(202);
    moved(&app, &order, "shipped").await;
    app.drain().await;
    assert_eq!(app.mails().len(), 3);
}

#[tokio::test]
async fn the_cancellation_of_the_largest_order_is_one_transaction() {
    let app = TestApp::start().await;
    app.change_settings(OWNER, &json!({ "order_state_mails": ["cancelled"] })).await.expect(200);
    app.settle().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let path = app.order_path(OWNER, &zoe).await;
    let numbers: Vec<usize> = (0..Order::MAX_LINES).collect();
    let mut products = Vec::new();
    for some in numbers.chunks(10) {
        products.extend(join_all(some.iter().map(|_| app.honey(OWNER))).await);
    }
    let fields: Vec<(String, &str)> = products.iter().map(|product| (format!("q-{product}"), "2")).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(field, quantity)| (field.as_str(), *quantity)).collect();
    let posted = app.place_order(&path, &fields).await.expect(303);
    let order = posted.header("location").rsplit('=').next().unwrap().to_owned();
    // Counted since, all of them are given back.
    let stock = json!({ "stock": 1 });
    for some in products.chunks(10) {
        join_all(some.iter().map(|product| app.change_product(OWNER, product, &stock))).await;
    }
    moved(&app, &order, "cancelled").await;
    app.drain().await;
    assert_eq!(told(&app).await, ["sent"]);
    for product in [&products[0], &products[Order::MAX_LINES - 1]] {
        let path = format!("/v1/products/{product}");
        assert_eq!(app.send(crate::ask::Ask::get(path).by(OWNER)).await.json()["stock"], 3);
    }
}
