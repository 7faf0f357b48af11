//! The worker, as a process of its own: one job from the event that the stream would bring.

use std::time::Instant;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::config::RequestChecksumCalculation;
use exports::{Limits, State};
use local::sdk;
use local::stack::Stack;
use serde_json::json;
use shared::domain::{ExportId, ExportJob, ExportState};
use shared::table::{Table, Transaction};
use shared::{App, Clock, Entropy, Keyring};

use crate::process::{peak_memory, processor_time};
use crate::replay::{Item, wire};

/// Asks for an export of all customers, and says which job it is.
pub async fn ask(stack: &Stack, format: &str) -> String {
    let app = stack.services().app();
    let now = app.clock.now();
    let job: ExportJob = serde_json::from_value(json!({
        "shop": "main", "id": ExportId::new(app.entropy.ulid(now)), "version": 1, "what": "customers",
        "format": format, "purpose": "Mesure", "requested_by": "bench", "requested_at": now,
        "state": "pending", "attempts": 0,
    }))
    .unwrap();
    let mut transaction = Transaction::new();
    transaction.create_export(&job).unwrap();
    app.table.commit(transaction).await.unwrap().unwrap();
    serde_json::to_string(&job).unwrap()
}

/// `worker <address> <job> <table>`: writes the file, and says what that took.
pub fn main(arguments: &[String]) {
    let [address, job, table] = arguments else { panic!("worker <address> <job> <table>") };
    // As under Lambda.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (began, before) = (Instant::now(), processor_time());
    runtime.block_on(write(address, job, table));
    let (processor, passed) = (processor_time() - before, began.elapsed());
    println!("{} {} {}", processor.as_secs_f64(), passed.as_secs_f64(), peak_memory());
}

async fn write(address: &str, job: &str, table: &str) {
    let aws = sdk::config(address, sdk::plain_http());
    let s3 = aws_sdk_s3::config::Builder::from(&aws)
        .force_path_style(true)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
    let app = App {
        table: Table::new(aws_sdk_dynamodb::Client::new(&aws), table, Entropy::system()),
        keyring: Keyring::new(&[7; 32]).unwrap(),
        clock: Clock::system(),
        entropy: Entropy::system(),
        public_url: "http://localhost:3000".parse().unwrap(),
    };
    let s3 = aws_sdk_s3::Client::from_conf(s3.build());
    let state = State { app, s3, bucket: "exports".to_owned(), limits: Limits::default() };
    let job: ExportJob = serde_json::from_str(job).unwrap();
    let mut image: Item = serde_dynamo::to_item(&job).unwrap();
    image.insert("t".to_owned(), AttributeValue::S("export".to_owned()));
    let event = json!({ "Records": [{
        "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-3", "eventSourceARN": "arn:aws:dynamodb:eu-west-3:123456789012:table/clientele/stream/1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_338_000, "Keys": {}, "NewImage": wire(&image),
            "SequenceNumber": "1", "SizeBytes": 1, "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }] });
    let answer = exports::work(&state, serde_json::from_value(event).unwrap()).await;
    assert!(answer.batch_item_failures.is_empty());
    let done = state.app.table.export(&job.shop, job.id).await.unwrap().unwrap();
    assert!(matches!(done.state, ExportState::Done { .. }), "{:?}", done.state);
}
