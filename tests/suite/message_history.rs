//! A customer's mails as staff see them: what each was about, what became of it, in whichever order that
//! was told (O02).

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use shared::domain::{MessageId, Suppression, SuppressionCause};

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER, SELLER, STRANGER, VIEWER};
use crate::golden::{Golden, Values};

/// Zoé, who wrote by the form and ordered a jar of honey.
async fn zoe(app: &TestApp) -> String {
    app.submit_contact().await.expect(303);
    let zoe = text(&app.items("customer").await[0], "id");
    let (honey, path) = (app.honey(OWNER).await, app.order_path(OWNER, &zoe).await);
    app.place_order(&path, &[(&format!("q-{honey}"), "1")]).await.expect(303);
    app.drain().await;
    zoe
}

async fn items(app: &TestApp, customer: &str) -> Vec<Value> {
    app.list_messages(SELLER, customer).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// Hands the golden event `name` over, about the newest message of the customer.
async fn report(app: &TestApp, name: &str, customer: &str) {
    let mut values = Values::default();
    values.set("message", items(app, customer).await[0]["id"].as_str().unwrap());
    values.set("customer", customer);
    let golden = Golden::read(&format!("mailer/{name}"), &values);
    app.call(&golden.function, &golden.event).await;
}

#[tokio::test]
async fn every_mail_is_there_with_what_became_of_it() {
    let app = TestApp::start().await;
    let zoe = zoe(&app).await;
    let messages = items(&app, &zoe).await;
    assert_eq!(
        messages.iter().map(|it| it["kind"].as_str().unwrap()).collect::<Vec<_>>(),
        ["order_confirmation", "welcome"]
    );
    let order = text(&app.items("order").await[0], "id");
    assert_eq!((&messages[0]["about"], &messages[1]["about"]), (&json!({ "order": order }), &json!({})));
    for message in &messages {
        assert_eq!((&message["state"], &message["class"]), (&json!("sent"), &json!("transactional")));
        assert!(
            message["sent_at"].is_string() && message["delivered_at"].is_string() && message["bounced_at"].is_null()
        );
    }
    let said = app.list_messages(OWNER, &zoe).await.expect(200).text();
    assert!(!said.contains("sent_to"));
}

#[tokio::test]
async fn a_mail_says_under_which_subject_it_went_and_where_to_as_long_as_that_is_known() {
    let app = TestApp::start().await;
    let zoe = zoe(&app).await;
    let subjects = app.subjects("zoe@example.com");
    let messages = items(&app, &zoe).await;
    let told: Vec<_> = messages.iter().map(|message| (&message["to"], &message["subject"])).collect();
    let to = json!("zoe@example.com");
    assert_eq!(told, [(&to, &json!(subjects[1])), (&to, &json!(subjects[0]))]);
    app.change_customer(OWNER, &zoe, "*", &json!({ "email": "zoe@new.example" })).await.expect(200);
    let link = app.create_order_link(SELLER, &zoe).await.expect(201).id();
    app.send_order_link(SELLER, &zoe, &link).await.expect(202);
    let waiting = items(&app, &zoe).await.remove(0);
    assert_eq!((&waiting["to"], &waiting["subject"]), (&Value::Null, &Value::Null));
    app.drain().await;
    let messages = items(&app, &zoe).await;
    let to: Vec<_> = messages.iter().map(|message| &message["to"]).collect();
    assert_eq!(to, [&json!("zoe@new.example"), &Value::Null, &Value::Null]);
    assert!(messages.iter().all(|message| message["subject"].is_string()));
    // What the shop is told may name a customer: nothing of it stays, nor of what was sent to who is erased.
    for message in app.items("message").await {
        let to_shop = text(message["to"].as_m().unwrap(), "kind") == "merchant";
        assert_eq!(message.contains_key("subject"), !to_shop);
    }
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    assert!(app.items("message").await.iter().all(|message| !message.contains_key("subject")));
}

#[tokio::test]
async fn what_ses_reports_is_told_with_its_own_time() {
    let app = TestApp::calm().await;
    app.stack.mailbox().withhold_events(true);
    let zoe = zoe(&app).await;
    for name in ["delivery-delay", "bounce-transient", "delivery", "complaint"] {
        report(&app, name, &zoe).await;
    }
    let message = items(&app, &zoe).await.remove(0);
    assert_json_snapshot!(message, { ".id" => "[id]", ".about.order" => "[order]", ".at" => "[now]",
        ".created_at" => "[now]", ".not_before" => "[now]", ".sent_at" => "[now]", ".subject" => "[subject]" });
}

#[tokio::test]
async fn a_mail_that_ses_rejected_has_failed_and_says_so() {
    let app = TestApp::start().await;
    app.stack.mailbox().withhold_events(true);
    let zoe = zoe(&app).await;
    report(&app, "reject", &zoe).await;
    let message = items(&app, &zoe).await.remove(0);
    assert_eq!((&message["state"], &message["rejected_at"]), (&json!("failed"), &json!("2026-11-22T09:00:05Z")));
    report(&app, "delivery", &zoe).await;
    assert_eq!(items(&app, &zoe).await[0]["state"], "sent");
}

#[tokio::test]
async fn a_mail_that_was_not_sent_says_why_and_the_timeline_says_the_same() {
    let app = TestApp::start().await;
    let zoe = zoe(&app).await;
    let functions = app.functions();
    let (shop, address) = ("main".parse().unwrap(), "zoe@example.com".parse().unwrap());
    let digest = functions.keyring.address_digest(&shop, &address);
    let bounced = Suppression { cause: SuppressionCause::Bounced, at: functions.clock.now() };
    app.write(|transaction| transaction.suppress(&shop, &digest, &bounced).unwrap()).await;
    let (honey, path) = (app.honey(OWNER).await, app.order_path(OWNER, &zoe).await);
    app.place_order(&path, &[(&format!("q-{honey}"), "2")]).await.expect(303);
    app.drain().await;
    let messages = items(&app, &zoe).await;
    assert_eq!((&messages[0]["state"], &messages[0]["reason"]), (&json!("skipped"), &json!("bounced")));
    let timeline = app.send(Ask::get(format!("/v1/customers/{zoe}/timeline")).by(OWNER)).await.expect(200).json();
    let told = timeline["items"].as_array().unwrap().iter().filter(|item| item["type"] == "message");
    let told: Vec<Value> = told
        .cloned()
        .map(|mut item| {
            item.as_object_mut().unwrap().remove("type");
            item
        })
        .collect();
    assert_eq!(told, messages);
}

#[tokio::test]
async fn the_history_pages_and_each_reading_is_audited() {
    let app = TestApp::start().await;
    let zoe = zoe(&app).await;
    let messages = app.all_of(SELLER, &zoe, "messages", 1).await;
    assert_eq!(messages.iter().map(|it| &it["kind"]).collect::<Vec<_>>(), ["order_confirmation", "welcome"]);
    let audit = app.items("audit").await;
    let read: Vec<_> = audit.iter().filter(|entry| text(entry, "action") == "messages_listed").collect();
    let shown = |id: &Value| read.iter().any(|entry| format!("{:?}", entry["records"]).contains(id.as_str().unwrap()));
    assert!(read.len() >= 2 && messages.iter().all(|message| shown(&message["id"])));
    app.list_messages(VIEWER, &zoe).await.expect(403);
    app.list_messages(STRANGER, &zoe).await.expect(404);
    app.list_messages(OWNER, &MessageId::new(ulid::Ulid::nil()).to_string()).await.expect(404);
}
