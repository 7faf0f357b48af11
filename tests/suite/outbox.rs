//! What can go wrong between the outbox and SES, and what becomes of the message.

use jiff::{SignedDuration, Timestamp};
use local::mailbox::SendFailure;
use shared::domain::{Addressee, Attempt, ClaimId, Message, MessageRef, MessageState};
use ulid::Ulid;

use crate::app::{TestApp, text};
use crate::ask::OWNER;
use crate::golden::{Golden, Values};

const ZOE: &str = "zoe@example.com";

/// Zoé, who agreed to marketing and has her birthday on 12 May; her welcome has been sent.
async fn zoe(app: &TestApp) -> String {
    app.submit_contact().await.expect(303);
    let customer = text(&app.items("customer").await[0], "id");
    let birthday = serde_json::json!({ "birthday": "--05-12" });
    app.change_customer(OWNER, &customer, "\"1\"", &birthday).await.expect(200);
    app.drain().await;
    assert_eq!(app.messages().await, ["welcome sent"]);
    customer
}

/// An order of customer `id`, whose confirmation waits in the outbox.
async fn order(app: &TestApp, id: &str) {
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, id).await);
    app.place_order(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
}

async fn states(app: &TestApp) -> Vec<String> {
    let mut states = app.messages().await;
    states.sort();
    states
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_is_settled_by_what_ses_reports() {
    let app = TestApp::calm().await;
    app.stack.mailbox().withhold_events(true);
    app.stack.mailbox().fail_next(SendFailure::AnswerLost);
    app.submit_contact().await.expect(303);
    app.drain().await;
    assert_eq!(app.messages().await, ["welcome unknown"]);
    app.stack.mailbox().withhold_events(false);
    app.settle().await;
    assert_eq!(app.messages().await, ["welcome sent"]);
    app.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(app.mails().len(), 1);
}

#[tokio::test]
async fn a_transactional_mail_of_which_nothing_is_heard_is_sent_again_after_a_quarter_of_an_hour() {
    let app = TestApp::calm().await;
    app.stack.mailbox().withhold_events(true);
    app.stack.mailbox().fail_next(SendFailure::AnswerLost);
    app.submit_contact().await.expect(303);
    app.drain().await;
    app.pass(SignedDuration::from_mins(14)).await;
    assert_eq!((app.mails().len(), app.messages().await), (1, vec!["welcome unknown".to_owned()]));
    app.pass(SignedDuration::from_mins(2)).await;
    assert_eq!((app.mails().len(), app.messages().await), (2, vec!["welcome sent".to_owned()]));
}

#[tokio::test]
async fn marketing_of_which_nothing_is_heard_is_given_up_and_never_sent_again() {
    let app = TestApp::calm().await;
    zoe(&app).await;
    app.stack.mailbox().withhold_events(true);
    app.stack.mailbox().fail_next(SendFailure::AnswerLost);
    app.move_clock("2027-05-12T09:00:00+02:00").await;
    assert_eq!(states(&app).await, ["birthday unknown", "welcome sent"]);
    app.move_clock("2027-05-12T09:20:00+02:00").await;
    app.pass(SignedDuration::from_hours(48)).await;
    assert_eq!(states(&app).await, ["birthday skipped outcome_unknown", "welcome sent"]);
    assert_eq!(app.mails().len(), 2);
}

#[tokio::test]
async fn throttling_puts_a_mail_off_and_costs_no_attempt() {
    let app = TestApp::start().await;
    for _ in 0..7 {
        app.stack.mailbox().fail_next(SendFailure::Throttled);
    }
    app.submit_contact().await.expect(303);
    app.drain().await;
    assert!(app.mails().is_empty());
    for _ in 0..12 {
        app.pass(SignedDuration::from_mins(1)).await;
    }
    assert_eq!((app.mails().len(), app.messages().await), (1, vec!["welcome sent".to_owned()]));
    assert_eq!(app.items("message").await[0]["attempts"].as_n().unwrap(), "1");
}

#[tokio::test]
async fn a_mail_that_ses_refuses_every_time_is_tried_five_times_and_parked() {
    let app = TestApp::calm().await;
    for _ in 0..Attempt::MAX {
        app.stack.mailbox().fail_next(SendFailure::Rejected);
    }
    app.submit_contact().await.expect(303);
    app.drain().await;
    assert_eq!(app.messages().await, ["welcome pending"]);
    app.pass(SignedDuration::from_hours(24)).await;
    assert_eq!(app.messages().await, ["welcome failed"]);
    assert!(app.mails().is_empty());
}

/// Reports `event` about Zoé's welcome while the confirmation of her order is queued.
async fn reported_while_queued(event: &str) -> TestApp {
    let app = TestApp::calm().await;
    let customer = zoe(&app).await;
    app.stack.mailbox().fail_next(SendFailure::Throttled);
    order(&app, &customer).await;
    app.drain().await;
    let mut values = Values::default();
    values.set("message", app.mails()[0].tags["message"].clone());
    values.set("customer", customer);
    let golden = Golden::read(event, &values);
    app.call(&golden.function, &golden.event).await;
    app.call(&golden.function, &golden.event).await;
    app.move_clock("2027-05-13T00:00:00+02:00").await;
    app
}

#[tokio::test]
async fn a_bounce_stops_mail_already_queued_and_marketing_later_on() {
    let app = reported_while_queued("mailer/bounce").await;
    let expected = [
        "birthday skipped bounced",
        "order_confirmation skipped bounced",
        "satisfaction skipped bounced",
        "welcome sent",
    ];
    assert_eq!(states(&app).await, expected);
    assert_eq!(app.items("suppression").await.len(), 1);
}

#[tokio::test]
async fn a_complaint_stops_mail_already_queued_and_marketing_later_on() {
    let app = reported_while_queued("mailer/complaint").await;
    let expected = [
        "birthday skipped complained",
        "order_confirmation skipped complained",
        "satisfaction skipped complained",
        "welcome sent",
    ];
    assert_eq!(states(&app).await, expected);
}

#[tokio::test]
async fn a_full_mailbox_stops_nothing() {
    let app = reported_while_queued("mailer/bounce-transient").await;
    let expected = ["birthday sent", "order_confirmation sent", "satisfaction sent", "welcome sent"];
    assert_eq!(states(&app).await, expected);
    assert!(app.items("suppression").await.is_empty());
}

#[tokio::test]
async fn an_unsubscription_stops_marketing_already_planned_and_no_confirmation() {
    let app = TestApp::start().await;
    let customer = zoe(&app).await;
    app.move_clock("2027-05-12T08:30:00+02:00").await;
    assert!(states(&app).await.contains(&"birthday pending".to_owned()));
    let path = format!("/p/{}/unsubscribe", app.preferences_token(&customer).await);
    app.send(crate::ask::Ask::post(path).form(&[("List-Unsubscribe", "One-Click")])).await.expect(200);
    order(&app, &customer).await;
    app.move_clock("2027-05-12T10:00:00+02:00").await;
    let expected = ["birthday skipped unsubscribed", "order_confirmation sent", "welcome sent"];
    assert_eq!(states(&app).await, expected);
    assert_eq!(app.subjects(ZOE).len(), 2);
}

/// The message as a mailer leaves it that dies in `state`.
async fn die_in(app: &TestApp, state: impl Fn(Timestamp) -> MessageState) {
    let (functions, now) = (app.functions(), app.stack.clock().now());
    let item = app.items("message").await.remove(0);
    let customer = item["to"].as_m().unwrap()["customer"].as_s().unwrap().parse().unwrap();
    let id = text(&item, "id").parse().unwrap();
    let reference = MessageRef { shop: "main".parse().unwrap(), to: Addressee::Customer { customer }, id };
    let message = functions.table.message(&reference).await.unwrap().unwrap();
    let until = now.checked_add(Attempt::LEASE).unwrap();
    let left = Message { version: message.version + 1, state: state(until), attempts: 1, ..message };
    assert!(functions.table.replace_message(&left).await.unwrap());
}

#[tokio::test]
async fn a_mailer_that_dies_before_handing_over_is_taken_over_at_once_when_its_claim_ends() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    die_in(&app, |until| MessageState::Claimed { owner: ClaimId::new(Ulid::nil()), until }).await;
    app.drain().await;
    assert!(app.mails().is_empty());
    app.pass(SignedDuration::from_mins(3)).await;
    assert_eq!((app.mails().len(), app.messages().await), (1, vec!["welcome sent".to_owned()]));
}

#[tokio::test]
async fn a_mailer_that_dies_while_handing_over_leaves_an_unknown_outcome() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    die_in(&app, |until| MessageState::Sending { until }).await;
    app.drain().await;
    app.pass(SignedDuration::from_mins(3)).await;
    assert_eq!((app.mails().len(), app.messages().await), (0, vec!["welcome unknown".to_owned()]));
    app.pass(SignedDuration::from_mins(16)).await;
    assert_eq!((app.mails().len(), app.messages().await), (1, vec!["welcome sent".to_owned()]));
}
