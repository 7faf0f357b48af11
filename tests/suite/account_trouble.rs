//! The account's own trouble with SES: no mail is to blame for it, so none is given up, and somebody is
//! told. The same for a mail that is parked.

use jiff::SignedDuration;
use local::mailbox::SendFailure;
use shared::domain::{Attempt, CustomerId, Message, MessageId, Occurrence};
use ulid::Ulid;

use crate::app::TestApp;
use crate::log::Log;

const CUSTOMERS: usize = 3;

/// What the lines say at which the deployment raises its alarm, by the field that its filter names.
fn alarms(log: &Log) -> Vec<String> {
    let lines = log.lines().into_iter().filter(|line| line["fields"]["alarm"] == true);
    lines.map(|line| format!("{} {}", line["level"], line["fields"]["message"]).replace('"', "")).collect()
}

fn fail(app: &TestApp, failure: SendFailure, times: usize) {
    for _ in 0..times {
        app.stack.mailbox().fail_next(failure);
    }
}

/// Every mail tries at once and every quarter of an hour: nine times in two hours.
async fn arrives_after_two_hours_of(failure: SendFailure) {
    let (app, log) = (TestApp::calm().await, Log::default());
    fail(&app, failure, 9 * CUSTOMERS);
    let guard = log.keep();
    app.open_wide("contact").await;
    for number in 0..CUSTOMERS {
        app.submit_form("contact", &[("email", &format!("client{number}@example.com"))]).await.expect(303);
    }
    app.drain().await;
    app.pass(SignedDuration::from_mins(121)).await;
    drop(guard);
    assert_eq!(app.messages().await, vec!["welcome pending"; CUSTOMERS], "{failure:?}");
    assert!(app.mails().is_empty());
    assert_eq!(alarms(&log), vec!["ERROR SES takes no mail from this account"; 9 * CUSTOMERS]);
    app.pass(SignedDuration::from_mins(15)).await;
    app.pass(SignedDuration::from_hours(24)).await;
    assert_eq!(app.messages().await, vec!["welcome sent"; CUSTOMERS], "{failure:?}");
    assert!(app.items("message").await.iter().all(|message| message["attempts"].as_n().unwrap() == "1"));
    for number in 0..CUSTOMERS {
        assert_eq!(app.subjects(&format!("client{number}@example.com")).len(), 1, "{failure:?}");
    }
}

#[tokio::test]
async fn mail_waits_while_sending_is_paused() {
    arrives_after_two_hours_of(SendFailure::Paused).await;
}

#[tokio::test]
async fn mail_waits_while_the_account_is_suspended() {
    arrives_after_two_hours_of(SendFailure::AccountSuspended).await;
}

#[tokio::test]
async fn mail_waits_while_the_quota_is_used_up() {
    arrives_after_two_hours_of(SendFailure::QuotaUsedUp).await;
}

#[tokio::test]
async fn mail_waits_while_the_senders_domain_is_not_set_up() {
    arrives_after_two_hours_of(SendFailure::DomainNotVerified).await;
    arrives_after_two_hours_of(SendFailure::NoConfigurationSet).await;
}

#[tokio::test]
async fn marketing_that_waits_too_long_for_the_account_is_recorded_as_missed() {
    let app = TestApp::calm().await;
    let ana: CustomerId = app.agreed("Ana Lima").await.parse().unwrap();
    let (functions, shop): (_, shared::domain::ShopId) = (app.functions(), "main".parse().unwrap());
    let now = functions.clock.now();
    let id = MessageId::new(Ulid::generate());
    let message = Message::new(shop, id, ana, Occurrence::Birthday { year: 2026, of: 2026 }, now, now);
    let message = Message { not_after: now.checked_add(SignedDuration::from_mins(70)).ok(), ..message };
    app.write(|transaction| drop(transaction.create_message(&message).unwrap())).await;
    app.set_birthday(&ana.to_string(), "--11-22").await;
    fail(&app, SendFailure::Paused, 5);
    app.drain().await;
    app.pass(SignedDuration::from_mins(65)).await;
    assert_eq!((app.mails().len(), app.messages().await), (0, vec!["birthday pending".to_owned()]));
    // SES would take it now.
    app.pass(SignedDuration::from_mins(15)).await;
    assert_eq!((app.mails().len(), app.messages().await), (0, vec!["birthday skipped missed".to_owned()]));
}

#[tokio::test]
async fn a_parked_mail_raises_the_alarm_once() {
    let (app, log) = (TestApp::calm().await, Log::default());
    fail(&app, SendFailure::Rejected, Attempt::MAX as usize);
    let guard = log.keep();
    app.submit_contact().await.expect(303);
    app.drain().await;
    assert!(alarms(&log).is_empty());
    app.pass(SignedDuration::from_hours(24)).await;
    drop(guard);
    assert_eq!(app.messages().await, ["welcome failed"]);
    assert_eq!(alarms(&log), ["ERROR a mail is parked"]);
}
