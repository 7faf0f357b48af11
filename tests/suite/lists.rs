//! Lists page: whoever follows the cursors meets everybody once.

use std::collections::BTreeSet;

use crate::app::TestApp;
use crate::ask::{Ask, OWNER};

/// The ids met by following `path` to its end, page by page.
async fn walked(app: &TestApp, path: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.send(Ask::get(format!("{path}{cursor}")).by(OWNER)).await.expect(200).json();
        let items = page["items"].as_array().unwrap();
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
        assert!(ids.len() < 100, "{path} has no end");
    }
}

#[tokio::test]
async fn every_list_shows_everybody_once_whatever_the_page() {
    let app = TestApp::start().await;
    let mut all = BTreeSet::new();
    for number in 0..12 {
        all.insert(app.customer(OWNER, &format!("Dupont N{number:02}")).await);
    }
    app.settle().await;
    let lists = [
        "sort=name",
        "sort=first_contact",
        "status=potential",
        "q=dupont",
        "q=dupont+n",
        "sort=first_contact&status=potential",
    ];
    for list in lists {
        for limit in [1, 2, 5, 12, 25] {
            let ids = walked(&app, &format!("/v1/customers?limit={limit}&{list}")).await;
            assert_eq!(ids.len(), all.len(), "{list}, {limit} a page");
            assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), all, "{list}, {limit} a page");
        }
    }
}

#[tokio::test]
async fn the_newest_contact_comes_first_and_names_come_in_order() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for name in ["Chloé", "Ana", "Éric", "Bob"] {
        ids.push(app.customer(OWNER, name).await);
    }
    app.settle().await;
    let newest = walked(&app, "/v1/customers?sort=first_contact").await;
    assert_eq!(newest, ids.iter().rev().cloned().collect::<Vec<_>>());
    let by_name = walked(&app, "/v1/customers?sort=name").await;
    assert_eq!(by_name, [1, 3, 0, 2].map(|index: usize| ids[index].clone()));
}
