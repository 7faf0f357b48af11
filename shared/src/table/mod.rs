//! The one DynamoDB table.
//!
//! [`keys`] says how items are filed and which questions that answers; each question is one named
//! method of [`Table`], in the file of what it asks about. Changes are [`Transaction`]s: methods
//! that add to one say which steps they take; [`Table::commit`] makes them. Raw SDK calls exist in
//! this file, in `transaction.rs`, and where things are counted: `limits.rs` and `reputation.rs`.

#![expect(clippy::disallowed_methods, reason = "this is the one module with raw calls")]

mod addresses;
mod audit;
mod belongings;
mod consent_requests;
mod consents;
mod customers;
mod due_dates;
mod exports;
mod facets;
mod forms;
mod idempotency;
mod images;
mod interactions;
mod item;
mod jobs;
pub mod keys;
mod labels;
mod limits;
mod mail_templates;
mod merges;
mod messages;
mod meter;
mod notes;
mod order_drafts;
mod order_links;
mod orders;
mod preferences;
mod products;
mod reputation;
mod search;
mod shops;
mod submissions;
mod timeline;
mod transaction;
mod upcoming;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::builders::KeysAndAttributesBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use addresses::AddressHolders;
pub use belongings::Data;
pub(crate) use belongings::{Belonging, Belongings};
pub use consents::{Statement, StatementSteps};
pub use customers::{AddressClaim, Card, CustomerSteps, CustomerWrites, Hit};
pub use exports::Kept;
pub use facets::{Chosen, Count, Listed, MAX_COUNTED, MAX_FACETS, Stretch};
pub use forms::{FormCount, FormSteps};
pub use idempotency::RequestStep;
pub use item::Unread;
pub(crate) use item::{Item, from_item};
use item::{expire, file_in, to_item};
pub use keys::SHARDS;
use keys::{Index, Key};
pub use labels::GroupSteps;
pub use limits::{Bucket, MAILS_A_DAY, STAFF_MAILS_A_DAY};
pub(crate) use merges::Before;
pub use messages::{HandingOver, MessageSteps};
pub use meter::{Meter, Units};
pub use notes::NoteSteps;
pub use order_drafts::{DraftStep, PlacedDraft};
pub use orders::{CardLine, MAX_SIFTED, OrderCard, WantedOrders};
pub use preferences::{Forgotten, PreferencesLink};
pub use products::{Directory, Offered, Reading};
pub use reputation::Standing;
pub use search::{MAX_EXAMINED, Scope, SearchHit, SearchPage, SearchPosition, Sought};
pub use submissions::{Sent, SubmissionCard};
pub use timeline::{Happening, TimelinePosition};
use transaction::{ATTEMPTS, VERSION_IS, key_item, version_value};
pub use transaction::{MAX_STEPS, Refusal, Step, Transaction};
pub use upcoming::{Span, Upcoming, UpcomingPosition};

use crate::entropy::Entropy;
use crate::{Error, Result};

/// The table, and what it needs to be asked.
#[derive(Debug, Clone)]
pub struct Table {
    client: Client,
    name: Arc<str>,
    entropy: Entropy,
    meter: Meter,
}

/// A page of a list, and where the next one begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T, P = Position> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins; `None` on the last.
    pub next: Option<P>,
}

/// A place in a list: the key attributes of the last item seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(std::collections::BTreeMap<String, String>);

/// Which items of a partition to read.
#[derive(Debug, Clone)]
pub(crate) struct Select {
    index: Option<Index>,
    pk: String,
    range: Range,
    backwards: bool,
    consistent: bool,
    limit: u32,
    after: Option<Position>,
}

/// Which sort keys of a partition.
#[derive(Debug, Clone)]
pub(crate) enum Range {
    /// All of them.
    All,
    /// Those that begin like this.
    BeginsWith(String),
    /// Those from the first to the second, both included.
    Between(String, String),
}

impl Select {
    /// Items of the table itself, read consistently.
    pub(crate) fn table(pk: String, range: Range, limit: u32) -> Self {
        Self { index: None, pk, range, backwards: false, consistent: true, limit, after: None }
    }

    /// Items of an index, which may be some seconds late.
    pub(crate) fn index(index: Index, pk: String, range: Range, limit: u32) -> Self {
        Self { index: Some(index), pk, range, backwards: false, consistent: false, limit, after: None }
    }

    /// From the last to the first.
    pub(crate) fn backwards(mut self) -> Self {
        self.backwards = true;
        self
    }

    /// At half the price, and perhaps not the newest.
    pub(crate) fn eventually(mut self) -> Self {
        self.consistent = false;
        self
    }

    /// From behind `position` on.
    pub(crate) fn after(mut self, position: Option<Position>) -> Self {
        self.after = position;
        self
    }
}

impl Table {
    /// The table `name`, asked through `client`.
    pub fn new(client: Client, name: &str, entropy: Entropy) -> Self {
        Self { client, name: name.into(), entropy, meter: Meter::default() }
    }

    /// Counts what this table and its clones spend.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Opens a connection by reading what nobody has: at a start, where processor time costs nothing,
    /// and not in the first request. Half a read unit.
    pub async fn connect(&self) -> Result<()> {
        self.get_eventually::<serde::de::IgnoredAny>(&keys::nothing()).await.map(drop)
    }

    /// The item at `key`, read consistently.
    pub(crate) async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>> {
        self.read(key, true).await
    }

    /// The item at `key`, at half the price, and perhaps not the newest.
    pub(crate) async fn get_eventually<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>> {
        self.read(key, false).await
    }

    async fn read<T: DeserializeOwned>(&self, key: &Key, consistent: bool) -> Result<Option<T>> {
        let output = self
            .client
            .get_item()
            .table_name(&*self.name)
            .set_key(Some(key_item(key)))
            .consistent_read(consistent)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(unavailable_or_refused)?;
        self.meter.read(output.consumed_capacity());
        output.item.map(from_item).transpose()
    }

    /// The items at `keys`, in any order, at half the price, and perhaps not the newest; at most 100.
    pub(crate) async fn get_many<T: DeserializeOwned>(&self, keys: &[Key]) -> Result<Vec<T>> {
        self.read_many(keys, false, None).await
    }

    /// As [`Table::get_many`], of each item only these attributes. It costs as much as all of it, but for
    /// the time.
    pub(crate) async fn get_parts_of_many<T: DeserializeOwned>(&self, keys: &[Key], parts: &[&str]) -> Result<Vec<T>> {
        self.read_many(keys, false, Some(parts)).await
    }

    /// The items at `keys`, in any order, read consistently; at most 100.
    pub(crate) async fn get_many_now<T: DeserializeOwned>(&self, keys: &[Key]) -> Result<Vec<T>> {
        self.read_many(keys, true, None).await
    }

    async fn read_many<T: DeserializeOwned>(
        &self,
        keys: &[Key],
        consistent: bool,
        parts: Option<&[&str]>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::with_capacity(keys.len());
        let mut wanted: Vec<Item> = keys.iter().map(key_item).collect();
        for attempt in 1.. {
            if wanted.is_empty() {
                break;
            }
            if attempt > 8 {
                return Err(Error::Contended);
            }
            let asked = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(consistent);
            let asked = projected(asked, parts).build().expect("the keys are set");
            let output = self
                .client
                .batch_get_item()
                .request_items(&*self.name, asked)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(unavailable_or_refused)?;
            output.consumed_capacity().iter().for_each(|capacity| self.meter.read(Some(capacity)));
            for item in output.responses.and_then(|mut tables| tables.remove(&*self.name)).unwrap_or_default() {
                found.push(from_item(item)?);
            }
            let unprocessed = output.unprocessed_keys.and_then(|mut tables| tables.remove(&*self.name));
            wanted = unprocessed.map(|left| left.keys).unwrap_or_default();
            if !wanted.is_empty() {
                self.pause(attempt).await;
            }
        }
        Ok(found)
    }

    /// One page of `select`. Shorter than its limit only at the end.
    pub(crate) async fn query<T: DeserializeOwned>(&self, select: Select) -> Result<Page<T>> {
        let page = self.query_items(select).await?;
        let items = page.items.into_iter().map(from_item).collect::<Result<_>>()?;
        Ok(Page { items, next: page.next })
    }

    /// As [`Table::query`], the items as they stand.
    pub(crate) async fn query_items(&self, select: Select) -> Result<Page<Item>> {
        let (pk, sk) = select.index.map_or(("pk", "sk"), |index| (index.pk(), index.sk()));
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut request = self
            .client
            .query()
            .table_name(&*self.name)
            .set_index_name(select.index.map(|index| index.name().to_owned()))
            .expression_attribute_names("#pk", pk)
            .expression_attribute_values(":pk", text(&select.pk))
            .scan_index_forward(!select.backwards)
            .set_consistent_read(select.consistent.then_some(true))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        request = match &select.range {
            Range::All => request.key_condition_expression("#pk = :pk"),
            Range::BeginsWith(beginning) => request
                .key_condition_expression("#pk = :pk AND begins_with(#sk, :beginning)")
                .expression_attribute_names("#sk", sk)
                .expression_attribute_values(":beginning", text(beginning)),
            Range::Between(from, to) => request
                .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
                .expression_attribute_names("#sk", sk)
                .expression_attribute_values(":from", text(from))
                .expression_attribute_values(":to", text(to)),
        };
        let mut items = Vec::new();
        let mut after = select.after.map(Position::into_item);
        let mut left = select.limit;
        // A page of the store ends at 1 MB; ours ends at its limit.
        loop {
            let asked = request.clone().limit(i32::try_from(left).unwrap_or(i32::MAX));
            let output = asked.set_exclusive_start_key(after).send().await.map_err(unavailable_or_refused)?;
            self.meter.read(output.consumed_capacity());
            let found = output.items.unwrap_or_default();
            left = left.saturating_sub(u32::try_from(found.len()).unwrap_or(left));
            items.extend(found);
            after = output.last_evaluated_key;
            if left == 0 || after.is_none() {
                return Ok(Page { items, next: after.map(Position::from_item) });
            }
        }
    }

    /// Writes `item` where nothing may stand; `false` if something does that is not this very item.
    pub(crate) async fn create_one(&self, item: Item) -> Result<bool> {
        self.put_one(item, "attribute_not_exists(pk)", None).await
    }

    /// Writes `item` over its version `expected`; `false` if that is no longer what stands there.
    pub(crate) async fn replace_one(&self, item: Item, expected: u64) -> Result<bool> {
        self.put_one(item, VERSION_IS, Some(expected)).await
    }

    /// As [`Table::commit`] does, waits for its turn where a transaction has hold of the item.
    async fn put_one(&self, item: Item, condition: &str, expected: Option<u64>) -> Result<bool> {
        for attempt in 1.. {
            let sent = self
                .client
                .put_item()
                .table_name(&*self.name)
                .set_item(Some(item.clone()))
                .condition_expression(condition)
                .set_expression_attribute_values(expected.map(version_value))
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await;
            let error = match sent {
                Ok(output) => {
                    self.meter.write(output.consumed_capacity());
                    return Ok(true);
                }
                Err(error) => error,
            };
            match error.as_service_error() {
                // An answer lost on the way makes the SDK's retry meet our own write.
                Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                    return Ok(failed.item() == Some(&item));
                }
                Some(PutItemError::TransactionConflictException(_)) if attempt < ATTEMPTS => self.pause(attempt).await,
                Some(_) | None => return Err(unavailable_or_refused(error)),
            }
        }
        unreachable!("the loop ends by returning")
    }
}

impl Position {
    fn into_item(self) -> Item {
        self.0.into_iter().map(|(name, value)| (name, AttributeValue::S(value))).collect()
    }

    fn from_item(item: Item) -> Self {
        let text = |(name, value): (String, AttributeValue)| match value {
            AttributeValue::S(text) => Some((name, text)),
            _ => None,
        };
        Self(item.into_iter().filter_map(text).collect())
    }

    /// The position of the item at `key`, in `index`, where it is filed under `pk` and `sk`.
    fn in_index(key: Key, index: Index, pk: String, sk: String) -> Self {
        let Self(mut attributes) = Self::of_key(key);
        attributes.extend([(index.pk().to_owned(), pk), (index.sk().to_owned(), sk)]);
        Self(attributes)
    }

    /// The position of the item at `key`, in the table itself.
    fn of_key(key: Key) -> Self {
        Self([("pk".to_owned(), key.pk), ("sk".to_owned(), key.sk)].into())
    }
}

/// Asks for `parts` only, by placeholders: many names are words of the store's language.
fn projected(asked: KeysAndAttributesBuilder, parts: Option<&[&str]>) -> KeysAndAttributesBuilder {
    let Some(parts) = parts else { return asked };
    let placeholders = (0..parts.len()).map(|part| format!("#{part}"));
    let expression = placeholders.clone().collect::<Vec<_>>().join(",");
    let names = placeholders.zip(parts.iter().map(|part| (*part).to_owned())).collect();
    asked.projection_expression(expression).set_expression_attribute_names(Some(names))
}

/// What did not reach the store, or was put off by it, may be asked again; what it refused is a
/// mistake of ours.
fn unavailable_or_refused<E>(error: SdkError<E>) -> Error
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let put_off = match &error {
        SdkError::ServiceError(service) => {
            let code = service.err().code();
            service.raw().status().is_server_error()
                || matches!(
                    code,
                    Some(
                        "ThrottlingException"
                            | "ProvisionedThroughputExceededException"
                            | "RequestLimitExceeded"
                            | "TransactionConflictException"
                            | "LimitExceededException"
                    )
                )
        }
        SdkError::ConstructionFailure(_) => false,
        _ => true,
    };
    if put_off { Error::Unavailable(error.into()) } else { Error::Refused(error.into()) }
}
