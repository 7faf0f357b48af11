//! Events that are no HTTP requests: table streams and schedules.

use aws_lambda_events::dynamodb::{Event as StreamEvent, EventRecord};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::table::from_item;
use crate::telemetry::chain;

/// A planned run: what the scheduler's target sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledRun {
    /// Which run.
    pub run: String,
    /// When it was planned for.
    pub scheduled_time: Timestamp,
}

/// What became of a batch of stream records: those from the first failed one on come again.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// The records that failed, by sequence number.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// One failed record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Its sequence number.
    pub item_identifier: String,
}

/// Handles the new images of a batch one after the other. One that fails does not keep the others
/// from being handled; all that failed are reported.
pub async fn each_new_image<T, F>(event: StreamEvent, handle: impl Fn(T) -> F) -> BatchAnswer
where
    T: DeserializeOwned,
    F: Future<Output = Result<()>>,
{
    let mut answer = BatchAnswer::default();
    for record in event.records {
        let sequence_number = record.change.sequence_number.clone().unwrap_or_default();
        let handled = match new_image(record) {
            Ok(image) => handle(image).await,
            Err(error) => Err(error),
        };
        if let Err(error) = handled {
            tracing::error!(sequence_number, cause = chain(&error), "stream record failed");
            answer.batch_item_failures.push(BatchItemFailure { item_identifier: sequence_number });
        }
    }
    answer
}

fn new_image<T: DeserializeOwned>(record: EventRecord) -> Result<T> {
    from_item(record.change.new_image.into())
}
