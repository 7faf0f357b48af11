//! Sales by staff or a till: an order born delivered, whoever the buyer is.

use std::collections::BTreeSet;

use futures::future::join_all;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, MANAGER, OWNER, SELLER, STRANGER, VIEWER};
use crate::golden::Values;

fn candle(minor: i64) -> Value {
    json!({ "name": "Bougie", "quantity": 1, "unit_price_minor": minor })
}

#[tokio::test]
async fn a_sale_makes_the_customer_it_is_for() {
    let app = TestApp::start().await;
    let mut values = Values::default();
    values.set("product", app.honey(OWNER).await);
    let answer = app.golden("orders/create-order", &values).await.expect(201);
    let order = answer.json();
    assert_eq!(answer.header("location"), format!("/v1/orders/{}", answer.id()));
    assert_json_snapshot!(order, {
        ".id" => "[id]", ".number" => "[number]", ".customer" => "[id]", ".lines[].product" => "[id]",
        ".placed_at" => "[at]",
    });
    let customer = order["customer"].as_str().unwrap();
    let record = app.get_customer(OWNER, customer).await.expect(200).json();
    assert_eq!((&record["status"], &record["source"]["kind"]), (&json!("current"), &json!("staff")));
    assert_eq!((&record["email"], &record["phone"]), (&json!("ana@example.com"), &json!("06 11 22 33 44")));
    assert_json_snapshot!(json!([record["figures"], record["segments"], record["primary_segment"]]));
    app.drain().await;
    assert!(app.mails().is_empty(), "nobody is written to");
    let seen = app.get_order(VIEWER, &answer.id()).await.expect(200).json();
    assert_eq!((&seen["total"], &seen["alerts"]), (&order["total"], &json!([])));
}

#[tokio::test]
async fn the_first_order_promotes_and_a_known_address_is_found() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    assert_eq!(app.get_customer(OWNER, &zoe).await.expect(200).json()["status"], "potential");
    let by_address = json!({ "customer": { "name": "Z. D.", "email": "ZOE.DUPONT@example.com." }, "channel": "phone",
        "lines": [candle(950)], "note": "Livrer jeudi" });
    let order = app.create_order(SELLER, &by_address).await.expect(201).json();
    assert_eq!(order["customer"], zoe.as_str());
    let record = app.get_customer(OWNER, &zoe).await.expect(200).json();
    assert_eq!((&record["status"], &record["name"]), (&json!("current"), &json!("Zoé Dupont")));
    let id = order["id"].as_str().unwrap();
    assert_eq!(app.get_order(SELLER, id).await.json()["note"], "Livrer jeudi");
    assert_eq!(app.get_order(VIEWER, id).await.json()["note"], Value::Null);
    assert_eq!(app.orders_of(VIEWER, &zoe, "").await.expect(200).json()["items"][0]["note"], Value::Null);
}

#[tokio::test]
async fn everything_wrong_with_a_sale_is_said_at_once() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let (honey, theirs) = (app.honey(OWNER).await, app.honey(STRANGER).await);
    let lines = json!([
        { "product": honey, "quantity": 1 },
        { "product": theirs, "quantity": 1 },
        { "product": honey, "quantity": 0 },
        { "product": "x", "quantity": 1, "unit_price_minor": -1 },
        { "name": "Bougie", "quantity": 1, "total": 3 },
        7,
    ]);
    let body = json!({ "customer_id": theirs, "channel": "market", "payment_method": "shells", "lines": lines,
        "currency": "EURO", "placed_at": "2026-01-01", "state": "submitted" });
    let refused = app.create_order(SELLER, &body).await.expect(422);
    let expected = [
        "/channel",
        "/currency",
        "/customer_id",
        "/lines/1/product",
        "/lines/2/quantity",
        "/lines/3/product",
        "/lines/3/unit_price_minor",
        "/lines/4/total",
        "/lines/4/unit_price_minor",
        "/lines/5",
        "/payment_method",
        "/placed_at",
        "/state",
    ];
    assert_eq!(refused.pointers(), expected);
    let sale = |lines: Value| json!({ "customer_id": zoe, "channel": "store", "lines": lines });
    let with = |name: &str, value: Value| {
        let mut body = sale(json!([candle(1)]));
        body[name] = value;
        body
    };
    let cases = [
        (json!({ "channel": "store", "lines": [candle(1)] }), "/customer_id"),
        (with("customer", json!({ "name": "A", "email": "a@example.com" })), "/customer_id"),
        (with("customer", json!("Ana")), "/customer"),
        (sale(json!([])), "/lines"),
        (sale(json!({})), "/lines"),
        (sale(Value::from(vec![candle(1); 81])), "/lines"),
        (sale(json!([{ "name": "Or", "quantity": 999, "unit_price_minor": 1_000_000_000_000i64 }])), "/lines"),
        (
            json!({ "customer_id": zoe, "channel": "store", "currency": "USD",
            "lines": [{ "product": honey, "quantity": 1 }] }),
            "/lines/0/product",
        ),
    ];
    for (body, pointer) in cases {
        assert!(app.create_order(SELLER, &body).await.expect(422).pointers().contains(&pointer.to_owned()), "{body}");
    }
    assert_eq!(app.items("order").await.len(), 0);
}

#[tokio::test]
async fn a_price_is_the_catalogue_s_unless_staff_ask_another() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let honey = app.honey(OWNER).await;
    let mut lines = vec![json!({ "product": honey, "quantity": 1 }); 78];
    lines.push(json!({ "product": honey, "quantity": 1, "unit_price_minor": 1500 }));
    lines.push(candle(0));
    let body = json!({ "customer_id": zoe, "channel": "web", "lines": lines });
    let order = app.create_order(SELLER, &body).await.expect(201).json();
    assert_eq!(order["total"]["minor"], 78 * 1999 + 1500);
    assert_eq!(order["lines"][78]["base_price"]["minor"], 1999);
    assert_eq!((&order["lines"][78]["total"]["minor"], &order["lines"][79]["name"]), (&json!(1500), &json!("Bougie")));
}

#[tokio::test]
async fn a_sale_sent_again_is_the_same_sale() {
    let app = TestApp::start().await;
    let body = json!({ "customer": { "name": "Ana", "email": "ana@example.com" }, "channel": "store",
        "lines": [candle(950)] });
    let sell = Ask::post("/v1/orders").by(SELLER).header("idempotency-key", "till-7-0001");
    let first = app.send(sell.clone().json(&body)).await.expect(201);
    let again = app.send(sell.clone().json(&body)).await.expect(201);
    assert_eq!((first.text(), first.header("etag")), (again.text(), again.header("etag")));
    app.send(sell.json(&json!({}))).await.expect(422);
    assert_eq!((app.items("order").await.len(), app.items("customer").await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_sales_at_once_to_one_new_address_make_one_customer() {
    let app = TestApp::start().await;
    let sales = (0..50).map(|number| {
        let body = json!({ "customer": { "name": "Ana Lima", "email": "ana@example.com" }, "channel": "store",
            "lines": [candle(100 + number)] });
        let app = &app;
        async move { app.create_order(SELLER, &body).await.expect(201).json()["customer"].as_str().unwrap().to_owned() }
    });
    let customers: BTreeSet<String> = join_all(sales).await.into_iter().collect();
    assert_eq!(customers.len(), 1);
    assert_eq!((app.items("customer").await.len(), app.items("order").await.len()), (1, 50));
    let record = app.get_customer(OWNER, customers.first().unwrap()).await.expect(200).json();
    assert_eq!(record["figures"]["orders"], 50);
    assert_eq!(record["figures"]["totals"]["EUR"], 50 * 100 + 49 * 50 / 2);
}

#[tokio::test]
async fn the_orders_of_a_customer_come_newest_first_and_by_currency() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let mut sold = Vec::new();
    for number in 0..7 {
        let currency = if number % 3 == 0 { "USD" } else { "EUR" };
        let body = json!({ "customer_id": zoe, "channel": "store", "currency": currency, "lines": [candle(number)] });
        sold.push((currency, app.create_order(MANAGER, &body).await.expect(201).id()));
        app.pass(jiff::SignedDuration::from_mins(1)).await;
    }
    for (query, currencies) in
        [("", ["EUR", "USD"]), ("currency=EUR", ["EUR", "EUR"]), ("currency=USD", ["USD", "USD"])]
    {
        let wanted = sold.iter().rev().filter(|(currency, _)| currencies.contains(currency));
        let wanted: Vec<&str> = wanted.map(|(_, id)| id.as_str()).collect();
        for limit in [1, 2, 3, 25] {
            let (mut met, mut cursor) = (Vec::new(), String::new());
            loop {
                let query = format!("{query}&limit={limit}{cursor}");
                let page = app.orders_of(VIEWER, &zoe, query.trim_start_matches('&')).await.expect(200).json();
                met.extend(page["items"].as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap().to_owned()));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(met, wanted, "{query}, {limit} a page");
        }
    }
    assert_eq!(app.orders_of(OWNER, &zoe, "currency=JPY").await.expect(200).json()["items"], json!([]));
    app.orders_of(OWNER, &zoe, "currency=EURO").await.expect(422);
}

#[tokio::test]
async fn a_sale_to_a_merged_customer_is_the_survivor_s() {
    let app = TestApp::start().await;
    let (survivor, other) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Zoe Dupond").await);
    app.merge(MANAGER, &survivor, &other).await.expect(202);
    let by_id = json!({ "customer_id": other, "channel": "store", "lines": [candle(950)] });
    let by_address = json!({ "customer": { "name": "Zoe", "email": "zoe.dupond@example.com" }, "channel": "store",
        "lines": [candle(50)] });
    for body in [by_id, by_address] {
        let order = app.create_order(SELLER, &body).await.expect(201).json();
        assert_eq!(order["customer"], json!(survivor));
    }
    assert_eq!(app.get_customer(OWNER, &survivor).await.expect(200).json()["figures"]["totals"]["EUR"], 1000);
}

#[tokio::test]
async fn a_sale_sent_again_is_told_again_whoever_the_customer_is_by_now() {
    let app = TestApp::start().await;
    let (survivor, zoe) = (app.customer(OWNER, "Ana Lima").await, app.customer(OWNER, "Zoé Dupont").await);
    app.put_tag(OWNER, &survivor, "allergie", &json!({})).await.expect(200);
    let body = json!({ "customer_id": zoe, "channel": "store", "lines": [candle(950)] });
    let sell = Ask::post("/v1/orders").by(SELLER).once().json(&body);
    let first = app.send(sell.clone()).await.expect(201);
    assert_eq!(app.send(sell.clone()).await.expect(201).text(), first.text());
    app.merge(MANAGER, &survivor, &zoe).await.expect(202);
    let merged = app.send(sell.clone()).await.expect(201);
    assert_eq!((merged.id(), &merged.json()["customer"]), (first.id(), &json!(survivor)));
    app.erase(OWNER, &survivor, "Ana Lima").await.expect(202);
    let forgotten = app.send(sell).await.expect(201);
    assert_eq!((forgotten.id(), &forgotten.json()["alerts"]), (first.id(), &json!([])));
    assert_eq!(app.items("order").await.len(), 1);
}
