//! The timeline: everything that happened with a customer, in one order.

use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER, SELLER, VIEWER};

/// Zoé, with something of every kind.
async fn lived(app: &TestApp) -> String {
    app.submit_contact().await.expect(303);
    app.drain().await;
    let zoe = text(&app.items("customer").await[0], "id");
    app.pass(SignedDuration::from_mins(1)).await;
    app.record_interaction(SELLER, &zoe, &json!({ "kind": "call", "text": "A rappelé" })).await.expect(201);
    app.pass(SignedDuration::from_mins(1)).await;
    app.sale(SELLER, &zoe, 950).await;
    let reservation = json!({ "kind": "reservation", "at": "2026-12-24T18:00:00+01:00" });
    app.record_interaction(SELLER, &zoe, &reservation).await.expect(201);
    zoe
}

#[tokio::test]
async fn everything_that_happened_stands_in_one_order() {
    let app = TestApp::start().await;
    let zoe = lived(&app).await;
    let items = app.all_of(OWNER, &zoe, "timeline", 25).await;
    let kinds: Vec<&str> = items.iter().map(|item| item["type"].as_str().unwrap()).collect();
    assert_eq!(kinds[..3], ["interaction", "order", "interaction"]);
    let mut rest = kinds[3..].to_vec();
    rest.sort_unstable();
    assert_eq!(rest, ["consent", "message", "submission"], "of one instant");
    let mut sorted = items.clone();
    sorted.sort_by_key(|item| item["type"].as_str().unwrap().to_owned());
    assert_json_snapshot!(sorted, {
        "[].id" => "[id]", "[].at" => "[at]", "[].created_at" => "[at]", "[].number" => "[number]",
        "[].author" => "[subject]", "[].not_before" => "[at]", "[].sent_at" => "[at]", "[].delivered_at" => "[at]",
    });
    app.send(Ask::get(format!("/v1/customers/{zoe}/timeline")).by(VIEWER)).await.expect(403);
}

#[tokio::test]
async fn a_page_goes_on_where_it_ended_while_things_are_added() {
    let app = TestApp::start().await;
    let zoe = lived(&app).await;
    for number in 0..8 {
        app.sale(SELLER, &zoe, number).await;
        app.record_interaction(SELLER, &zoe, &json!({ "kind": "call" })).await.expect(201);
    }
    let ids = |items: &[Value]| -> Vec<String> { items.iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect() };
    let all = ids(&app.all_of(OWNER, &zoe, "timeline", 100).await);
    assert_eq!(all.len(), 6 + 16);
    for limit in [1, 3, 7, 21, 22] {
        assert_eq!(ids(&app.all_of(OWNER, &zoe, "timeline", limit).await), all, "{limit} a page");
    }
    let (mut met, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/customers/{zoe}/timeline?limit=4{cursor}");
        let page = app.send(Ask::get(path).by(OWNER)).await.expect(200).json();
        met.extend(ids(page["items"].as_array().unwrap()));
        app.pass(SignedDuration::from_secs(1)).await;
        app.sale(SELLER, &zoe, 1).await;
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(met, all, "what was added stands before the first page");
}
