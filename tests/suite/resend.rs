//! A mail once more: made of what is true now, by staff, three a day at most, and never what makes no
//! sense any more (O02).

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};
use shared::domain::{Suppression, SuppressionCause};
use shared::table::STAFF_MAILS_A_DAY;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, OWNER, SELLER, STRANGER, VIEWER};

const ZOE: &str = "zoe@example.com";
const NOBODY: &str = "01JDGZZZZZZZZZZZZZZZZZZZZZ";

/// Zoé, who wrote by the form, with the id of her welcome.
async fn zoe(app: &TestApp) -> (String, String) {
    app.submit_contact().await.expect(303);
    app.drain().await;
    let zoe = text(&app.items("customer").await[0], "id");
    let welcome = newest(app, &zoe).await;
    (zoe, welcome)
}

async fn messages(app: &TestApp, customer: &str) -> Vec<Value> {
    app.list_messages(OWNER, customer).await.expect(200).json()["items"].as_array().unwrap().clone()
}

async fn newest(app: &TestApp, customer: &str) -> String {
    messages(app, customer).await[0]["id"].as_str().unwrap().to_owned()
}

/// An order of hers: the order's id and its confirmation's.
async fn order(app: &TestApp, zoe: &str) -> (String, String) {
    let (honey, path) = (app.honey(OWNER).await, app.order_path(OWNER, zoe).await);
    let placed = app.place_order(&path, &[(&format!("q-{honey}"), "1")]).await.expect(303);
    app.drain().await;
    let order = placed.header("location").strip_prefix("?order=").unwrap().to_owned();
    (order, newest(app, zoe).await)
}

#[track_caller]
fn refused(answer: Answer) -> (String, String) {
    let body = answer.expect(409).json();
    let kind = body["type"].as_str().unwrap().strip_prefix("urn:clientele:problem:").unwrap().to_owned();
    (kind, body["reason"].as_str().unwrap_or_default().to_owned())
}

fn why(kind: &str, reason: &str) -> (String, String) {
    (kind.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn a_mail_is_sent_again_as_a_message_of_its_own() {
    let app = TestApp::start().await;
    let (zoe, _) = zoe(&app).await;
    let (_, confirmation) = order(&app, &zoe).await;
    let again = app.resend_message(SELLER, &zoe, &confirmation).await.expect(202);
    assert_eq!(again.json()["resent_of"], json!(confirmation));
    assert_eq!(again.header("location"), format!("/v1/customers/{zoe}/messages"));
    app.drain().await;
    let [new, first, _] = &messages(&app, &zoe).await[..] else { panic!("three") };
    assert_eq!((&new["id"], &new["state"], &new["about"]), (&json!(again.id()), &json!("sent"), &first["about"]));
    assert!(first["resent_of"].is_null());
    let subjects = app.subjects(ZOE);
    assert_eq!((subjects.len(), &subjects[1]), (3, &subjects[2]));
    let audit = app.items("audit").await;
    assert_eq!(audit.iter().filter(|entry| text(entry, "action") == "message_resent").count(), 1);
}

#[tokio::test]
async fn it_goes_to_the_address_of_now() {
    let app = TestApp::start().await;
    let (zoe, welcome) = zoe(&app).await;
    app.change_customer(OWNER, &zoe, "*", &json!({ "email": "zoe@new.example" })).await.expect(200);
    app.resend_message(SELLER, &zoe, &welcome).await.expect(202);
    app.drain().await;
    assert_eq!((app.subjects(ZOE).len(), app.subjects("zoe@new.example").len()), (1, 1));
}

#[tokio::test]
async fn a_request_that_comes_again_is_one_mail_and_a_day_has_three() {
    let app = TestApp::start().await;
    let (zoe, welcome) = zoe(&app).await;
    let path = format!("/v1/customers/{zoe}/messages/{welcome}/resend");
    let keyed = Ask::post(path).by(SELLER).once().json(&json!({}));
    let first = app.send(keyed.clone()).await.expect(202);
    assert_eq!(app.send(keyed.clone()).await.expect(202).id(), first.id());
    app.resend_message(SELLER, &zoe, &welcome).await.expect(202);
    // A magic link counts as well: it is the address that has had enough.
    let link = app.create_order_link(SELLER, &zoe).await.expect(201).id();
    app.send_order_link(SELLER, &zoe, &link).await.expect(202);
    let enough = app.resend_message(OWNER, &zoe, &welcome).await.expect(429);
    assert!(enough.header("retry-after").parse::<u64>().unwrap() > 50_000);
    assert_eq!(app.send(keyed).await.expect(202).id(), first.id());
    app.drain().await;
    assert_eq!(app.subjects(ZOE).len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_requests_at_once_three_are_mailed() {
    let app = TestApp::calm().await;
    let (zoe, welcome) = zoe(&app).await;
    let answers = join_all((0..8).map(|_| app.resend_message(SELLER, &zoe, &welcome))).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(202), count(429)), (STAFF_MAILS_A_DAY as usize, 5));
    app.drain().await;
    assert_eq!(app.subjects(ZOE).len(), 1 + STAFF_MAILS_A_DAY as usize);
}

#[tokio::test]
async fn what_makes_no_sense_once_more_is_refused() {
    let app = TestApp::calm().await;
    let (zoe, welcome) = zoe(&app).await;
    app.change_customer(OWNER, &zoe, "*", &json!({ "birthday": "--11-23" })).await.expect(200);
    app.move_clock("2026-11-23T10:00:00+01:00").await;
    let birthday = newest(&app, &zoe).await;
    assert_eq!(refused(app.resend_message(SELLER, &zoe, &birthday).await), why("not-resendable", "marketing"));
    let (placed, confirmation) = order(&app, &zoe).await;
    app.move_order(OWNER, &placed, &json!({ "state": "cancelled", "reason": "Rupture" })).await.expect(200);
    assert_eq!(refused(app.resend_message(SELLER, &zoe, &confirmation).await), why("not-resendable", "subject_gone"));
    let link = app.create_order_link(SELLER, &zoe).await.expect(201).id();
    app.send_order_link(SELLER, &zoe, &link).await.expect(202);
    let of_link = newest(&app, &zoe).await;
    assert_eq!(refused(app.resend_message(SELLER, &zoe, &of_link).await), why("not-resendable", "under_way"));
    app.drain().await;
    app.block(SELLER, &zoe, "Impayés").await.expect(200);
    assert_eq!(refused(app.resend_message(SELLER, &zoe, &of_link).await), why("customer-blocked", ""));
    app.unblock(SELLER, &zoe).await.expect(204);
    let revoke = Ask::new(Method::DELETE, format!("/v1/customers/{zoe}/order-links/{link}")).by(SELLER);
    app.send(revoke).await.expect(204);
    assert_eq!(refused(app.resend_message(SELLER, &zoe, &of_link).await), why("link-closed", ""));
    for (who, message, status) in [(VIEWER, &*welcome, 403), (STRANGER, &welcome, 404), (SELLER, NOBODY, 404)] {
        app.resend_message(who, &zoe, message).await.expect(status);
    }
    let functions = app.functions();
    let digest = functions.keyring.address_digest(&"main".parse().unwrap(), &ZOE.parse().unwrap());
    let complained = Suppression { cause: SuppressionCause::Complained, at: functions.clock.now() };
    app.write(|transaction| transaction.suppress(&"main".parse().unwrap(), &digest, &complained).unwrap()).await;
    assert_eq!(refused(app.resend_message(SELLER, &zoe, &welcome).await), why("undeliverable", "complained"));
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    app.resend_message(SELLER, &zoe, &welcome).await.expect(404);
}

#[tokio::test]
async fn a_code_is_asked_for_anew() {
    let app = TestApp::start().await;
    let (zoe, _) = zoe(&app).await;
    app.post_preferences(&zoe, "/address-code", &[]).await;
    app.drain().await;
    let messages = messages(&app, &zoe).await;
    let code = messages.iter().find(|message| message["kind"] == "confirm_address").expect("a code");
    let answer = app.resend_message(SELLER, &zoe, code["id"].as_str().unwrap()).await;
    assert_eq!(refused(answer), why("not-resendable", "code"));
}
