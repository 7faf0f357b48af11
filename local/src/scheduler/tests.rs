use std::sync::Mutex as StdMutex;

use serde_json::Value;

use super::*;
use crate::mailbox::Mailbox;
use crate::store::Store;
use crate::stream::PumpFiles;
use crate::{sdk, table};

type Runs = Arc<StdMutex<Vec<String>>>;

fn recorder(name: &'static str, runs: &Runs) -> Function {
    let runs = Arc::clone(runs);
    Function::handler(name, move |event: Value| {
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        runs.lock().unwrap().push(format!("{} {}", text("run"), text("scheduled_time")));
        async { Ok::<_, String>(()) }
    })
}

async fn stand(start: &str, due: Vec<Timestamp>) -> (Store, Scheduler, LaptopClock, Runs) {
    let store = Store::memory().unwrap();
    let config = sdk::config(store.endpoint(), sdk::plain_http());
    table::create(&aws_sdk_dynamodb::Client::new(&config), "clientele", true).await.unwrap();
    let streams = aws_sdk_dynamodbstreams::Client::new(&config);
    let pump = StreamPump::new(streams, "clientele", vec![], PumpFiles::default()).unwrap();
    let clock = LaptopClock::starting_at(Some(start.parse().unwrap()));
    let runs = Runs::default();
    let next_due: NextDue = Arc::new(move |after| {
        let next = due.iter().copied().filter(|due| *due > after).min();
        Box::pin(async move { Ok(next) })
    });
    let scheduled =
        Scheduled { automations: recorder("automations", &runs), mailer: recorder("mailer", &runs), next_due };
    let feedback = Feedback::new(Mailbox::in_memory(clock.clone()), None).unwrap();
    let scheduler = Scheduler::new(clock.clone(), pump, Faults::none(), feedback, scheduled);
    (store, scheduler, clock, runs)
}

#[tokio::test]
async fn a_jump_plays_what_is_planned_and_skips_the_empty_hours() {
    let due = ["2027-05-12T07:00:00Z", "2027-11-01T03:15:00Z", "2029-01-01T00:00:00Z"];
    let due = due.map(|due| due.parse().unwrap()).into();
    let (_store, scheduler, clock, runs) = stand("2027-01-01T10:30:00Z", due).await;
    scheduler.move_clock("2028-01-01T12:34:56Z".parse().unwrap()).await.unwrap();
    assert_eq!(
        *runs.lock().unwrap(),
        [
            "plan 2027-01-01T10:00:00Z",
            "resume 2027-01-01T10:30:00Z",
            "sweep 2027-01-01T10:30:00Z",
            "plan 2027-05-12T06:00:00Z",
            "plan 2027-05-12T07:00:00Z",
            "resume 2027-05-12T07:00:00Z",
            "sweep 2027-05-12T07:00:00Z",
            "plan 2027-11-01T02:00:00Z",
            "plan 2027-11-01T03:00:00Z",
            "resume 2027-11-01T03:15:00Z",
            "sweep 2027-11-01T03:15:00Z",
            "plan 2028-01-01T12:00:00Z",
            "resume 2028-01-01T12:30:00Z",
            "sweep 2028-01-01T12:34:00Z",
            // What was due still is, here: a second round makes sure that running changes nothing.
            "plan 2028-01-01T12:00:00Z",
            "resume 2028-01-01T12:30:00Z",
            "sweep 2028-01-01T12:34:00Z",
        ]
    );
    assert!(clock.now() >= "2028-01-01T12:34:56Z".parse().unwrap());
    let back = scheduler.move_clock("2027-01-01T00:00:00Z".parse().unwrap()).await;
    assert!(matches!(back, Err(ScheduleError::Clock(ClockError::Backward { .. }))));
}

#[tokio::test]
async fn what_stays_due_does_not_keep_a_drain_for_ever() {
    let due = vec!["2026-12-31T00:00:00Z".parse().unwrap()];
    let (_store, scheduler, _, runs) = stand("2027-01-01T10:30:00Z", due).await;
    scheduler.drain().await.unwrap();
    assert_eq!(runs.lock().unwrap().len(), 6);
}

#[tokio::test]
async fn each_hour_and_each_minute_runs_once() {
    let (_store, scheduler, clock, runs) = stand("2027-01-01T10:30:05Z", vec![]).await;
    for _ in 0..3 {
        scheduler.tick().await.unwrap();
    }
    clock.move_to("2027-01-01T11:00:05Z".parse().unwrap()).unwrap();
    scheduler.tick().await.unwrap();
    assert_eq!(
        *runs.lock().unwrap(),
        [
            "plan 2027-01-01T10:00:00Z",
            "resume 2027-01-01T10:30:00Z",
            "sweep 2027-01-01T10:30:00Z",
            "plan 2027-01-01T11:00:00Z",
            "resume 2027-01-01T11:00:00Z",
            "sweep 2027-01-01T11:00:00Z",
        ]
    );
}
