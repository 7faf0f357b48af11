//! Orders on their way: a step at a time, or cancelled, after which they count no more (K05).

use futures::future::join_all;
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::domain::CustomerId;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, MANAGER, OWNER, SELLER, STRANGER, VIEWER};

/// Zoé's order of one honey through a link, and Zoé.
async fn placed(app: &TestApp) -> (String, String) {
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    (quick_order(app, &zoe).await, zoe)
}

async fn quick_order(app: &TestApp, customer: &str) -> String {
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, customer).await);
    let posted = app.place_order(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
    posted.header("location").rsplit('=').next().unwrap().to_owned()
}

async fn figures(app: &TestApp, customer: &str) -> Value {
    app.get_customer(OWNER, customer).await.expect(200).json()["figures"].clone()
}

#[tokio::test]
async fn an_order_goes_its_way_and_says_who_moved_it_when() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app).await;
    let before = figures(&app, &zoe).await;
    for (number, state) in ["confirmed", "in_production", "shipped", "delivered"].into_iter().enumerate() {
        let moved = app.move_order(SELLER, &order, &json!({ "state": state })).await.expect(200);
        assert_eq!(
            (moved.json()["state"].as_str(), moved.header("etag")),
            (Some(state), &*format!("\"{}\"", number + 2))
        );
        // Said again, it changes nothing.
        let again = app.move_order(MANAGER, &order, &json!({ "state": state })).await.expect(200);
        assert_eq!(again.json(), moved.json());
        app.pass(SignedDuration::from_hours(1)).await;
    }
    let seen = app.get_order(OWNER, &order).await.expect(200).json();
    let moves = seen["moves"].as_array().unwrap();
    assert_eq!(moves.len(), 4);
    assert_eq!(moves[3]["state"], "delivered");
    assert!(moves[3]["at"].as_str().unwrap().starts_with("2026-11-22T12:00:"));
    assert!(moves[0]["by"].as_str().is_some_and(|by| !by.is_empty()));
    assert_eq!(figures(&app, &zoe).await, before, "a move on counts nothing anew");
    app.settle().await;
    assert_eq!(app.list_orders(OWNER).await.json()["items"][0]["state"], "delivered");
}

#[tokio::test]
async fn what_is_cancelled_counts_no_more() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app).await;
    app.record_interaction(SELLER, &zoe, &json!({ "kind": "visit", "at": "2026-11-21T10:00:00+01:00" }))
        .await
        .expect(201);
    let before = figures(&app, &zoe).await;
    app.pass(SignedDuration::from_hours(24)).await;
    let second = quick_order(&app, &zoe).await;
    app.create_refund(SELLER, &second, &json!({ "amount_minor": 500 })).await.expect(201);
    let cancelled = json!({ "state": "cancelled", "reason": "Client absent" });
    let moved = app.move_order(SELLER, &second, &cancelled).await.expect(200).json();
    assert_eq!((&moved["net"]["minor"], &moved["moves"][0]["reason"]), (&json!(0), &json!("Client absent")));
    assert_eq!(app.get_order(VIEWER, &second).await.json()["moves"][0]["reason"], Value::Null);
    assert_eq!(figures(&app, &zoe).await, before);
    app.move_order(SELLER, &order, &cancelled).await.expect(200);
    let none = figures(&app, &zoe).await;
    assert_eq!((&none["orders"], &none["visited_on"]), (&json!(0), &before["visited_on"]));
    assert_eq!(app.get_customer(OWNER, &zoe).await.json()["status"], "current", "nothing demotes by itself");
    // Nothing of it is left to be given back.
    let refund = app.create_refund(SELLER, &order, &json!({ "amount_minor": 1 })).await.expect(409);
    assert_eq!(refund.json()["type"], "urn:clientele:problem:order-state");
}

#[tokio::test]
async fn an_order_takes_no_step_that_is_none() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app).await;
    let before = app.table().await;
    let cancelled = json!({ "state": "cancelled", "reason": "Doublon" });
    for state in ["in_production", "shipped", "delivered"] {
        let refused = app.move_order(SELLER, &order, &json!({ "state": state })).await.expect(409);
        assert_eq!(refused.json()["type"], "urn:clientele:problem:order-state");
    }
    for (body, pointers) in [
        (json!({}), &["/state"][..]),
        (json!({ "state": "gone" }), &["/state"]),
        (json!({ "state": "cancelled" }), &["/reason"]),
        (json!({ "state": "confirmed", "reason": "x".repeat(201), "version": 9 }), &["/reason", "/version"]),
    ] {
        assert_eq!(app.move_order(SELLER, &order, &body).await.expect(422).pointers(), pointers);
    }
    app.move_order(STRANGER, &order, &cancelled).await.expect(404);
    app.move_order(VIEWER, &order, &cancelled).await.expect(403);
    assert_eq!(app.table().await, before);
    let sold = app.sale(SELLER, &zoe, 500).await;
    app.move_order(SELLER, &sold, &cancelled).await.expect(409);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_moves_at_once_each_step_is_taken_once() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app).await;
    let other = quick_order(&app, &zoe).await;
    let (app, order) = (&app, order.as_str());
    let confirmed = json!({ "state": "confirmed" });
    let answers: Vec<Answer> = join_all((0..10).map(|_| app.move_order(SELLER, order, &confirmed))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(app.get_order(OWNER, order).await.json()["moves"].as_array().unwrap().len(), 1);
    // A cancellation, while more is bought, forgets nothing of it.
    let cancelled = json!({ "state": "cancelled", "reason": "Doublon" });
    let sales = join_all((0..5).map(|_| app.sale(SELLER, &zoe, 1000)));
    let (moved, _) = tokio::join!(app.move_order(SELLER, &other, &cancelled), sales);
    moved.expect(200);
    let figures = figures(app, &zoe).await;
    assert_eq!((&figures["orders"], &figures["totals"]["EUR"]), (&json!(6), &json!(1999 + 5000)));
}

#[tokio::test]
async fn orders_are_listed_by_what_they_are() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app).await;
    let ana = app.customer(OWNER, "Ana").await;
    let mut sold = Vec::new();
    for number in 0..7 {
        sold.push(app.sale(SELLER, if number % 2 == 0 { &zoe } else { &ana }, 500).await);
    }
    app.move_order(SELLER, &order, &json!({ "state": "confirmed" })).await.expect(200);
    app.settle().await;
    let all = async |query: &str| {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let ask = Ask::get(format!("/v1/orders?{query}&limit=2{cursor}")).by(SELLER);
            let page = app.send(ask).await.expect(200).json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 2);
            ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    };
    let newest_first: Vec<String> = sold.iter().rev().cloned().collect();
    assert_eq!(all("state=confirmed").await, [order.as_str()]);
    assert_eq!(all("state=delivered").await, newest_first);
    assert_eq!(all("state=delivered&channel=store&day=2026-11-22").await, newest_first);
    assert_eq!(all("channel=web").await, [order.as_str()]);
    assert_eq!(all("channel=phone").await, Vec::<String>::new());
    assert_eq!(all(&format!("customer={ana}")).await.len(), 3);
    assert_eq!(all(&format!("customer={zoe}&state=confirmed")).await, [order.as_str()]);
    assert_eq!(all(&format!("customer={zoe}&day=2026-11-22&channel=store")).await.len(), 4);
    assert_eq!(all(&format!("customer={zoe}&day=2026-11-21")).await, Vec::<String>::new());
    let number = app.get_order(SELLER, &order).await.expect(200).json()["number"].as_str().unwrap().to_owned();
    assert_eq!(all(&format!("number={}", number.to_lowercase())).await, [order.as_str()]);
    assert_eq!(all(&format!("number={number}&state=delivered")).await, Vec::<String>::new());
    // Whoever was merged is asked for as who stands for them.
    app.merge(OWNER, &zoe, &ana).await.expect(202);
    for id in [&zoe, &ana] {
        let of_both = all(&format!("customer={id}")).await;
        assert_eq!((of_both[7].as_str(), &of_both[..7]), (order.as_str(), &newest_first[..]));
    }
    assert_eq!(all("day=2026-11-21").await, Vec::<String>::new());
    let ask = Ask::get("/v1/orders?state=gone&channel=fax&customer=x&number=7").by(SELLER);
    assert_eq!(app.send(ask).await.expect(422).pointers(), ["/channel", "/customer", "/number", "/state"]);
}

#[tokio::test]
async fn a_list_says_who_ordered_what_and_for_how_much() {
    let app = TestApp::start().await;
    let (zoe, ana) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Ana Lima").await);
    let line = |name: &str, quantity: u32| json!({ "name": name, "quantity": quantity, "unit_price_minor": 100 });
    let long = "x".repeat(61);
    let lines = [line("Bougie", 3), line(&long, 1), line("Savon", 1), line("Miel", 2)];
    let mut orders = Vec::new();
    for (customer, lines) in [(&zoe, &lines[..]), (&ana, &lines[..1])] {
        let sale = json!({ "customer_id": customer, "channel": "store", "lines": lines });
        orders.push(app.create_order(SELLER, &sale).await.expect(201).id());
    }
    app.settle().await;
    let listed = app.list_orders(VIEWER).await.expect(200).json();
    let (first, second) = (&listed["items"][1], &listed["items"][0]);
    assert_eq!((&first["customer_name"], &second["customer_name"]), (&json!("Zoé Dupont"), &json!("Ana Lima")));
    assert_eq!((&first["items"], &first["line_count"], &first["total"]["minor"]), (&json!(7), &json!(4), &json!(700)));
    let expected = json!([
        { "name": "Bougie", "quantity": 3 }, { "name": "x".repeat(60), "quantity": 1 }, { "name": "Savon", "quantity": 1 },
    ]);
    assert_eq!(first["lines"], expected);
    let audit = app.items("audit").await;
    let entry = audit.iter().find(|entry| text(entry, "action") == "orders_listed").unwrap();
    let named: Vec<&str> = entry["records"].as_l().unwrap().iter().map(|id| id.as_s().unwrap().as_str()).collect();
    assert_eq!(named, [&*zoe, &*ana, &*orders[1], &*orders[0]]);
    // The whole order says all of it, and whose it is.
    let seen = app.get_order(SELLER, &orders[0]).await.expect(200).json();
    assert_eq!((&seen["customer_name"], seen["lines"].as_array().unwrap().len()), (&json!("Zoé Dupont"), 4));
}

#[tokio::test]
async fn a_list_names_who_somebody_is_by_now() {
    let app = TestApp::start().await;
    let (zoe, ana) = (&app.customer(OWNER, "Zoé Dupont").await, &app.customer(OWNER, "Ana Lima").await);
    let max = &app.customer(OWNER, "Max Roche").await;
    for customer in [zoe, ana, max] {
        app.sale(SELLER, customer, 500).await;
    }
    let named = async || {
        app.settle().await;
        let listed = app.list_orders(SELLER).await.expect(200).json();
        let name = |item: &Value| item["customer_name"].as_str().map(str::to_owned);
        listed["items"].as_array().unwrap().iter().rev().map(name).collect::<Vec<_>>()
    };
    app.change_customer(OWNER, zoe, "*", &json!({ "name": "Zoé Martin" })).await.expect(200);
    app.merge(OWNER, zoe, ana).await.expect(202);
    app.erase(OWNER, max, "Max Roche").await.expect(202);
    let name = Some("Zoé Martin".to_owned());
    assert_eq!(named().await, [name.clone(), name, None]);
    // An index that is late still lists the order with the one who was merged.
    let [zoe, ana, max]: [CustomerId; 3] = [zoe, ana, max].map(|id| id.parse().unwrap());
    let (table, shop) = (app.functions().table, "main".parse().unwrap());
    let found = table.customers_or_survivors(&shop, &[zoe, ana, max]).await.unwrap();
    assert_eq!(found.iter().map(|(id, customer)| (*id, customer.id)).collect::<Vec<_>>(), [(zoe, zoe), (ana, zoe)]);
}

#[tokio::test]
async fn orders_of_somebody_who_was_erased_move_too() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app).await;
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    app.move_order(SELLER, &order, &json!({ "state": "confirmed" })).await.expect(200);
    let cancelled = json!({ "state": "cancelled", "reason": "Client parti" });
    app.move_order(SELLER, &order, &cancelled).await.expect(200);
    let ask =
        Ask::new(Method::PUT, format!("/v1/orders/{order}/state")).by(SELLER).json(&json!({ "state": "shipped" }));
    app.send(ask).await.expect(409);
}
