//! The API's document: made from what every function declares, and the same as the file that is
//! committed and served.

mod document;
mod operation;

use std::collections::BTreeSet;
use std::sync::Mutex;

use http::Method;
use local::functions::{declared, deploy};
use local::stack::{Options, Stack};
use serde_json::Value;
use shared::http::Route;

use crate::app::TestApp;
use crate::ask::{Ask, VIEWER};
use crate::golden::root;

/// What every function declares.
async fn routes() -> Vec<Route> {
    let routes = Mutex::default();
    let keep = |services: &_| {
        *routes.lock().unwrap() = declared(services);
        deploy(services)
    };
    Stack::start(Options::in_memory(), keep).await.unwrap();
    routes.into_inner().unwrap()
}

#[tokio::test]
async fn the_file_says_what_the_code_says() {
    let file = root().join("shared/openapi.json");
    let document = serde_json::to_string_pretty(&document::of(&routes().await)).unwrap() + "\n";
    if std::env::var("CLIENTELE_OPENAPI").is_ok_and(|value| value == "write") {
        std::fs::write(&file, &document).unwrap();
    }
    let same = std::fs::read_to_string(&file).unwrap() == document;
    assert!(same, "the code says otherwise: CLIENTELE_OPENAPI=write cargo test --workspace the_file_says_what");
}

#[tokio::test]
async fn every_member_of_staff_may_read_it_and_nothing_is_recorded() {
    let app = TestApp::start().await;
    let before = app.table().await;
    let answer = app.send(Ask::get("/v1/openapi.json").by(VIEWER)).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let operations: usize =
        answer.json()["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(app.stack.gateway().routes().len(), operations);
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn every_route_says_what_its_handler_reads_and_answers() {
    let mut ids = BTreeSet::new();
    for route in routes().await {
        let (operation, key) = (route.operation(), format!("{} {}", route.method, route.path));
        assert!(ids.insert(route.id.clone()), "{key}: a second {}", route.id);
        assert!(!operation.summary.is_empty() && !operation.summary.ends_with('.'), "{key}: no summary");
        assert!(!operation.answers.is_empty(), "{key}: no answer");
        assert!(operation.reads_query || operation.query.is_empty(), "{key}: a query that nothing reads");
        assert_eq!(operation.path.len(), route.path.matches('{').count(), "{key}: the values in the path");
        if operation.reads_input {
            assert!(!operation.bodies.is_empty(), "{key}: no body");
        }
        if route.method == Method::GET {
            assert!(operation.bodies.is_empty(), "{key}: a body");
        }
    }
}

/// Every example of a request, sent as the owner: what the document shows is taken.
#[tokio::test]
async fn every_example_of_a_body_is_taken() {
    let app = TestApp::start().await;
    let document: Value =
        serde_json::from_str(&std::fs::read_to_string(root().join("shared/openapi.json")).unwrap()).unwrap();
    for route in app.stack.gateway().routes().iter().filter(|route| route.for_staff) {
        let operation = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
        let example = &operation["requestBody"]["content"]["application/json"]["example"];
        if !example.is_null() {
            let ask = Ask::new(route.method.clone(), route.path.replace("{id}", "01JDGQ6Z9W7Q3V5D8N4R2T6X1C"));
            let answer = app.send(ask.header("if-match", "*").json(example).by(crate::ask::OWNER)).await;
            // There is no record of the id in the path, and there are settings already; a wrong field
            // would be told first.
            assert!(answer.status < 300 || matches!(answer.status, 404 | 409), "{}: {}", route.key(), answer.text());
        }
    }
}
