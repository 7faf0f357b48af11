//! The account's sending rate: every mail takes its turn, whichever process and shop it is of, and none
//! is lost to it.

use std::num::NonZeroU32;
use std::time::Instant;

use futures::future::join_all;
use jiff::SignedDuration;
use shared::domain::{CustomerId, Message, MessageId, Occurrence, OrderId};
use shared::table::Bucket;
use ulid::Ulid;

use crate::app::TestApp;
use crate::ask::OWNER;
use crate::golden::{Golden, Values};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

#[tokio::test]
async fn turns_are_given_in_line_and_never_more_than_the_rate() {
    let app = TestApp::still().await;
    let (table, now) = (app.functions().table, app.functions().clock.now());
    let bucket = Bucket { of: "sending", tokens: 1, within: SignedDuration::from_millis(100) };
    let mut waits = Vec::new();
    for _ in 0..20 {
        waits.push(table.take_turn(bucket, SECOND, now).await.unwrap());
    }
    let tenths = |count: i64| SignedDuration::from_millis(100 * count);
    let given: Vec<_> = waits.iter().filter_map(|wait| wait.ok()).collect();
    assert_eq!(given, (0..=10).map(tenths).collect::<Vec<_>>());
    // Whoever is told to come later has no place: they all may ask again as soon as one comes free.
    assert!(waits[11..].iter().all(|wait| *wait == Err(tenths(1))), "{waits:?}");
    let later = now.checked_add(SECOND).unwrap();
    assert_eq!(table.take_turn(bucket, SECOND, later).await.unwrap(), Ok(tenths(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_no_two_have_the_same_turn() {
    let app = TestApp::still().await;
    let (table, now) = (app.functions().table, app.functions().clock.now());
    let bucket = Bucket { of: "sending", tokens: 1, within: SignedDuration::from_millis(50) };
    let turns = join_all((0..20).map(|_| table.take_turn(bucket, SECOND, now))).await;
    let mut waits: Vec<i128> =
        turns.into_iter().filter_map(|turn| turn.unwrap().ok()).map(|wait| wait.as_millis()).collect();
    waits.sort_unstable();
    assert_eq!(waits, (0..waits.len() as i128).map(|turn| 50 * turn).collect::<Vec<_>>());
}

#[tokio::test]
async fn mails_wait_in_place_while_that_is_short_and_cost_no_attempt() {
    let app = TestApp::at_rate(NonZeroU32::new(20).unwrap()).await;
    app.open_wide("contact").await;
    for number in 0..10 {
        app.submit_form("contact", &[("email", &format!("client{number}@example.com"))]).await.expect(303);
    }
    let began = Instant::now();
    app.drain().await;
    assert!(began.elapsed().as_millis() >= 450, "{:?}", began.elapsed());
    assert_eq!(app.messages().await, vec!["welcome sent"; 10]);
    assert!(app.items("message").await.iter().all(|message| message["attempts"].as_n().unwrap() == "1"));
}

#[tokio::test]
async fn a_mail_that_would_wait_long_goes_back_and_arrives_all_the_same() {
    let app = TestApp::at_rate(NonZeroU32::new(20).unwrap()).await;
    let functions = app.functions();
    // Other processes have the turns of the next minute.
    let bucket = Bucket { of: "sending", tokens: 1, within: SignedDuration::from_mins(1) };
    functions.table.take_turn(bucket, SECOND, functions.clock.now()).await.unwrap().unwrap();
    app.submit_contact().await.expect(303);
    app.drain().await;
    assert_eq!((app.mails().len(), app.messages().await), (0, vec!["welcome pending".to_owned()]));
    assert_eq!(app.items("message").await[0]["attempts"].as_n().unwrap(), "0");
    app.pass(SignedDuration::from_mins(3)).await;
    assert_eq!((app.mails().len(), app.messages().await), (1, vec!["welcome sent".to_owned()]));
    assert_eq!(app.items("message").await[0]["attempts"].as_n().unwrap(), "1");
}

#[tokio::test]
async fn one_run_goes_through_all_that_is_due() {
    let app = TestApp::calm().await;
    let ana: CustomerId = app.customer(OWNER, "Ana Lima").await.parse().unwrap();
    let (functions, shop) = (app.functions(), "main".parse().unwrap());
    let now = functions.clock.now();
    for _ in 0..5 {
        app.write(|transaction| {
            for _ in 0..50 {
                let (id, order) = (MessageId::new(Ulid::generate()), OrderId::new(Ulid::generate()));
                let about = Occurrence::OrderConfirmation { order };
                let message = Message::new(shop.clone(), id, ana, about, now, now);
                transaction.create_message(&message).unwrap();
            }
        })
        .await;
    }
    app.call("mailer", &Golden::read("mailer/sweep", &Values::default()).event).await;
    assert_eq!(app.messages().await, vec!["order_confirmation skipped subject_gone"; 250]);
}
