//! One change of the business, as one `TransactWriteItems`.
//!
//! A transaction is built from steps that each state their condition. Committing it ends in one of
//! three ways: it is done; it was refused, and the refusal says which step's condition failed and
//! what stood there instead; or the store could not answer, and then nothing is known to be lost.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnConsumedCapacity,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use jiff::Timestamp;

use super::keys::{Index, Key};
use super::{Item, Table, unavailable_or_refused};
use crate::{Error, Result};

/// The most steps of one transaction: DynamoDB's limit.
pub const MAX_STEPS: usize = 100;

/// How often a write that met another one is tried again, with jitter, before the caller is
/// told that the store is busy.
pub(super) const ATTEMPTS: u32 = 8;

/// A step of a transaction, to find out which one was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step(usize);

/// Writes that happen together or not at all.
#[derive(Debug, Default)]
pub struct Transaction {
    steps: Vec<TransactWriteItem>,
}

/// Why a transaction was not made: the steps whose condition failed, with what stood there.
#[derive(Debug)]
pub struct Refusal(HashMap<usize, Option<Item>>);

impl Refusal {
    /// Whether the condition of `step` failed.
    pub fn failed(&self, step: Step) -> bool {
        self.0.contains_key(&step.0)
    }

    /// What stood where `step` would have written, if its condition failed and something did.
    pub(crate) fn standing(&self, step: Step) -> Option<&Item> {
        self.0.get(&step.0).and_then(Option::as_ref)
    }
}

impl Transaction {
    /// A transaction without steps.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many steps it has.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether it has no steps.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Adds the steps of `other`, which have no name here.
    pub(crate) fn append(&mut self, other: Self) {
        self.steps.extend(other.steps);
    }

    /// Writes `item` where nothing may stand.
    pub(crate) fn create(&mut self, item: Item) -> Step {
        self.put(item, Some("attribute_not_exists(pk)"), None)
    }

    /// Writes `item` over its version `expected`.
    pub(crate) fn replace(&mut self, item: Item, expected: u64) -> Step {
        self.put(item, Some(VERSION_IS), Some(version_value(expected)))
    }

    /// Writes `item` where nothing stands, or only what expired before `now`.
    pub(crate) fn create_or_expired(&mut self, item: Item, now: Timestamp) -> Step {
        let now = AttributeValue::S(now.to_string());
        let values = [(":now".to_owned(), now)].into();
        self.put(item, Some("attribute_not_exists(pk) OR expires_at <= :now"), Some(values))
    }

    /// Writes `item` where nothing stands, or what has the same text in its `attribute`.
    pub(crate) fn create_or_own(&mut self, item: Item, attribute: &str, text: &str) -> Step {
        let values = [(":own".to_owned(), AttributeValue::S(text.to_owned()))].into();
        self.put(item, Some(&format!("attribute_not_exists(pk) OR {attribute} = :own")), Some(values))
    }

    /// Puts `next` in the place of the item at `key`, or nothing, if its `attribute` still is
    /// `value`.
    pub(crate) fn settle(&mut self, key: Key, attribute: &str, value: &str, next: Option<Item>) -> Step {
        let condition = "#attribute = :value";
        let names = [("#attribute".to_owned(), attribute.to_owned())].into();
        let values = [(":value".to_owned(), AttributeValue::S(value.to_owned()))].into();
        let step = TransactWriteItem::builder();
        let step = match next {
            Some(next) => step.put(
                Put::builder()
                    .table_name("")
                    .set_item(Some(next))
                    .condition_expression(condition)
                    .set_expression_attribute_names(Some(names))
                    .set_expression_attribute_values(Some(values))
                    .build()
                    .expect("a put names its item"),
            ),
            None => step.delete(
                Delete::builder()
                    .table_name("")
                    .set_key(Some(key_item(&key)))
                    .condition_expression(condition)
                    .set_expression_attribute_names(Some(names))
                    .set_expression_attribute_values(Some(values))
                    .build()
                    .expect("a delete names its key"),
            ),
        };
        self.push(step.build())
    }

    /// Takes the item at `key` out of `index`, if its place there still is `sort`.
    pub(crate) fn unfile(&mut self, key: &Key, index: Index, sort: &str) -> Step {
        let attributes = [index.pk(), index.sk(), index.projected()];
        let step = Update::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .update_expression(format!("REMOVE {}", attributes.join(", ")))
            .condition_expression(format!("{} = :sort", index.sk()))
            .expression_attribute_values(":sort", AttributeValue::S(sort.to_owned()))
            .build()
            .expect("an update names its key");
        self.push(TransactWriteItem::builder().update(step).build())
    }

    /// Writes `item` whatever stands there. Only for what derives from a record that another step
    /// of this transaction guards.
    pub(crate) fn derive(&mut self, item: Item) {
        self.put(item, None, None);
    }

    /// Deletes what is at `key`, if anything. Only for what derives from a record that another step
    /// of this transaction guards.
    pub(crate) fn remove(&mut self, key: Key) {
        let delete = Delete::builder().table_name("").set_key(Some(key_item(&key))).build();
        self.push(TransactWriteItem::builder().delete(delete.expect("a delete names its table and key")).build());
    }

    /// Deletes what is at `key`, which must be of the instant `at`, or gone already.
    pub(crate) fn remove_of(&mut self, key: &Key, at: Timestamp) -> Step {
        let delete = Delete::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .condition_expression("attribute_not_exists(pk) OR #at = :at")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":at", AttributeValue::S(at.to_string()))
            .build();
        self.push(TransactWriteItem::builder().delete(delete.expect("a delete names its table and key")).build())
    }

    /// Deletes what is at `key`, if it is of version `expected`.
    pub(crate) fn remove_version(&mut self, key: Key, expected: u64) -> Step {
        let delete = Delete::builder()
            .table_name("")
            .set_key(Some(key_item(&key)))
            .condition_expression(VERSION_IS)
            .set_expression_attribute_values(Some(version_value(expected)))
            .build();
        self.push(TransactWriteItem::builder().delete(delete.expect("a delete names its key")).build())
    }

    /// Deletes what is at `key`, which must be there.
    pub(crate) fn remove_standing(&mut self, key: Key) -> Step {
        let delete = Delete::builder()
            .table_name("")
            .set_key(Some(key_item(&key)))
            .condition_expression("attribute_exists(pk)")
            .build();
        self.push(TransactWriteItem::builder().delete(delete.expect("a delete names its key")).build())
    }

    /// Requires that what is at `key` is of version `expected`.
    pub(crate) fn require_version(&mut self, key: &Key, expected: u64) -> Step {
        let check = ConditionCheck::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .condition_expression(VERSION_IS)
            .set_expression_attribute_values(Some(version_value(expected)))
            .build();
        self.push(TransactWriteItem::builder().condition_check(check.expect("a check names its key")).build())
    }

    /// Requires that something is at `key`.
    pub(crate) fn require(&mut self, key: &Key) -> Step {
        let check = ConditionCheck::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .condition_expression("attribute_exists(pk)")
            .build();
        self.push(TransactWriteItem::builder().condition_check(check.expect("a check names its key")).build())
    }

    /// Requires that nothing is at `key`.
    pub(crate) fn require_absent(&mut self, key: &Key) -> Step {
        let check = ConditionCheck::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(TransactWriteItem::builder().condition_check(check.expect("a check names its key")).build())
    }

    /// Counts `more` at `key`, which may come to `most` altogether, until `expires_at`.
    pub(crate) fn count(&mut self, key: &Key, more: u32, most: u32, expires_at: Timestamp) -> Step {
        let update = Update::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .update_expression("SET #ttl = :ttl, #t = :t ADD #count :more")
            .condition_expression("attribute_not_exists(#count) OR #count <= :before")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_names("#t", "t")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":ttl", AttributeValue::N(expires_at.as_second().to_string()))
            .expression_attribute_values(":t", AttributeValue::S("count".to_owned()))
            .expression_attribute_values(":more", AttributeValue::N(more.to_string()))
            .expression_attribute_values(":before", AttributeValue::N(most.saturating_sub(more).to_string()))
            .build();
        self.push(TransactWriteItem::builder().update(update.expect("an update names its key")).build())
    }

    /// Adds one to `attribute` of what is at `key`, which is of type `kind`, until `expires_at`, whatever
    /// stands there. Only for what derives from a record that another step of this transaction guards.
    pub(crate) fn add_until(&mut self, key: &Key, kind: &str, attribute: &str, expires_at: Timestamp) {
        let update = Update::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .update_expression("SET #ttl = :ttl, #t = :t ADD #counted :one")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_names("#t", "t")
            .expression_attribute_names("#counted", attribute)
            .expression_attribute_values(":ttl", AttributeValue::N(expires_at.as_second().to_string()))
            .expression_attribute_values(":t", AttributeValue::S(kind.to_owned()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .build();
        self.push(TransactWriteItem::builder().update(update.expect("an update names its key")).build());
    }

    /// Adds `by` to how many there are of what `key` stands for, which is called `name` from now on where
    /// that is said, whatever stands there. Only for what derives from a record that another step of this
    /// transaction guards.
    pub(crate) fn tally(&mut self, key: &Key, by: i64, name: Option<&str>) {
        let mut update = Update::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .expression_attribute_names("#t", "t")
            .expression_attribute_names("#tally", "tally")
            .expression_attribute_values(":t", AttributeValue::S("tally".to_owned()))
            .expression_attribute_values(":by", AttributeValue::N(by.to_string()));
        update = match name {
            None => update.update_expression("SET #t = :t ADD #tally :by"),
            Some(name) => update
                .update_expression("SET #t = :t, #name = :name ADD #tally :by")
                .expression_attribute_names("#name", "name")
                .expression_attribute_values(":name", AttributeValue::S(name.to_owned())),
        };
        self.push(TransactWriteItem::builder().update(update.build().expect("an update names its key")).build());
    }

    /// Adds `by` to `attribute` of the item at `key`, which must be there, and hold at least `least`
    /// where that is said.
    pub(crate) fn add_to_counted(&mut self, key: &Key, attribute: &str, by: i64, least: Option<i64>) -> Step {
        let condition = match least {
            Some(_) => "#counted >= :least",
            None => "attribute_exists(#counted)",
        };
        let mut update = Update::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .update_expression("ADD #counted :by")
            .condition_expression(condition)
            .expression_attribute_names("#counted", attribute)
            .expression_attribute_values(":by", AttributeValue::N(by.to_string()));
        if let Some(least) = least {
            update = update.expression_attribute_values(":least", AttributeValue::N(least.to_string()));
        }
        self.push(TransactWriteItem::builder().update(update.build().expect("an update names its key")).build())
    }

    /// Notes on the record at `key`, which must be there, that the customer was heard of, without
    /// reading it first: many may do so at once and none has to be done again.
    pub(crate) fn touch(&mut self, key: &Key, now: Timestamp) -> Step {
        let update = Update::builder()
            .table_name("")
            .set_key(Some(key_item(key)))
            .update_expression("SET last_contact_at = :now, updated_at = :now ADD version :one")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":now", AttributeValue::S(now.to_string()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .build();
        self.push(TransactWriteItem::builder().update(update.expect("an update names its key")).build())
    }

    fn put(&mut self, item: Item, condition: Option<&str>, values: Option<Item>) -> Step {
        let put = Put::builder()
            .table_name("")
            .set_item(Some(item))
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(TransactWriteItem::builder().put(put.expect("a put names its item")).build())
    }

    fn push(&mut self, step: TransactWriteItem) -> Step {
        self.steps.push(step);
        Step(self.steps.len() - 1)
    }

    /// The steps, against the table `name`.
    fn against(self, name: &str) -> Vec<TransactWriteItem> {
        let mut steps = self.steps;
        for step in &mut steps {
            if let Some(put) = &mut step.put {
                name.clone_into(&mut put.table_name);
            }
            if let Some(delete) = &mut step.delete {
                name.clone_into(&mut delete.table_name);
            }
            if let Some(update) = &mut step.update {
                name.clone_into(&mut update.table_name);
            }
            if let Some(check) = &mut step.condition_check {
                name.clone_into(&mut check.table_name);
            }
        }
        steps
    }
}

/// The condition of a change: the record still has the version it was read with.
pub(super) const VERSION_IS: &str = "version = :expected";

/// The value [`VERSION_IS`] compares with.
pub(super) fn version_value(expected: u64) -> HashMap<String, AttributeValue> {
    [(":expected".to_owned(), AttributeValue::N(expected.to_string()))].into()
}

/// A key as the SDK takes it.
pub(super) fn key_item(key: &Key) -> Item {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    [("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))].into()
}

impl Table {
    /// Makes all of `transaction`, or nothing.
    ///
    /// Another transaction on the same items, and throttling, are tried again with jitter. Each
    /// attempt has a fresh request token; the SDK repeats it on its own retries, so that an answer
    /// lost on the way can't make a change twice.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the store did not answer or stayed busy: the change may or may
    /// not have been made.
    pub async fn commit(&self, transaction: Transaction) -> Result<Result<(), Refusal>> {
        if transaction.len() > MAX_STEPS {
            return Err(Error::Impossible("a transaction of more than 100 steps: some list is not bounded"));
        }
        let steps = transaction.against(&self.name);
        let mut token = self.request_token();
        for attempt in 1.. {
            let sent = self
                .client
                .transact_write_items()
                .set_transact_items(Some(steps.clone()))
                .client_request_token(&token)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await;
            let error = match sent {
                Ok(output) => {
                    output.consumed_capacity().iter().for_each(|capacity| self.meter.write(Some(capacity)));
                    return Ok(Ok(()));
                }
                Err(error) => error,
            };
            match outcome(&error) {
                Outcome::Refused(refusal) => return Ok(Err(refusal)),
                Outcome::Busy if attempt < ATTEMPTS => {
                    self.pause(attempt).await;
                    token = self.request_token();
                }
                // Our own earlier call is still at work: under another token it would meet itself.
                Outcome::InProgress if attempt < ATTEMPTS => self.pause(attempt).await,
                Outcome::Busy | Outcome::InProgress => return Err(Error::Unavailable(error.into())),
                Outcome::Unexpected => return Err(unavailable_or_refused(error)),
            }
        }
        unreachable!("the loop ends by returning")
    }

    fn request_token(&self) -> String {
        let mut token = [0; 16];
        self.entropy.fill(&mut token);
        data_encoding::HEXLOWER.encode(&token)
    }

    /// Waits before attempt `attempt + 1`: full jitter under an exponential bound, at most 0.8 s.
    pub(super) async fn pause(&self, attempt: u32) {
        let bound = 20 << attempt.min(5);
        tokio::time::sleep(Duration::from_millis(5 + self.entropy.below(bound))).await;
    }
}

enum Outcome {
    Refused(Refusal),
    Busy,
    InProgress,
    Unexpected,
}

fn outcome(error: &SdkError<TransactWriteItemsError>) -> Outcome {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            cancelled_outcome(cancelled.cancellation_reasons())
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => Outcome::InProgress,
        Some(other) if other.code() == Some("TransactionConflictException") => Outcome::Busy,
        Some(_) | None => Outcome::Unexpected,
    }
}

/// A failed condition is final whatever else happened; a conflict or throttling alone is not.
fn cancelled_outcome(reasons: &[CancellationReason]) -> Outcome {
    let mut failed = HashMap::new();
    let mut busy = false;
    for (step, reason) in reasons.iter().enumerate() {
        match reason.code() {
            None | Some("None") => {}
            Some("ConditionalCheckFailed") => {
                failed.insert(step, reason.item.clone());
            }
            Some("TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded") => busy = true,
            Some(_) => return Outcome::Unexpected,
        }
    }
    match (failed.is_empty(), busy) {
        (false, _) => Outcome::Refused(Refusal(failed)),
        (true, true) => Outcome::Busy,
        (true, false) => Outcome::Unexpected,
    }
}
