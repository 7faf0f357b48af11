//! A second store that index queries are answered from. It gets the first one's writes from its
//! stream, and only when told: that is what a late index looks like, without sleeping.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::get_records::{GetRecordsRequest, Record};
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::put_item::PutItemRequest;

use crate::store::Store;

/// The replica could not be brought up to date.
#[derive(Debug, thiserror::Error)]
#[error("the late indexes can't be settled: {0}")]
pub struct ReplicaError(String);

/// One table's late twin.
pub struct Replica {
    table: String,
    store: Arc<Store>,
    twin: Arc<Store>,
    /// Where the next unread stream record stands.
    iterator: Mutex<Option<String>>,
}

impl Replica {
    /// The twin in `twin` of `table` in `store`. Both must exist, the first with its stream.
    pub fn new(table: &str, store: Arc<Store>, twin: Arc<Store>) -> Self {
        Self { table: table.to_owned(), store, twin, iterator: Mutex::new(None) }
    }

    /// Applies every write that the first store has acknowledged.
    pub(super) fn settle(&self) -> Result<(), ReplicaError> {
        let mut iterator = self.iterator.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = match iterator.take() {
            Some(next) => next,
            None => self.first_iterator()?,
        };
        loop {
            let request = GetRecordsRequest { shard_iterator: next.clone(), limit: None };
            let answer = self.store.database().get_records(request).map_err(explain)?;
            for record in &answer.records {
                self.apply(record)?;
            }
            match answer.next_shard_iterator {
                Some(following) if !answer.records.is_empty() => next = following,
                following => {
                    *iterator = Some(following.unwrap_or(next));
                    return Ok(());
                }
            }
        }
    }

    /// Points an index query to the twin.
    pub(super) fn redirect(&self, request: &mut HttpRequest) -> Result<(), ConnectorError> {
        let uri = format!("{}/", self.twin.endpoint());
        request.set_uri(uri).map_err(|error| ConnectorError::user(error.into()))
    }

    fn first_iterator(&self) -> Result<String, ReplicaError> {
        let request = GetShardIteratorRequest {
            stream_arn: dynoxide::streams::stream_arn(&self.table, "any"),
            shard_id: dynoxide::streams::shard_id(&self.table),
            shard_iterator_type: "TRIM_HORIZON".to_owned(),
            ..GetShardIteratorRequest::default()
        };
        let answer = self.store.database().get_shard_iterator(request).map_err(explain)?;
        answer.shard_iterator.ok_or_else(|| ReplicaError("the stream has no beginning".to_owned()))
    }

    fn apply(&self, record: &Record) -> Result<(), ReplicaError> {
        let table_name = self.table.clone();
        match &record.dynamodb.new_image {
            Some(item) => {
                let put = PutItemRequest { table_name, item: item.clone(), ..PutItemRequest::default() };
                self.twin.database().put_item(put).map(drop).map_err(explain)
            }
            None => {
                let key = record.dynamodb.keys.clone();
                let delete = DeleteItemRequest { table_name, key, ..DeleteItemRequest::default() };
                self.twin.database().delete_item(delete).map(drop).map_err(explain)
            }
        }
    }
}

fn explain(error: dynoxide::DynoxideError) -> ReplicaError {
    ReplicaError(error.to_string())
}
