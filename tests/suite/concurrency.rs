//! Many at once: each thing happens once, and nobody's work is lost.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::future::join_all;
use serde_json::json;
use tokio::task::JoinSet;

use crate::app::TestApp;
use crate::ask::{Ask, MANAGER, OWNER, SELLER};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_submissions_of_one_address_make_one_customer() {
    let app = TestApp::start().await;
    app.open_wide("contact").await;
    let submissions = (0..100).map(|number| {
        let (app, message) = (&app, format!("Message {number}"));
        async move {
            let fields = [("name", "Zoé Dupont"), ("email", "ZOE@example.com."), ("message", message.as_str())];
            app.submit_form("contact", &fields).await.expect(303);
        }
    });
    join_all(submissions).await;
    app.drain().await;
    assert_eq!(app.items("customer").await.len(), 1);
    assert_eq!(app.items("submission").await.len(), 100);
    assert_eq!(app.mails().len(), 1);
    assert_eq!(app.list_customers(OWNER, "q=dupont").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
}

/// How many drafts are posted fifty times at once. CI asks for two hundred, which take minutes.
fn drafts() -> usize {
    std::env::var("CLIENTELE_POSTED_DRAFTS").map_or(4, |number| number.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_posts_of_one_draft_make_one_order_and_one_mail() {
    let app = TestApp::start().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let body = json!({ "name": { "fr": "Miel" }, "prices": { "EUR": 1999 }, "stock": 100_000 });
    let product = app.create_product(OWNER, &body).await.expect(201).id();
    let (path, field) = (app.order_path(OWNER, &customer).await, format!("q-{product}"));
    let drafts = drafts();
    let mut orders: BTreeSet<String> = BTreeSet::new();
    for number in 1..=drafts {
        let page = app.review(&path, &[(&field, "2")]).await;
        let placed = join_all((0..50).map(|_| app.send(page.post(&[(&field, "2")])))).await;
        orders.extend(placed.into_iter().map(|answer| answer.expect(303).header("location").to_owned()));
        assert_eq!(orders.len(), number);
        // A link is posted to a hundred times a minute.
        app.pass(jiff::SignedDuration::from_mins(1)).await;
    }
    app.drain().await;
    assert_eq!((app.items("order").await.len(), app.mails().len()), (drafts, drafts));
    let record = app.get_customer(OWNER, &customer).await.expect(200).json();
    assert_eq!(record["figures"]["orders"], drafts);
    assert_eq!(record["figures"]["totals"]["EUR"], 3998 * drafts);
    let left = app.send(Ask::get(format!("/v1/products/{product}")).by(OWNER)).await.expect(200).json();
    assert_eq!(left["stock"], 100_000 - 2 * drafts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn creations_with_one_key_make_one_customer_and_get_one_answer() {
    let app = TestApp::start().await;
    let body = json!({ "name": "Zoé Dupont", "email": "zoe@example.com" });
    let create = Ask::post("/v1/customers").by(SELLER).header("idempotency-key", "once").json(&body);
    let answers = join_all((0..20).map(|_| app.send(create.clone()))).await;
    let same: BTreeSet<_> = answers
        .into_iter()
        .map(|answer| {
            let answer = answer.expect(201);
            (answer.text(), answer.header("etag").to_owned(), answer.header("location").to_owned())
        })
        .collect();
    assert_eq!(same.len(), 1);
    assert_eq!(app.items("customer").await.len(), 1);
    let other = Ask::post("/v1/customers").by(SELLER).header("idempotency-key", "once");
    app.send(other.json(&json!({ "name": "Ana", "email": "ana@example.com" }))).await.expect(422);
    let of_another_member = Ask { member: Some(MANAGER), ..create };
    app.send(of_another_member).await.expect(409);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn creations_of_one_address_make_one_customer_and_name_it_to_the_others() {
    let app = TestApp::start().await;
    let create = |number: u32| {
        let body = json!({ "name": format!("Zoé {number}"), "email": "zoe@example.com" });
        app.send(Ask::post("/v1/customers").by(SELLER).once().json(&body))
    };
    let answers = join_all((0..50).map(create)).await;
    let made: Vec<String> = answers.iter().filter(|answer| answer.status == 201).map(|answer| answer.id()).collect();
    assert_eq!(made.len(), 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.expect(409).json()["existing"], made[0].as_str());
    }
    assert_eq!(app.items("customer").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_changes_of_one_version_one_wins() {
    let app = TestApp::start().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let app = &app;
    let change = |number: i64| {
        let id = customer.as_str();
        async move { (number, app.change_customer(SELLER, id, "\"1\"", &json!({ "discount_bp": number })).await) }
    };
    let answers = join_all((1..=20).map(change)).await;
    let won: Vec<i64> = answers.iter().filter(|(_, answer)| answer.status == 200).map(|(number, _)| *number).collect();
    assert_eq!(won.len(), 1);
    assert!(answers.iter().all(|(_, answer)| matches!(answer.status, 200 | 412)));
    let record = app.get_customer(OWNER, &customer).await.expect(200);
    assert_eq!(record.header("etag"), "\"2\"");
    assert_eq!(record.json()["discount_bp"], won[0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn notes_orders_and_submissions_at_once_are_all_kept() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    let customer = crate::app::text(&app.items("customer").await[0], "id");
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &customer).await);
    let field = format!("q-{product}");
    let (app, customer, path, field) = (&app, customer.as_str(), path.as_str(), field.as_str());
    let page = &app.review(path, &[(field, "1")]).await;
    let each = (0..6).map(|number| async move {
        let note = json!({ "text": format!("Note {number}") });
        let text = format!("Message {number}");
        let message = [("email", "zoe@example.com"), ("name", "Zoé Dupont"), ("message", &*text)];
        let (note, order, form) = tokio::join!(
            app.create_note(SELLER, customer, &note),
            app.send(page.another(number).post(&[(field, "1")])),
            app.submit_form("contact", &message)
        );
        note.expect(201);
        order.expect(303);
        form.expect(303);
    });
    join_all(each).await;
    assert_eq!(app.items("note").await.len(), 6);
    assert_eq!(app.items("submission").await.len(), 7);
    let record = app.get_customer(OWNER, customer).await.expect(200).json();
    assert_eq!(record["figures"]["orders"], 6);
    assert_eq!(record["figures"]["totals"]["EUR"], 6 * 1999);
}

/// How many clients race for one record, and how often each tries.
const CLIENTS: u32 = 4;
const TRIES: u32 = 25;

/// How many edits race, a hundred per record. CI asks for ten thousand, which take minutes.
fn edits() -> u32 {
    std::env::var("CLIENTELE_RACING_EDITS").map_or(1_000, |number| number.parse().unwrap())
}

/// Tries `times` to count on in a field of the record, as a client does that never overwrites what
/// it has not read. How often it did.
async fn count_on(app: &TestApp, id: &str, times: u32) -> u32 {
    let mut read = app.get_customer(OWNER, id).await.expect(200);
    let mut done = 0;
    for _ in 0..times {
        let count: u32 = read.json()["company"].as_str().unwrap().parse().unwrap();
        let next = json!({ "company": (count + 1).to_string() });
        let ask = Ask::patch(format!("/v1/customers/{id}")).by(SELLER).header("if-match", read.header("etag"));
        let answer = app.send_once(&ask.json(&next)).await;
        match answer.status {
            200 => {
                done += 1;
                read = answer;
            }
            412 => read = app.get_customer(OWNER, id).await.expect(200),
            status => panic!("{status}: {}", answer.text()),
        }
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_update_is_lost_among_racing_edits() {
    let app = Arc::new(TestApp::calm().await);
    let mut racing = JoinSet::new();
    for number in 0..edits() / CLIENTS / TRIES {
        let body = json!({ "name": format!("N{number}"), "email": format!("{number}@example.com"), "company": "0" });
        let id = app.create_customer(OWNER, &body).await.expect(201).id();
        let app = Arc::clone(&app);
        racing.spawn(async move {
            let clients = (0..CLIENTS).map(|_| count_on(&app, &id, TRIES));
            let done: u32 = join_all(clients).await.into_iter().sum();
            let record = app.get_customer(OWNER, &id).await.expect(200).json();
            assert_eq!((&record["company"], &record["version"]), (&json!(done.to_string()), &json!(done + 1)));
            done
        });
    }
    let done: u32 = racing.join_all().await.into_iter().sum();
    // A quarter of what was tried at least: one of four racing clients always wins.
    assert!((edits() / CLIENTS..edits()).contains(&done), "{done}");
}
