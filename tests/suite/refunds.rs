//! Refunds: the order and the customer's figures move together, to the cent.

use futures::future::join_all;
use jiff::SignedDuration;
use local::faults::{Fault, Operation};
use serde_json::{Value, json};

use crate::app::{TestApp, text};
use crate::ask::{Ask, MANAGER, OWNER, SELLER, VIEWER};

async fn figures(app: &TestApp, customer: &str) -> Value {
    app.get_customer(OWNER, customer).await.expect(200).json()["figures"].clone()
}

#[tokio::test]
async fn a_refund_stands_in_the_order_and_in_the_figures() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let order = app.sale(SELLER, &zoe, 60_000).await;
    let segments = |record: Value| record["segments"].to_string();
    assert!(segments(app.get_customer(OWNER, &zoe).await.json()).contains("vip"));
    let body = json!({ "amount_minor": 10_000, "reason": "Pot fêlé" });
    let refund = app.create_refund(SELLER, &order, &body).await.expect(201);
    assert_eq!(refund.json()["amount"], json!({ "minor": 10_000, "currency": "EUR" }));
    assert_eq!(refund.header("etag"), "\"2\"");
    let seen = app.get_order(OWNER, &order).await.expect(200).json();
    assert_eq!((&seen["refunded"]["minor"], &seen["net"]["minor"]), (&json!(10_000), &json!(50_000)));
    assert_eq!(seen["refunds"], json!([refund.json()]));
    assert_eq!(app.get_order(VIEWER, &order).await.json()["refunds"][0]["reason"], Value::Null);
    let figures = figures(&app, &zoe).await;
    assert_eq!((&figures["totals"]["EUR"], &figures["orders"]), (&json!(50_000), &json!(1)));
    assert!(!segments(app.get_customer(OWNER, &zoe).await.json()).contains("vip"), "exactly 500.00 is not VIP");
    assert_eq!(app.items("order").await.len(), 1);
}

#[tokio::test]
async fn a_segment_says_since_when_whatever_the_shop_calls_it() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let settings = json!({ "thresholds": { "regular_from": 2, "regular_within_months": 1, "vip_above_minor": 1500 } });
    app.send(Ask::patch("/v1/settings").by(OWNER).header("if-match", "*").json(&settings)).await.expect(200);
    let why = async || -> Vec<String> {
        let record = app.get_customer(OWNER, &zoe).await.expect(200).json();
        let each = record["segments"].as_array().unwrap().iter();
        each.map(|why| format!("{} {}", why["segment"].as_str().unwrap(), why["entered_on"].as_str().unwrap()))
            .collect()
    };
    app.sale(SELLER, &zoe, 1500).await;
    assert_eq!(why().await, ["new 2026-11-22", "occasional 2026-11-22"]);
    app.pass(jiff::SignedDuration::from_hours(24)).await;
    let order = app.sale(SELLER, &zoe, 1).await;
    assert_eq!(why().await, ["vip 2026-11-23", "regular 2026-11-23", "new 2026-11-22"]);
    app.create_refund(SELLER, &order, &json!({ "amount_minor": 1 })).await.expect(201);
    app.move_clock("2026-12-23T10:00:00+01:00").await;
    assert_eq!(why().await, ["new 2026-11-22", "occasional 2026-12-23"]);
    for (name, value) in [("regular_from", 0), ("regular_from", 13), ("regular_within_months", 0)] {
        let mut thresholds = json!({});
        thresholds[name] = value.into();
        let body = json!({ "thresholds": thresholds });
        let refused = app.send(Ask::patch("/v1/settings").by(OWNER).header("if-match", "*").json(&body)).await;
        assert_eq!(refused.expect(422).pointers(), [format!("/thresholds/{name}")]);
    }
}

#[tokio::test]
async fn no_more_is_given_back_than_was_paid() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let order = app.sale(SELLER, &zoe, 1000).await;
    for body in [
        json!({}),
        json!({ "amount_minor": 0 }),
        json!({ "amount_minor": -1 }),
        json!({ "amount_minor": 1001 }),
        json!({ "amount_minor": i64::MAX }),
        json!({ "amount_minor": "5" }),
        json!({ "amount_minor": 1.5 }),
    ] {
        assert_eq!(app.create_refund(SELLER, &order, &body).await.expect(422).pointers(), ["/amount_minor"], "{body}");
    }
    app.create_refund(SELLER, &order, &json!({ "amount_minor": 400 })).await.expect(201);
    let refused = app.create_refund(SELLER, &order, &json!({ "amount_minor": 601 })).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "out_of_range");
    for _ in 1..50 {
        app.create_refund(SELLER, &order, &json!({ "amount_minor": 1 })).await.expect(201);
    }
    let refused = app.create_refund(SELLER, &order, &json!({ "amount_minor": 1 })).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "too_many");
    assert_eq!(figures(&app, &zoe).await["totals"]["EUR"], 1000 - 400 - 49);
}

#[tokio::test]
async fn a_refund_sent_again_is_the_same_refund() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let order = app.sale(SELLER, &zoe, 1000).await;
    let ask = Ask::post(format!("/v1/orders/{order}/refunds")).by(SELLER).header("idempotency-key", "once");
    let ask = ask.json(&json!({ "amount_minor": 400 }));
    let first = app.send(ask.clone()).await.expect(201);
    app.create_refund(SELLER, &order, &json!({ "amount_minor": 600 })).await.expect(201);
    let again = app.send(ask).await.expect(201);
    assert_eq!((first.text(), first.header("etag")), (again.text(), again.header("etag")));
    assert_eq!(figures(&app, &zoe).await["totals"]["EUR"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sales_and_refunds_at_once_come_to_the_sum_of_the_orders() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let (app, zoe) = (&app, zoe.as_str());
    let trade = (1..=6).map(|number| async move {
        let order = app.sale(SELLER, zoe, number * 1000).await;
        let back = json!({ "amount_minor": number * 333 });
        let (one, other) =
            tokio::join!(app.create_refund(SELLER, &order, &back), app.create_refund(OWNER, &order, &back));
        one.expect(201);
        other.expect(201);
    });
    join_all(trade).await;
    let orders = app.orders_of(OWNER, zoe, "currency=EUR").await.expect(200).json();
    let net: i64 =
        orders["items"].as_array().unwrap().iter().map(|order| order["net"]["minor"].as_i64().unwrap()).sum();
    let figures = figures(app, zoe).await;
    assert_eq!((net, &figures["orders"]), (21 * 1000 - 21 * 666, &json!(6)));
    assert_eq!(figures["totals"]["EUR"], net);
    assert_eq!(figures["average_baskets"]["EUR"], (2 * net + 6) / 12);
}

#[tokio::test]
async fn an_order_whose_customer_is_forgotten_can_be_refunded() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let order = app.sale(SELLER, &zoe, 1000).await;
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    let refund = app.create_refund(SELLER, &order, &json!({ "amount_minor": 400 })).await.expect(201);
    assert_eq!(app.create_refund(SELLER, &order, &json!({ "amount_minor": 601 })).await.expect(422).status, 422);
    let seen = app.get_order(OWNER, &order).await.expect(200).json();
    assert_eq!((&seen["net"]["minor"], &seen["alerts"]), (&json!(600), &json!([])));
    assert_eq!(seen["refunds"], json!([refund.json()]));
    assert!(app.items("customer").await.is_empty());
    let told = app.items("audit").await;
    assert_eq!(told.iter().filter(|entry| text(entry, "action") == "order_refunded").count(), 1);
}

/// A merge of which only the first transaction is made: its job.
async fn cut_off_merge(app: &TestApp, survivor: &str, other: &str) -> String {
    let ask = Ask::post(format!("/v1/customers/{survivor}/merge")).by(MANAGER).json(&json!({ "other": other }));
    for _ in 0..3 {
        app.stack.faults().nth_attempt(2, Fault::Unreachable, Operation::TransactWrite);
    }
    let job = app.send_once(&ask).await.expect(202);
    assert_eq!(job.json()["state"], "running");
    job.id()
}

#[tokio::test]
async fn a_refund_during_a_merge_moves_the_figures_of_both() {
    let app = TestApp::calm().await;
    let (survivor, other) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Zoe Dupond").await);
    app.sale(SELLER, &survivor, 500).await;
    let order = app.sale(SELLER, &other, 1000).await;
    let job = cut_off_merge(&app, &survivor, &other).await;
    assert_eq!(app.get_order(OWNER, &order).await.expect(200).json()["customer"], json!(other), "it has not moved");
    for body in [json!({ "amount_minor": 400 }), json!({ "amount_minor": 100 })] {
        app.create_refund(SELLER, &order, &body).await.expect(201);
        assert_eq!(app.get_order(OWNER, &order).await.expect(200).json()["alerts"], json!([]));
        app.pass(SignedDuration::from_mins(10)).await;
    }
    assert_eq!(app.get_job(MANAGER, &job).await.expect(200).json()["state"], "done");
    let seen = app.get_order(OWNER, &order).await.expect(200).json();
    assert_eq!((&seen["customer"], &seen["net"]["minor"]), (&json!(survivor), &json!(500)));
    let figures = figures(&app, &survivor).await;
    assert_eq!((&figures["totals"]["EUR"], &figures["orders"]), (&json!(1000), &json!(2)));
}

#[tokio::test]
async fn a_refund_waits_until_an_undo_has_brought_the_order_back() {
    let app = TestApp::calm().await;
    let (survivor, other) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Zoe Dupond").await);
    let order = app.sale(SELLER, &other, 1000).await;
    let job = app.merge(MANAGER, &survivor, &other).await.expect(202).id();
    for _ in 0..3 {
        app.stack.faults().nth_attempt(2, Fault::Unreachable, Operation::TransactWrite);
    }
    let undo = Ask::post(format!("/v1/jobs/{job}/undo")).by(MANAGER).json(&json!({}));
    assert_eq!(app.send_once(&undo).await.expect(202).json()["state"], "running");
    let body = json!({ "amount_minor": 400 });
    let refused = app.create_refund(SELLER, &order, &body).await.expect(409).json();
    assert_eq!(refused["type"], "urn:clientele:problem:job-running");
    app.pass(SignedDuration::from_mins(10)).await;
    app.create_refund(SELLER, &order, &body).await.expect(201);
    assert_eq!(figures(&app, &other).await["totals"]["EUR"], 600);
    assert_eq!(figures(&app, &survivor).await["orders"], 0);
}
