//! What was given up, as Lambda leaves it in the bucket of what failed: with all that was in it, so
//! that somebody can look and have it delivered once more.

use std::io::Write;
use std::sync::PoisonError;

use aws_sdk_dynamodbstreams::types::Record;
use jiff::Timestamp;
use serde_json::json;

use super::{Consumer, Pump, RETRIES, StreamError, records, sequence};

impl Pump {
    /// Puts aside what fails every time, so that what follows is delivered.
    pub(super) fn park(&self, consumer: &Consumer, batch: &[&Record]) -> Result<(), StreamError> {
        let function = consumer.function.name();
        tracing::error!(consumer = function, "a record of the stream was given up");
        let letter = json!({
            "function": function,
            "timestamp": Timestamp::now(),
            "requestContext": { "condition": "RetryAttemptsExhausted", "approximateInvokeCount": RETRIES + 1 },
            "DDBStreamBatchInfo": {
                "batchSize": batch.len(),
                "startSequenceNumber": batch.first().and_then(|record| sequence(record)),
                "endSequenceNumber": batch.last().and_then(|record| sequence(record)),
            },
            "payload": records::event(&self.table, batch),
        });
        if let Some(file) = &self.files.dead_letters {
            let mut file = std::fs::File::options().create(true).append(true).open(file)?;
            writeln!(file, "{letter}")?;
        }
        self.dead_letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        match batch.last().and_then(|record| sequence(record)) {
            Some(last) => self.checkpoint(consumer, last),
            None => Ok(()),
        }
    }
}
