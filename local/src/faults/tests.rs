use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, Put, PutRequest, TransactWriteItem, WriteRequest};

use super::*;
use crate::store::Store;
use crate::{sdk, table};

const TABLE: &str = "clientele";

fn client(store: &Store, faults: &Faults) -> Client {
    Client::new(&sdk::config(store.endpoint(), faults.in_front_of(sdk::plain_http())))
}

async fn stand(faults: &Faults) -> (Store, Client) {
    let store = Store::memory().unwrap();
    let client = client(&store, faults);
    table::create(&client, TABLE, true).await.unwrap();
    (store, client)
}

fn item(sk: &str) -> HashMap<String, AttributeValue> {
    [("pk", "a"), ("sk", sk), ("list_pk", "l"), ("list_sk", sk)]
        .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())))
        .into()
}

fn key(sk: &str) -> HashMap<String, AttributeValue> {
    item(sk).into_iter().filter(|(name, _)| !name.starts_with("list")).collect()
}

async fn exists(client: &Client, sk: &str) -> bool {
    client.get_item().table_name(TABLE).set_key(Some(key(sk))).send().await.unwrap().item.is_some()
}

fn transaction(
    client: &Client,
    sks: [&str; 2],
) -> aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder {
    let puts = sks.map(|sk| {
        let put = Put::builder().table_name(TABLE).set_item(Some(item(sk)));
        let put = put.condition_expression("attribute_not_exists(pk)").build().unwrap();
        TransactWriteItem::builder().put(put).build()
    });
    client.transact_write_items().set_transact_items(Some(puts.into()))
}

#[tokio::test]
async fn a_conflict_cancels_with_reasons_and_writes_nothing() {
    let faults = Faults::none();
    let (_store, client) = stand(&faults).await;
    faults.next_attempt(Fault::Conflict, Operation::TransactWrite);
    let error = transaction(&client, ["1", "2"]).send().await.unwrap_err().into_service_error();
    let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
        cancelled,
    ) = error
    else {
        panic!("{error:?}")
    };
    let codes: Vec<_> = cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code()).collect();
    assert_eq!(codes, ["None", "TransactionConflict"]);
    assert!(!exists(&client, "1").await);
    transaction(&client, ["1", "2"]).send().await.unwrap();
    assert_eq!(faults.injected(Fault::Conflict), 1);
    assert!(faults.all_happened());

    faults.next_attempt(Fault::Conflict, Operation::Put);
    let put = client.put_item().table_name(TABLE).set_item(Some(item("3"))).send().await;
    assert!(put.unwrap_err().into_service_error().is_transaction_conflict_exception());
}

#[tokio::test]
async fn what_the_sdk_mends_is_not_seen_unless_every_attempt_fails() {
    let faults = Faults::none();
    let (_store, client) = stand(&faults).await;
    for fault in [Fault::Throttled, Fault::Refused, Fault::Unreachable] {
        faults.next_attempt(fault, Operation::Get);
        assert!(!exists(&client, "1").await);
        assert_eq!(faults.injected(fault), 1, "{fault:?}");
        faults.next_call(fault, Operation::Get);
        let get = client.get_item().table_name(TABLE).set_key(Some(key("1"))).send().await;
        assert!(get.is_err());
        assert_eq!(faults.injected(fault), 4, "{fault:?}: three attempts in all");
    }
}

#[tokio::test]
async fn a_lost_answer_has_been_written() {
    let faults = Faults::none();
    let (_store, client) = stand(&faults).await;
    faults.next_attempt(Fault::AnswerLost, Operation::TransactWrite);
    transaction(&client, ["1", "2"]).send().await.unwrap();
    assert_eq!(faults.injected(Fault::AnswerLost), 1, "the same token again answers the first result");
    faults.next_call(Fault::AnswerLost, Operation::TransactWrite);
    let lost = transaction(&client, ["3", "4"]).send().await.unwrap_err();
    assert!(matches!(lost, SdkError::DispatchFailure(_)), "{lost:?}");
    assert!(exists(&client, "3").await);
}

#[tokio::test]
async fn a_batch_is_done_by_half() {
    let faults = Faults::none();
    let (_store, client) = stand(&faults).await;
    faults.next_attempt(Fault::Partial, Operation::BatchWrite);
    let puts: Vec<_> = ["1", "2", "3"]
        .map(|sk| {
            let put = PutRequest::builder().set_item(Some(item(sk))).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        })
        .into();
    let written = client.batch_write_item().request_items(TABLE, puts).send().await.unwrap();
    let rest = written.unprocessed_items.unwrap().remove(TABLE).unwrap();
    assert_eq!(rest.len(), 1);
    assert!(exists(&client, "2").await && !exists(&client, "3").await);

    faults.next_attempt(Fault::Partial, Operation::BatchGet);
    let keys = KeysAndAttributes::builder().set_keys(Some(vec![key("1"), key("2")])).build().unwrap();
    let read = client.batch_get_item().request_items(TABLE, keys).send().await.unwrap();
    assert_eq!(read.responses.unwrap()[TABLE].len(), 1);
    assert_eq!(read.unprocessed_keys.unwrap()[TABLE].keys().len(), 1);
}

#[tokio::test]
async fn the_nth_attempt_is_the_one_that_fails() {
    let faults = Faults::none();
    let (_store, client) = stand(&faults).await;
    faults.nth_attempt(2, Fault::Conflict, Operation::Put);
    let put = async |sk| client.put_item().table_name(TABLE).set_item(Some(item(sk))).send().await.is_ok();
    assert_eq!([put("1").await, put("2").await, put("3").await], [true, false, true]);
}

#[tokio::test]
async fn indexes_lag_until_settled_and_the_table_does_not() {
    let store = Arc::new(Store::memory().unwrap());
    let twin = Arc::new(Store::memory().unwrap());
    for (store, stream) in [(&store, true), (&twin, false)] {
        table::create(&client(store, &Faults::none()), TABLE, stream).await.unwrap();
    }
    let replica = Replica::new(TABLE, Arc::clone(&store), twin);
    let faults = Faults::none().with_late_indexes(replica);
    let client = client(&store, &faults);
    let listed = async || {
        let query = client.query().table_name(TABLE).index_name("list").limit(10);
        let query = query.key_condition_expression("list_pk = :l");
        let query = query.expression_attribute_values(":l", AttributeValue::S("l".to_owned()));
        query.send().await.unwrap().count
    };
    let put = async |sk| client.put_item().table_name(TABLE).set_item(Some(item(sk))).send().await.unwrap();
    put("1").await;
    assert!(exists(&client, "1").await);
    assert_eq!(listed().await, 0);
    faults.settle().unwrap();
    assert_eq!(listed().await, 1);
    put("2").await;
    client.delete_item().table_name(TABLE).set_key(Some(key("1"))).send().await.unwrap();
    assert_eq!(listed().await, 1);
    put("3").await;
    faults.settle().unwrap();
    faults.settle().unwrap();
    assert_eq!(listed().await, 2);
}

#[tokio::test]
async fn the_suites_faults_are_many_and_never_for_good() {
    let faults = Faults::suite(7);
    let (_store, client) = stand(&faults).await;
    for number in 0..300 {
        let put = client.put_item().table_name(TABLE).set_item(Some(item(&number.to_string())));
        if let Err(error) = put.send().await {
            assert!(error.into_service_error().is_transaction_conflict_exception());
        }
    }
    for fault in [Fault::Conflict, Fault::Throttled, Fault::Refused, Fault::AnswerLost] {
        assert!(faults.injected(fault) > 0, "{fault:?}");
    }
}
