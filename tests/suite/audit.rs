//! The audit, read by the owner: who did what, without content.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, MANAGER, OWNER, SELLER, VIEWER};

async fn page(app: &TestApp, path: &str) -> Value {
    app.send(Ask::get(path).by(OWNER)).await.expect(200).json()
}

/// What was done, of the entries of a list.
fn actions(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_was_done_with_a_customer_is_told_and_so_is_the_telling() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let steps = [
        app.record_interaction(SELLER, &zoe, &json!({ "kind": "call", "text": "Une confidence" })).await.status,
        app.get_customer(VIEWER, &zoe).await.status,
    ];
    assert_eq!(steps, [201, 200]);
    app.pass(jiff::SignedDuration::from_secs(1)).await;
    let order = app.sale(SELLER, &zoe, 950).await;
    app.create_refund(SELLER, &order, &json!({ "amount_minor": 1, "reason": "Une confidence" })).await.expect(201);
    app.settle().await;
    let path = format!("/v1/customers/{zoe}/audit");
    let told = page(&app, &path).await;
    let mut known = actions(&told);
    known.sort_unstable();
    let expected = ["customer_created", "customer_viewed", "interaction_recorded", "order_placed", "order_refunded"];
    assert_eq!(known, expected);
    assert!(["order_placed", "order_refunded"].contains(&actions(&told)[0]), "newest first");
    for secret in ["Dupont", "confidence", "example.com"] {
        assert!(!told.to_string().contains(secret), "{secret}");
    }
    let entry = &told["items"][0];
    assert_eq!((&entry["records"][0], &entry["source_ip"]), (&json!(zoe), &json!("203.0.113.7")));
    app.settle().await;
    assert!(actions(&page(&app, &path).await).contains(&"audit_viewed"));
}

#[tokio::test]
async fn the_audit_of_a_day_pages_to_its_end() {
    let app = TestApp::start().await;
    for name in ["Ana", "Bob", "Chloé"] {
        app.customer(OWNER, name).await;
    }
    let (mut met, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = page(&app, &format!("/v1/audit?day=2026-11-22&limit=2{cursor}")).await;
        met.extend(actions(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(met, ["customer_created"; 3], "reading stands before the first page");
    let today = page(&app, "/v1/audit").await;
    assert_eq!((&today["day"], actions(&today)[0]), (&json!("2026-11-22"), "audit_viewed"));
    assert_eq!(page(&app, "/v1/audit?day=2026-11-21").await["items"], json!([]));
    for query in ["day=today", "day=2026-13-01", "day=2026-11-22T00:00:00Z", "from=2026-11-22"] {
        app.send(Ask::get(format!("/v1/audit?{query}")).by(OWNER)).await.expect(422);
    }
}

#[tokio::test]
async fn nobody_but_the_owner_reads_the_audit() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    for path in ["/v1/audit".to_owned(), format!("/v1/customers/{zoe}/audit")] {
        for member in [MANAGER, SELLER, VIEWER] {
            app.send(Ask::get(&path).by(member)).await.expect(403);
        }
    }
}
