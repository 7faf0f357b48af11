//! The store does what it was asked but cannot say so, or works only in part: what was begun is
//! finished once.

use jiff::SignedDuration;
use local::faults::{Fault, Operation};
use serde_json::json;
use shared::domain::{ClaimId, ExportJob, ExportState};

use ulid::Ulid;

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER, SELLER};
use crate::requests::OrderPage;

async fn order_page(app: &TestApp) -> (OrderPage, String) {
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &customer).await);
    let product = format!("q-{product}");
    (app.review(&path, &[(&product, "1")]).await, product)
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_on_the_way_is_placed_once() {
    let app = TestApp::calm().await;
    let (page, product) = order_page(&app).await;
    app.stack.faults().next_attempt(Fault::AnswerLost, Operation::TransactWrite);
    app.send_once(&page.post(&[(&product, "1")])).await.expect(303);
    assert!(app.stack.faults().all_happened());
    app.drain().await;
    assert_eq!((app.items("order").await.len(), app.mails().len()), (1, 1));
}

#[tokio::test]
async fn an_order_that_nobody_was_told_of_is_found_by_the_next_post() {
    let app = TestApp::calm().await;
    let (page, product) = order_page(&app).await;
    app.stack.faults().next_call(Fault::AnswerLost, Operation::TransactWrite);
    let lost = app.send_once(&page.post(&[(&product, "1")])).await.expect(503);
    assert_eq!(lost.header("retry-after"), "1");
    let placed = app.send_once(&page.post(&[(&product, "1")])).await.expect(303);
    app.drain().await;
    let orders = app.items("order").await;
    assert_eq!((orders.len(), app.mails().len()), (1, 1));
    assert_eq!(placed.header("location"), format!("?order={}", text(&orders[0], "id")));
}

#[tokio::test]
async fn a_creation_that_nobody_was_told_of_is_answered_when_it_is_repeated() {
    let app = TestApp::calm().await;
    let body = json!({ "name": "Zoé Dupont", "email": "zoe@example.com" });
    let create = Ask::post("/v1/customers").by(SELLER).once().json(&body);
    app.stack.faults().next_call(Fault::AnswerLost, Operation::TransactWrite);
    app.send_once(&create).await.expect(503);
    let created = app.send_once(&create).await.expect(201);
    assert_eq!(created.id(), text(&app.items("customer").await[0], "id"));
    assert_eq!(app.items("customer").await.len(), 1);
}

#[tokio::test]
async fn a_store_that_is_out_of_reach_is_a_503_and_changes_nothing() {
    let app = TestApp::calm().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let before = app.table().await;
    for fault in [Fault::Throttled, Fault::Refused, Fault::Unreachable] {
        for ask in [
            Ask::get(format!("/v1/customers/{customer}")).by(OWNER),
            Ask::get("/v1/customers?q=zoe").by(OWNER),
            Ask::post("/v1/products").by(OWNER).json(&json!({ "name": { "fr": "Miel" }, "prices": { "EUR": 1 } })),
            Ask::post("/f/contact").form(&[("email", "ana@example.com")]),
            Ask::get(format!("/p/{}", app.preferences_token(&customer).await)),
        ] {
            app.stack.faults().next_call(fault, Operation::Any);
            app.send_once(&ask).await.expect(503);
        }
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn what_is_seen_is_recorded_or_not_shown() {
    let app = TestApp::calm().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    for path in [format!("/v1/customers/{customer}"), "/v1/customers".to_owned(), "/v1/orders".to_owned()] {
        app.stack.faults().next_call(Fault::Refused, Operation::Put);
        let answer = app.send_once(&Ask::get(path).by(OWNER)).await.expect(503);
        assert!(!answer.text().contains("Dupont"));
    }
}

async fn export(app: &TestApp) -> ExportJob {
    app.settle().await;
    let id = app.request_export(OWNER).await.expect(202).id();
    job(app, &id).await
}

async fn job(app: &TestApp, id: &str) -> ExportJob {
    app.functions().table.export(&"main".parse().unwrap(), id.parse().unwrap()).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_export_whose_worker_dies_is_taken_over() {
    let app = TestApp::start().await;
    app.customer(OWNER, "Zoé Dupont").await;
    let asked = export(&app).await;
    // What a worker leaves that began and was not heard of again: the stream brings the job back.
    let begun = ExportJob {
        version: 2,
        state: ExportState::Running { owner: ClaimId::new(Ulid::nil()) },
        attempts: 1,
        ..asked
    };
    assert!(app.functions().table.replace_export(&begun).await.unwrap());
    app.drain().await;
    let done = job(&app, &begun.id.to_string()).await;
    assert_eq!(done.attempts, 2);
    assert!(matches!(done.state, ExportState::Done { rows: 1, .. }));
    assert!(!app.functions().table.replace_export(&ExportJob { version: 3, ..begun }).await.unwrap());
}

#[tokio::test]
async fn an_export_that_the_stream_has_given_up_is_brought_back() {
    let app = TestApp::calm().await;
    app.customer(OWNER, "Zoé Dupont").await;
    let asked = export(&app).await;
    app.drain().await;
    let done = job(&app, &asked.id.to_string()).await;
    // A worker's last word, which nothing follows: the stream knows of no change.
    let left = done.next(ExportState::Running { owner: ClaimId::new(Ulid::nil()) }, app.stack.clock().now());
    assert!(app.functions().table.replace_export(&left).await.unwrap());
    app.pass(SignedDuration::from_mins(25)).await;
    assert!(matches!(job(&app, &asked.id.to_string()).await.state, ExportState::Running { .. }));
    app.pass(SignedDuration::from_mins(11)).await;
    assert!(matches!(job(&app, &asked.id.to_string()).await.state, ExportState::Done { rows: 1, .. }));
}

#[tokio::test]
async fn an_export_goes_on_after_a_failure_and_over_batches_done_in_part() {
    let app = TestApp::calm().await;
    for name in
        ["Zoé Dupont", "Ana Lima", "Élodie Lefèvre", "Per Holm", "Ida Berg", "Noa Roth", "Lia Moro", "Tom Vidal"]
    {
        app.customer(OWNER, name).await;
    }
    app.stack.faults().next_call(Fault::Unreachable, Operation::BatchGet);
    app.stack.faults().next_attempt(Fault::Partial, Operation::BatchGet);
    let asked = export(&app).await;
    app.drain().await;
    let done = job(&app, &asked.id.to_string()).await;
    assert!(matches!(done.state, ExportState::Done { rows: 8, .. }));
    assert!(app.stack.stream().dead_letters().is_empty());
}

#[tokio::test]
async fn an_export_that_fails_every_time_says_so() {
    let app = TestApp::calm().await;
    app.customer(OWNER, "Zoé Dupont").await;
    for _ in 0..ExportJob::MAX_ATTEMPTS {
        app.stack.faults().next_call(Fault::Unreachable, Operation::BatchGet);
    }
    let asked = export(&app).await;
    app.drain().await;
    let answer = app.get_export(OWNER, &asked.id.to_string()).await.expect(200).json();
    assert_eq!(answer["state"], "failed");
    assert!(answer.get("url").is_none());
}

/// S3 has put the file together and can't say so; asked again, it knows of no such upload.
#[tokio::test]
async fn an_export_that_is_whole_and_nobody_was_told_is_written_once_more() {
    let app = TestApp::calm().await;
    let begun = export(&app).await;
    // Begun, a part, and put together.
    app.stack.faults().nth_attempt(3, Fault::AnswerLost, Operation::WriteFile);
    app.settle().await;
    let job = job(&app, &begun.id.to_string()).await;
    assert!(app.stack.faults().all_happened() && matches!(job.state, ExportState::Done { .. }), "{job:?}");
    let services = app.stack.services();
    let listed = services.s3.list_objects_v2().bucket(&services.export_bucket).send().await.unwrap();
    assert_eq!((job.files, listed.contents().len()), (2, 1));
}
