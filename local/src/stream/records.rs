//! Stream records as Lambda's DynamoDB event writes them.

use std::collections::HashMap;

use aws_sdk_dynamodbstreams::types::{AttributeValue, Record};
use data_encoding::BASE64;
use serde_json::{Map, Value, json};

use crate::sdk::REGION;

/// The filters of an event source mapping: `eventName` INSERT, `NewImage.t.S` one of `item_kinds`; or
/// MODIFY, with `NewImage.t.S` and `NewImage.state.S` as one of `changed` says.
pub(super) fn is_wanted(record: &Record, item_kinds: &[&str], changed: &[(&str, &str)]) -> bool {
    let image = record.dynamodb.as_ref().and_then(|record| record.new_image.as_ref());
    let text = |name: &str| image.and_then(|image| image.get(name)).and_then(|value| value.as_s().ok());
    let Some(kind) = text("t").map(String::as_str) else {
        return false;
    };
    match record.event_name.as_ref().map(|name| name.as_str()) {
        Some("INSERT") => item_kinds.contains(&kind),
        Some("MODIFY") => text("state").is_some_and(|state| changed.contains(&(kind, state.as_str()))),
        _ => false,
    }
}

/// The event that holds `batch`.
pub(super) fn event(table: &str, batch: &[&Record]) -> Value {
    json!({ "Records": batch.iter().map(|record| one(table, record)).collect::<Vec<_>>() })
}

fn one(table: &str, record: &Record) -> Value {
    let mut change = Map::new();
    if let Some(own) = &record.dynamodb {
        if let Some(at) = own.approximate_creation_date_time {
            change.insert("ApproximateCreationDateTime".to_owned(), at.secs().into());
        }
        for (name, image) in [("Keys", &own.keys), ("NewImage", &own.new_image), ("OldImage", &own.old_image)] {
            if let Some(image) = image {
                change.insert(name.to_owned(), attributes(image));
            }
        }
        change.insert("SequenceNumber".to_owned(), json!(own.sequence_number));
        change.insert("SizeBytes".to_owned(), json!(own.size_bytes));
        change.insert("StreamViewType".to_owned(), "NEW_AND_OLD_IMAGES".into());
    }
    json!({
        "eventID": record.event_id,
        "eventName": record.event_name.as_ref().map(|name| name.as_str()),
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": change,
        "eventSourceARN": format!("arn:aws:dynamodb:{REGION}:000000000000:table/{table}/stream/laptop"),
    })
}

fn attributes(image: &HashMap<String, AttributeValue>) -> Value {
    image.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<Map<_, _>>().into()
}

fn attribute(value: &AttributeValue) -> Value {
    let binary = |blob: &aws_smithy_types::Blob| BASE64.encode(blob.as_ref());
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::B(blob) => json!({ "B": binary(blob) }),
        AttributeValue::Bool(truth) => json!({ "BOOL": truth }),
        AttributeValue::Null(is_null) => json!({ "NULL": is_null }),
        AttributeValue::M(map) => json!({ "M": attributes(map) }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(attribute).collect::<Vec<_>>() }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        AttributeValue::Bs(blobs) => json!({ "BS": blobs.iter().map(binary).collect::<Vec<_>>() }),
        // DynamoDB has no other kind; a future one would be seen as absent.
        _ => json!({ "NULL": true }),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodbstreams::types::{OperationType, StreamRecord};
    use aws_smithy_types::{Blob, DateTime};
    use lambda_http::aws_lambda_events::dynamodb::Event;

    use super::*;

    #[test]
    fn every_kind_of_attribute_is_read_by_lambda_s_own_types() {
        let all = [
            ("t", AttributeValue::S("message".to_owned())),
            ("n", AttributeValue::N("1.50".to_owned())),
            ("b", AttributeValue::B(Blob::new([255]))),
            ("bool", AttributeValue::Bool(true)),
            ("null", AttributeValue::Null(true)),
            ("m", AttributeValue::M([("x".to_owned(), AttributeValue::N("1".to_owned()))].into())),
            ("l", AttributeValue::L(vec![AttributeValue::S("y".to_owned())])),
            ("ss", AttributeValue::Ss(vec!["a".to_owned()])),
            ("ns", AttributeValue::Ns(vec!["1".to_owned()])),
            ("bs", AttributeValue::Bs(vec![Blob::new([1])])),
        ];
        let image = all.map(|(name, value)| (name.to_owned(), value)).into();
        let change = StreamRecord::builder()
            .set_new_image(Some(image))
            .keys("pk", AttributeValue::S("a".to_owned()))
            .sequence_number("100000000000000000001")
            .size_bytes(10)
            .approximate_creation_date_time(DateTime::from_secs(1_800_000_000));
        let record = Record::builder().event_id("e").event_name(OperationType::Insert).dynamodb(change.build()).build();
        assert!(is_wanted(&record, &["message"], &[]) && !is_wanted(&record, &["export", "erasure"], &[]));
        let event = event("clientele", &[&record]);
        assert_eq!(event["Records"][0]["dynamodb"]["NewImage"]["b"], json!({ "B": "/w==" }));
        let read: Event = serde_json::from_value(event).unwrap();
        assert_eq!(read.records[0].change.new_image.len(), 10);
        assert_eq!(read.records[0].event_name, "INSERT");
    }
}
