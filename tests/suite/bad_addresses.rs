//! Addresses that lead nowhere: ids, queries and cursors that nobody gave out.

use crate::app::TestApp;
use crate::ask::{Ask, OWNER, STRANGER};
use crate::bad_input::refused;

#[tokio::test]
async fn ids_that_are_none_answer_as_those_that_lead_nowhere() {
    let app = TestApp::start().await;
    let mut asks = Vec::new();
    for id in [
        "x",
        "%00",
        "..%2F..",
        "01J",
        "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "01jdgzzzzzzzzzzzzzzzzzzzzu",
        "é",
        &"0".repeat(2000),
    ] {
        for path in
            ["customers/{id}", "customers/{id}/notes", "customers/{id}/order-links", "orders/{id}", "exports/{id}"]
        {
            asks.push((Ask::get(format!("/v1/{}", path.replace("{id}", &url_safe(id)))), 404));
        }
    }
    refused(&app, asks).await;
}

fn url_safe(id: &str) -> String {
    id.replace('é', "%C3%A9")
}

#[tokio::test]
async fn queries_that_make_no_sense_are_refused() {
    let app = TestApp::start().await;
    let listing = [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=a",
        "page=2",
        "status=gone",
        "status=potential&status=current",
        "sort=price",
        "cursor=",
        "cursor=abc",
        "q=%00",
        "shop=other",
        "pk=1",
    ];
    let mut asks: Vec<_> = listing.map(|query| (Ask::get(format!("/v1/customers?{query}")), 422)).into();
    asks.extend(
        ["day=2026-13-01", "day=today", "cursor=x", "limit=0"].map(|q| (Ask::get(format!("/v1/orders?{q}")), 422)),
    );
    asks.extend(["cursor=x", "limit=1000"].map(|q| (Ask::get(format!("/v1/products?{q}")), 422)));
    refused(&app, asks).await;
    let long = format!("/v1/customers?q={}", "a".repeat(3000));
    refused(&app, vec![(Ask::get(long), 422)]).await;
}

#[tokio::test]
async fn a_cursor_opens_only_the_list_that_gave_it() {
    let app = TestApp::start().await;
    for name in ["Ana Dupont", "Zoé Dupont", "Per Dupont"] {
        app.customer(OWNER, name).await;
        app.customer(STRANGER, name).await;
        app.honey(OWNER).await;
    }
    app.settle().await;
    let next = async |path: &str, member| {
        let list = app.send(Ask::get(path).by(member)).await.expect(200).json();
        list["next"].as_str().unwrap_or_else(|| panic!("{path} has one page")).to_owned()
    };
    let lists = [
        "/v1/customers?limit=1",
        "/v1/customers?limit=1&q=dupont",
        "/v1/customers?limit=1&q=du",
        "/v1/customers?limit=1&sort=first_contact",
        "/v1/customers?limit=1&status=potential",
        "/v1/products?limit=1",
    ];
    for list in lists {
        let cursor = next(list, OWNER).await;
        app.send(Ask::get(format!("{list}&cursor={cursor}")).by(OWNER)).await.expect(200);
        let mut asks: Vec<_> = lists
            .iter()
            .filter(|other| **other != list)
            .map(|other| (Ask::get(format!("{other}&cursor={cursor}")), 422))
            .collect();
        let mut flipped = cursor.clone().into_bytes();
        let last = flipped.len() / 2;
        flipped[last] = if flipped[last] == b'A' { b'B' } else { b'A' };
        asks.push((Ask::get(format!("{list}&cursor={}", String::from_utf8(flipped).unwrap())), 422));
        asks.push((Ask::get(format!("{list}&cursor={}", &cursor[..cursor.len() - 2])), 422));
        if !list.contains("products") {
            asks.push((Ask::get(format!("{list}&cursor={}", next(list, STRANGER).await)), 422));
        }
        for answer in refused(&app, asks).await {
            assert_eq!(answer.pointers(), ["/cursor"]);
        }
    }
}
