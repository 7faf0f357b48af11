//! The stream pump plays Lambda's event source mappings: it reads the table's stream through the
//! SDK and hands what passes a consumer's filter to that consumer, in order, at least once.
//!
//! A checkpoint is written after each batch that was dealt with, so a killed process goes on where
//! it was. A batch that fails is tried again from its first failed record, with pauses, and what
//! fails every time is parked, as the dead-letter queue holds it in the cloud.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::error::DisplayErrorContext;
use aws_sdk_dynamodbstreams::types::{Record, ShardIteratorType};
use serde_json::Value;

use crate::function::Function;

mod again;
mod dead_letters;
mod records;

/// Tries of a batch after the first, as in `infra/template.yaml`.
const RETRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// One event source mapping: the inserts of some kinds of items, and some changes, for one function.
#[derive(Clone)]
pub struct Consumer {
    /// The function, whose name also names the checkpoint.
    pub function: Function,
    /// The values of the attribute `t` that its filter lets through.
    pub item_kinds: &'static [&'static str],
    /// Which changes it lets through beside: of `t`, to the `state`.
    pub changed: &'static [(&'static str, &'static str)],
    /// Records a batch holds at most.
    pub batch_size: usize,
}

/// Why the stream could not be read. What consumers do wrong is no error of the pump.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The store refused.
    #[error("the table's stream can't be read: {0}")]
    Read(String),
    /// The checkpoint or the dead letters could not be written.
    #[error("the stream's checkpoint can't be kept: {0}")]
    Keep(#[from] std::io::Error),
}

/// Where the pump keeps what must outlive it; nothing for a stack in memory.
#[derive(Debug, Clone, Default)]
pub struct PumpFiles {
    /// The last sequence number dealt with, by consumer.
    pub checkpoints: Option<PathBuf>,
    /// What was given up, one batch a line: its place in the stream, and what it holds.
    pub dead_letters: Option<PathBuf>,
}

/// The pump of one table. Clones are the same pump.
#[derive(Clone)]
pub struct StreamPump(Arc<Pump>);

struct Pump {
    client: Client,
    table: String,
    lanes: Vec<Lane>,
    files: PumpFiles,
    checkpoints: Mutex<BTreeMap<String, String>>,
    dead_letters: Mutex<Vec<Value>>,
    every_batch_twice: AtomicBool,
    /// The stream's ARN and its shard: the embedded store has one for ever.
    shard: tokio::sync::OnceCell<(String, String)>,
}

/// A consumer with the lock that keeps its batches in order.
struct Lane {
    consumer: Consumer,
    turn: tokio::sync::Mutex<()>,
}

impl StreamPump {
    /// A pump for `table`, going on from its checkpoints; from the beginning if it has none.
    ///
    /// # Errors
    /// When the checkpoints are there but can't be read.
    pub fn new(client: Client, table: &str, consumers: Vec<Consumer>, files: PumpFiles) -> Result<Self, StreamError> {
        let checkpoints = match &files.checkpoints {
            Some(file) if file.exists() => {
                serde_json::from_slice(&std::fs::read(file)?).map_err(std::io::Error::from)?
            }
            _ => BTreeMap::new(),
        };
        let lanes =
            consumers.into_iter().map(|consumer| Lane { consumer, turn: tokio::sync::Mutex::default() }).collect();
        Ok(Self(Arc::new(Pump {
            client,
            table: table.to_owned(),
            lanes,
            files,
            checkpoints: Mutex::new(checkpoints),
            dead_letters: Mutex::default(),
            every_batch_twice: AtomicBool::new(false),
            shard: tokio::sync::OnceCell::new(),
        })))
    }

    /// Delivers everything that is in the stream, and what the consumers add to it meanwhile.
    /// Answers how many records were delivered.
    ///
    /// # Errors
    /// When the stream can't be read or a checkpoint can't be kept.
    pub async fn drain(&self) -> Result<usize, StreamError> {
        let mut delivered = 0;
        loop {
            // Consumers run side by side, as in the cloud: an export holds up no mail.
            let rounds = futures::future::join_all(self.0.lanes.iter().map(|lane| self.0.deliver(lane))).await;
            let mut of_round = 0;
            for of_lane in rounds {
                of_round += of_lane?;
            }
            if of_round == 0 {
                return Ok(delivered);
            }
            delivered += of_round;
        }
    }

    /// Delivers what is in the stream for each consumer on its own, for ever: woken by `written`,
    /// and by itself every half second. Ends when dropped.
    pub async fn run(&self, written: &tokio::sync::Notify) {
        let lanes = self.0.lanes.iter().map(|lane| async {
            loop {
                let woken = written.notified();
                if let Err(error) = self.0.deliver(lane).await {
                    tracing::error!(%error, consumer = lane.consumer.function.name(), "the stream stands still");
                }
                let _ = tokio::time::timeout(Duration::from_millis(500), woken).await;
            }
        });
        futures::future::join_all(lanes).await;
    }

    /// The lowest checkpoint: what stands before it in the stream, nobody needs any more.
    pub fn delivered(&self) -> Option<String> {
        let checkpoints = self.0.checkpoints.lock().unwrap_or_else(PoisonError::into_inner);
        let of_lane = |lane: &Lane| checkpoints.get(lane.consumer.function.name()).cloned();
        self.0.lanes.iter().map(of_lane).collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// What was given up since the start.
    pub fn dead_letters(&self) -> Vec<Value> {
        self.0.dead_letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Pump {
    /// Hands all that is in the stream to one consumer.
    async fn deliver(&self, lane: &Lane) -> Result<usize, StreamError> {
        let _turn = lane.turn.lock().await;
        let consumer = &lane.consumer;
        let mut iterator = self.iterator(consumer.function.name()).await?;
        let mut delivered = 0;
        loop {
            let page = self.client.get_records().shard_iterator(iterator).limit(100).send().await;
            let page = page.map_err(unreadable)?;
            let records = page.records.unwrap_or_default();
            let Some(last) = records.last().and_then(sequence).map(str::to_owned) else {
                return Ok(delivered);
            };
            let is_wanted = |record: &&Record| records::is_wanted(record, consumer.item_kinds, consumer.changed);
            let wanted: Vec<&Record> = records.iter().filter(is_wanted).collect();
            for batch in wanted.chunks(consumer.batch_size) {
                self.deliver_batch(consumer, batch).await?;
                if self.every_batch_twice.load(Ordering::Relaxed) {
                    self.deliver_again(consumer, batch).await;
                }
                delivered += batch.len();
            }
            self.checkpoint(consumer, &last)?;
            match page.next_shard_iterator {
                Some(next) => iterator = next,
                None => return Ok(delivered),
            }
        }
    }

    async fn deliver_batch(&self, consumer: &Consumer, mut batch: &[&Record]) -> Result<(), StreamError> {
        let mut pause = FIRST_PAUSE;
        let mut tries_left = RETRIES;
        while !batch.is_empty() {
            let failed = self.invoke(consumer, batch).await;
            let Some(first_failed) = failed else { break };
            if first_failed > 0 {
                // Progress counts as a new batch, as it does in the cloud.
                batch = &batch[first_failed..];
                self.checkpoint_before(consumer, batch)?;
                tries_left = RETRIES;
            } else if tries_left == 0 {
                // One bad record must not take its neighbours with it.
                self.park(consumer, &batch[..1])?;
                batch = &batch[1..];
                tries_left = RETRIES;
                pause = FIRST_PAUSE;
                continue;
            } else {
                tries_left -= 1;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        if let Some(last) = batch.last().and_then(|record| sequence(record)) {
            self.checkpoint(consumer, last)?;
        }
        Ok(())
    }

    /// Invokes the consumer; the index of the first failed record, if any failed.
    async fn invoke(&self, consumer: &Consumer, batch: &[&Record]) -> Option<usize> {
        let event = records::event(&self.table, batch);
        let answer = match consumer.function.invoke(event).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::warn!(%error, consumer = consumer.function.name(), "a batch failed");
                return Some(0);
            }
        };
        let failures = answer["batchItemFailures"].as_array().map_or(&[][..], Vec::as_slice);
        let index_of = |failure: &Value| {
            let id = failure["itemIdentifier"].as_str();
            // An identifier that is none of the batch's fails the whole batch.
            batch.iter().position(|record| id.is_some() && sequence(record) == id).unwrap_or(0)
        };
        failures.iter().map(index_of).min()
    }

    async fn iterator(&self, function: &str) -> Result<String, StreamError> {
        let (arn, shard) = self.shard.get_or_try_init(|| self.find_shard()).await?;
        let request = self.client.get_shard_iterator().stream_arn(arn).shard_id(shard);
        let after = self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner).get(function).cloned();
        let request = match after {
            Some(after) => request.shard_iterator_type(ShardIteratorType::AfterSequenceNumber).sequence_number(after),
            None => request.shard_iterator_type(ShardIteratorType::TrimHorizon),
        };
        let answer = request.send().await.map_err(unreadable)?;
        answer.shard_iterator.ok_or_else(|| StreamError::Read("it has no beginning".to_owned()))
    }

    async fn find_shard(&self) -> Result<(String, String), StreamError> {
        let streams = self.client.list_streams().table_name(&self.table).send().await.map_err(unreadable)?;
        let arn = streams.streams().first().and_then(|stream| stream.stream_arn());
        let arn = arn.ok_or_else(|| StreamError::Read("the table has none".to_owned()))?.to_owned();
        let described = self.client.describe_stream().stream_arn(&arn).send().await.map_err(unreadable)?;
        let shards = described.stream_description.and_then(|stream| stream.shards).unwrap_or_default();
        let shard = shards.first().and_then(|shard| shard.shard_id()).unwrap_or_default().to_owned();
        Ok((arn, shard))
    }

    /// Notes that all before `batch` has been dealt with.
    fn checkpoint_before(&self, consumer: &Consumer, batch: &[&Record]) -> Result<(), StreamError> {
        let first = batch.first().and_then(|record| sequence(record)).and_then(|text| text.parse::<u128>().ok());
        first.map_or(Ok(()), |first| self.checkpoint(consumer, &(first - 1).to_string()))
    }

    fn checkpoint(&self, consumer: &Consumer, sequence: &str) -> Result<(), StreamError> {
        let mut checkpoints = self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner);
        checkpoints.insert(consumer.function.name().to_owned(), sequence.to_owned());
        if let Some(file) = &self.files.checkpoints {
            crate::data_folder::replace(file, &serde_json::to_vec(&*checkpoints).map_err(std::io::Error::from)?)?;
        }
        Ok(())
    }
}

fn unreadable(error: impl std::error::Error) -> StreamError {
    StreamError::Read(DisplayErrorContext(error).to_string())
}

fn sequence(record: &Record) -> Option<&str> {
    record.dynamodb.as_ref()?.sequence_number.as_deref()
}

#[cfg(test)]
mod tests;
