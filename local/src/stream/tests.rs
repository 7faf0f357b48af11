use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::store::Store;
use crate::{sdk, table};

const TABLE: &str = "clientele";

struct Bench {
    store: Store,
    table: aws_sdk_dynamodb::Client,
    streams: Client,
}

impl Bench {
    async fn new() -> Self {
        let store = Store::memory().unwrap();
        let config = sdk::config(store.endpoint(), sdk::plain_http());
        let table = aws_sdk_dynamodb::Client::new(&config);
        table::create(&table, TABLE, true).await.unwrap();
        Self { store, table, streams: Client::new(&config) }
    }

    async fn put(&self, kind: &str, sk: &str) {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let put = self.table.put_item().table_name(TABLE).item("pk", text("a")).item("sk", text(sk));
        put.item("t", text(kind)).send().await.unwrap();
    }

    fn pump(&self, consumers: Vec<Consumer>, files: PumpFiles) -> StreamPump {
        StreamPump::new(self.streams.clone(), TABLE, consumers, files).unwrap()
    }
}

/// What a recording consumer was handed, batch by batch.
type Seen = Arc<Mutex<Vec<Vec<String>>>>;

fn keys(event: &Value) -> Vec<String> {
    let records = event["Records"].as_array().unwrap();
    records.iter().map(|record| record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap().to_owned()).collect()
}

/// A consumer that answers by `answer`, given the event and how often it was called before.
fn consumer(
    name: &'static str,
    item_kinds: &'static [&'static str],
    answer: impl Fn(&Value, u32) -> Result<Value, String> + Send + Sync + 'static,
) -> (Consumer, Seen) {
    let seen = Seen::default();
    let (record, calls) = (Arc::clone(&seen), AtomicU32::new(0));
    let function = Function::handler(name, move |event: Value| {
        record.lock().unwrap().push(keys(&event));
        let answer = answer(&event, calls.fetch_add(1, Ordering::Relaxed));
        async move { answer }
    });
    (Consumer { function, item_kinds, changed: &[], batch_size: 10 }, seen)
}

fn fine(_: &Value, _: u32) -> Result<Value, String> {
    Ok(json!({ "batchItemFailures": [] }))
}

#[tokio::test]
async fn each_consumer_sees_its_own_inserts_once_and_in_order() {
    let bench = Bench::new().await;
    let (mailer, mails) = consumer("mailer", &["message"], fine);
    let (exports, jobs) = consumer("exports", &["export"], fine);
    let pump = bench.pump(vec![mailer, exports], PumpFiles::default());
    for number in 0..12 {
        bench.put("message", &format!("m{number:02}")).await;
        bench.put("customer", &format!("c{number:02}")).await;
    }
    bench.put("export", "e").await;
    bench.put("message", "m00").await;
    assert_eq!(pump.drain().await.unwrap(), 13);
    assert_eq!(mails.lock().unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [10, 2]);
    assert_eq!(mails.lock().unwrap().concat().first().unwrap(), "m00");
    assert_eq!(*jobs.lock().unwrap(), [["e"]]);
    assert_eq!(pump.drain().await.unwrap(), 0);
    let delivered = pump.delivered().unwrap();
    let tomorrow = Timestamp::now().checked_add(jiff::SignedDuration::from_hours(25)).unwrap();
    assert_eq!(bench.store.trim_stream(TABLE, &delivered, tomorrow).unwrap(), 25);
    bench.put("message", "m99").await;
    assert_eq!(pump.drain().await.unwrap(), 1);
}

#[tokio::test]
async fn a_new_pump_goes_on_from_the_checkpoint() {
    let bench = Bench::new().await;
    let folder = tempfile::tempdir().unwrap();
    let files = PumpFiles { checkpoints: Some(folder.path().join("checkpoints.json")), dead_letters: None };
    bench.put("message", "1").await;
    let (first, _) = consumer("mailer", &["message"], fine);
    assert_eq!(bench.pump(vec![first], files.clone()).drain().await.unwrap(), 1);
    bench.put("message", "2").await;
    let (second, seen) = consumer("mailer", &["message"], fine);
    assert_eq!(bench.pump(vec![second], files).drain().await.unwrap(), 1);
    assert_eq!(*seen.lock().unwrap(), [["2"]]);
}

#[tokio::test]
async fn a_failed_record_is_tried_again_with_those_after_it() {
    let bench = Bench::new().await;
    let (mailer, seen) = consumer("mailer", &["message"], |event, call| {
        let second = &event["Records"][1]["dynamodb"]["SequenceNumber"];
        let failures = if call == 0 { json!([{ "itemIdentifier": second }]) } else { json!([]) };
        Ok(json!({ "batchItemFailures": failures }))
    });
    let pump = bench.pump(vec![mailer], PumpFiles::default());
    for sk in ["1", "2", "3"] {
        bench.put("message", sk).await;
    }
    pump.drain().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [vec!["1", "2", "3"], vec!["2", "3"]]);
    assert!(pump.dead_letters().is_empty());
}

#[tokio::test]
async fn what_always_fails_is_parked_and_holds_up_nobody() {
    let bench = Bench::new().await;
    let folder = tempfile::tempdir().unwrap();
    let dead_letters = folder.path().join("dead-letters.jsonl");
    let (mailer, seen) = consumer("mailer", &["message"], |event, _| {
        assert_ne!(keys(event)[0], "bad", "a panic is a failure too");
        Ok(Value::Null)
    });
    let files = PumpFiles { checkpoints: None, dead_letters: Some(dead_letters.clone()) };
    let pump = bench.pump(vec![mailer], files);
    for sk in ["bad", "good"] {
        bench.put("message", sk).await;
    }
    pump.drain().await.unwrap();
    assert_eq!(seen.lock().unwrap().len(), 5, "four tries of both, one of the good one");
    assert_eq!(seen.lock().unwrap().last().unwrap(), &["good"]);
    let [letter] = &pump.dead_letters()[..] else { panic!("one letter") };
    assert_eq!(keys(&letter["payload"]), ["bad"], "with all that is in it");
    assert_eq!(std::fs::read_to_string(dead_letters).unwrap().lines().count(), 1);
}

#[tokio::test]
async fn what_was_delivered_is_delivered_again_where_that_is_asked_for() {
    let bench = Bench::new().await;
    let (mailer, seen) = consumer("mailer", &["message"], fine);
    let pump = bench.pump(vec![mailer], PumpFiles::default());
    bench.put("message", "1").await;
    pump.drain().await.unwrap();
    let checkpoint = pump.delivered();
    for sk in ["2", "3"] {
        bench.put("message", sk).await;
    }
    pump.deliver_twice();
    pump.drain().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [vec!["1"], vec!["2", "3"], vec!["3", "2"]]);
    pump.go_back_to(checkpoint.as_deref()).unwrap();
    assert_eq!(pump.drain().await.unwrap(), 2);
    pump.go_back_to(None).unwrap();
    assert_eq!(pump.drain().await.unwrap(), 3);
}

#[tokio::test]
async fn what_a_consumer_writes_is_delivered_by_the_same_drain() {
    let bench = Bench::new().await;
    let table = bench.table.clone();
    let function = Function::handler("exports", move |_: Value| {
        let table = table.clone();
        async move {
            let text = |value: &str| AttributeValue::S(value.to_owned());
            let put = table.put_item().table_name(TABLE).item("pk", text("a")).item("sk", text("new"));
            put.item("t", text("message")).send().await.map(drop).map_err(|error| error.to_string())
        }
    });
    let (mailer, seen) = consumer("mailer", &["message"], fine);
    let exports = Consumer { function, item_kinds: &["export"], changed: &[], batch_size: 1 };
    let pump = bench.pump(vec![mailer, exports], PumpFiles::default());
    bench.put("export", "e").await;
    assert_eq!(pump.drain().await.unwrap(), 2);
    assert_eq!(*seen.lock().unwrap(), [["new"]]);
}
