//! Deleting a group: gone at once for every reader, and nobody is left in it.

use futures::future::join_all;
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, MANAGER, OWNER, SELLER, STRANGER};

async fn pro(app: &TestApp) -> String {
    app.create_group(OWNER, &json!({ "name": "Professionnels", "rate_bp": -1000 })).await.expect(201).id()
}

#[tokio::test]
async fn a_group_goes_at_once_and_its_members_are_taken_out_of_it() {
    let app = TestApp::start().await;
    let (group, other) = (pro(&app).await, app.create_group(OWNER, &json!({ "name": "Amis" })).await.expect(201).id());
    let names: Vec<String> = (0..12).map(|number| format!("Ana N{number:02}")).collect();
    let members = join_all(names.iter().map(|name| app.customer(OWNER, name))).await;
    for member in &members[..11] {
        app.join_group(SELLER, member, &group).await.expect(200);
    }
    app.join_group(SELLER, &members[11], &other).await.expect(200);
    app.settle().await;

    let job = app.delete_group(MANAGER, &group, "professionnels").await.expect(202);
    assert_eq!(job.json()["kind"], "delete_group");
    app.send(Ask::get(format!("/v1/groups/{group}")).by(OWNER)).await.expect(404);
    assert_eq!(app.get_customer(OWNER, &members[0]).await.expect(200).json()["group"], Value::Null);
    assert_eq!(app.join_group(SELLER, &members[0], &group).await.expect(422).pointers(), ["/group"]);
    // The name is free.
    pro(&app).await;

    app.pass(SignedDuration::from_mins(15)).await;
    let done = app.get_job(MANAGER, &job.id()).await.expect(200).json();
    assert_eq!((&done["state"], &done["items"]), (&json!("done"), &json!(11)));
    for customer in app.items("customer").await {
        let of_other = customer["id"].as_s().unwrap() == &members[11];
        assert_eq!(customer.get("group").map(|group| group.as_s().unwrap()), of_other.then_some(&other));
    }
}

#[tokio::test]
async fn who_was_put_in_it_while_the_index_did_not_know_is_taken_out_too() {
    let app = TestApp::start().await;
    let group = pro(&app).await;
    // Nobody stands in the index yet, when indexes are late.
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    app.join_group(SELLER, &zoe, &group).await.expect(200);
    let job = app.delete_group(MANAGER, &group, "Professionnels").await.expect(202);
    assert_eq!(job.json()["state"], "running", "the index may be late");
    app.pass(SignedDuration::from_mins(15)).await;
    assert_eq!(app.get_job(MANAGER, &job.id()).await.expect(200).json()["state"], "done");
    assert!(app.items("customer").await.iter().all(|customer| !customer.contains_key("group")));
}

#[tokio::test]
async fn a_deletion_is_confirmed_by_the_name_and_of_the_version_that_was_read() {
    let app = TestApp::start().await;
    let group = pro(&app).await;
    let before = app.table().await;
    let ask = |version: &str, name: &str| {
        let ask = Ask::new(Method::DELETE, format!("/v1/groups/{group}")).by(MANAGER);
        ask.header("if-match", version).json(&json!({ "name": name }))
    };
    app.send(ask("\"7\"", "Professionnels")).await.expect(412);
    assert_eq!(app.send(ask("*", "Amis")).await.expect(422).pointers(), ["/name"]);
    app.send(ask("*", "Professionnels").by(SELLER)).await.expect(403);
    app.send(ask("*", "Professionnels").by(STRANGER)).await.expect(404);
    let without = Ask::new(Method::DELETE, format!("/v1/groups/{group}")).by(MANAGER);
    app.send(without.json(&json!({ "name": "Professionnels" }))).await.expect(428);
    assert_eq!(app.table().await, before);
    let once = ask("*", "Professionnels").once();
    let first = app.send(once.clone()).await.expect(202).id();
    assert_eq!(app.send(once).await.expect(202).id(), first);
    app.send(ask("*", "Professionnels")).await.expect(404);
}
