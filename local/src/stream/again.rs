//! What a stream may do and the embedded one never does: deliver what it has delivered.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use aws_sdk_dynamodbstreams::types::Record;

use super::{Consumer, Pump, StreamError, StreamPump};

impl StreamPump {
    /// Delivers every batch twice from now on, the second time the last record first: the cloud does the
    /// one, and the other where a shard was split.
    pub fn deliver_twice(&self) {
        self.0.every_batch_twice.store(true, Ordering::Relaxed);
    }

    /// Delivers once more what stands in the stream after `checkpoint`; all of it, if that is nothing.
    ///
    /// # Errors
    /// When the checkpoint can't be kept.
    pub fn go_back_to(&self, checkpoint: Option<&str>) -> Result<(), StreamError> {
        self.0.checkpoints.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let Some(checkpoint) = checkpoint else { return Ok(()) };
        self.0.lanes.iter().try_for_each(|lane| self.0.checkpoint(&lane.consumer, checkpoint))
    }
}

impl Pump {
    /// What comes a second time is not tried again: it was dealt with.
    pub(super) async fn deliver_again(&self, consumer: &Consumer, batch: &[&Record]) {
        let reversed: Vec<&Record> = batch.iter().rev().copied().collect();
        self.invoke(consumer, &reversed).await;
    }
}
