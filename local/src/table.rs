//! The table as the laptop creates it: the same keys, indexes, stream and expiry attribute as
//! `infra/template.yaml`, which a test compares with [`INDEXES`].

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
};

/// The attribute by which items expire.
pub const TTL_ATTRIBUTE: &str = "ttl";

/// A global index: its name, its two key attributes and the one attribute packed beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// The index's name.
    pub name: &'static str,
    /// Its partition key, a string.
    pub partition_key: &'static str,
    /// Its sort key, a string.
    pub sort_key: &'static str,
    /// The only attribute it projects besides the keys.
    pub included: &'static str,
}

/// The three indexes of the one table (design, section 4).
pub const INDEXES: [Index; 3] = [
    Index { name: "list", partition_key: "list_pk", sort_key: "list_sk", included: "card" },
    Index { name: "filter", partition_key: "filter_pk", sort_key: "filter_sk", included: "facets" },
    Index { name: "due", partition_key: "due_pk", sort_key: "due_sk", included: "due" },
];

/// Why the table could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the table {table} could not be created: {reason}")]
pub struct TableError {
    table: String,
    reason: String,
}

/// Creates the table `name` unless it exists. `stream` is false for the replica that late indexes
/// are read from: nothing listens to it.
///
/// # Errors
/// When the store refuses: a file that is damaged or full.
pub async fn create(client: &Client, name: &str, stream: bool) -> Result<(), TableError> {
    let failed = |reason: String| TableError { table: name.to_owned(), reason };
    match definition(client, name, stream).send().await {
        Ok(_) => {}
        Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_in_use_exception()) => {
            return Ok(());
        }
        Err(error) => return Err(failed(DisplayErrorContext(error).to_string())),
    }
    let expiry = TimeToLiveSpecification::builder().attribute_name(TTL_ATTRIBUTE).enabled(true).build();
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(expiry.map_err(|e| failed(e.to_string()))?)
        .send()
        .await
        .map_err(|error| failed(DisplayErrorContext(error).to_string()))?;
    Ok(())
}

/// Stops the stream of the table `name`, which is filled with what nobody listens for;
/// [`Store::resume_stream`](crate::store::Store::resume_stream) goes on with it.
///
/// # Errors
/// When the store refuses.
pub(crate) async fn stop_stream(client: &Client, name: &str) -> Result<(), TableError> {
    let failed = |reason: String| TableError { table: name.to_owned(), reason };
    let off = StreamSpecification::builder().stream_enabled(false).build().map_err(|e| failed(e.to_string()))?;
    let change = client.update_table().table_name(name).stream_specification(off);
    change.send().await.map_err(|error| failed(DisplayErrorContext(error).to_string()))?;
    Ok(())
}

fn definition(client: &Client, name: &str, stream: bool) -> CreateTableFluentBuilder {
    let request = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema("pk", "sk")))
        .set_global_secondary_indexes(Some(INDEXES.iter().map(global_index).collect()))
        .set_attribute_definitions(Some(
            INDEXES
                .iter()
                .flat_map(|index| [index.partition_key, index.sort_key])
                .chain(["pk", "sk"])
                .map(string_attribute)
                .collect(),
        ));
    if !stream {
        return request;
    }
    let images = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build()
        .expect("every field is set");
    request.stream_specification(images)
}

fn global_index(index: &Index) -> GlobalSecondaryIndex {
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.partition_key, index.sort_key)))
        .projection(
            Projection::builder().projection_type(ProjectionType::Include).non_key_attributes(index.included).build(),
        )
        .build()
        .expect("every field is set")
}

fn key_schema(partition_key: &str, sort_key: &str) -> Vec<KeySchemaElement> {
    [(partition_key, KeyType::Hash), (sort_key, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| {
            KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect("every field is set")
        })
        .collect()
}

fn string_attribute(name: &str) -> AttributeDefinition {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .expect("every field is set")
}
