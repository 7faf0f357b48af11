//! What a request to the store asks for, as far as faults need to know.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

use super::Fault;

/// An operation of DynamoDB that code above the layer uses, or of SES or S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Any of the table's.
    Any,
    /// `GetItem`.
    Get,
    /// `BatchGetItem`.
    BatchGet,
    /// `Query`, of the table or of an index.
    Query,
    /// `PutItem`.
    Put,
    /// `UpdateItem`.
    Update,
    /// `DeleteItem`.
    Delete,
    /// `BatchWriteItem`.
    BatchWrite,
    /// `TransactGetItems`.
    TransactGet,
    /// `TransactWriteItems`.
    TransactWrite,
    /// `SendEmail` of SES. Faulted where it is named, and never as [`Any`](Self::Any).
    SendEmail,
    /// Whatever reads a bucket of S3. As `SendEmail`.
    ReadFile,
    /// Whatever changes a bucket of S3: a file, a part of one, a deletion. As `SendEmail`.
    WriteFile,
    /// Whatever is not listed here: creating tables, describing them. Never faulted.
    Other,
}

impl Operation {
    fn of(request: &HttpRequest) -> Self {
        if request.uri().ends_with("/v2/email/outbound-emails") {
            return Self::SendEmail;
        }
        // The one of the three that is told what the body is before it comes.
        if request.headers().get("x-amz-content-sha256").is_some() {
            return if matches!(request.method(), "GET" | "HEAD") { Self::ReadFile } else { Self::WriteFile };
        }
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        match target.rsplit('.').next().unwrap_or_default() {
            "GetItem" => Self::Get,
            "BatchGetItem" => Self::BatchGet,
            "Query" => Self::Query,
            "PutItem" => Self::Put,
            "UpdateItem" => Self::Update,
            "DeleteItem" => Self::Delete,
            "BatchWriteItem" => Self::BatchWrite,
            "TransactGetItems" => Self::TransactGet,
            "TransactWriteItems" => Self::TransactWrite,
            _ => Self::Other,
        }
    }

    pub(super) fn covers(self, other: Self) -> bool {
        self == other || self == Self::Any && other.is_of_table()
    }

    /// Whether the table is asked, and not SES or S3.
    pub(super) fn is_of_table(self) -> bool {
        !matches!(self, Self::Other | Self::SendEmail | Self::ReadFile | Self::WriteFile)
    }

    fn changes_table(self) -> bool {
        matches!(self, Self::Put | Self::Update | Self::Delete | Self::BatchWrite | Self::TransactWrite)
    }
}

/// One attempt of a call.
pub(super) struct Call {
    pub(super) operation: Operation,
    /// The same over all attempts that the SDK makes of one call.
    pub(super) invocation: String,
    pub(super) first_attempt: bool,
    pub(super) reads_index: bool,
    pub(super) body: Value,
}

impl Call {
    pub(super) fn read(request: &HttpRequest) -> Self {
        let header = |name| request.headers().get(name).unwrap_or_default();
        let body: Value =
            request.body().bytes().and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
        let operation = Operation::of(request);
        Self {
            operation,
            invocation: header("amz-sdk-invocation-id").to_owned(),
            first_attempt: header("amz-sdk-request").split(';').next() == Some("attempt=1"),
            reads_index: operation == Operation::Query && body.get("IndexName").is_some(),
            body,
        }
    }

    pub(super) fn changes_table(&self) -> bool {
        self.operation.changes_table()
    }

    /// Whether `fault` can happen to such a call in the cloud.
    pub(super) fn can_suffer(&self, fault: Fault) -> bool {
        match (fault, self.operation) {
            (_, Operation::Other) => false,
            (Fault::Conflict, Operation::TransactGet) => true,
            (Fault::Conflict, operation) => operation.changes_table() && operation != Operation::BatchWrite,
            (Fault::Partial, Operation::BatchGet | Operation::BatchWrite) => self.batch_size() > 1,
            (Fault::Partial, _) => false,
            (Fault::AnswerLost | Fault::KilledAfter, operation) => {
                operation.changes_table() || matches!(operation, Operation::SendEmail | Operation::WriteFile)
            }
            (Fault::Rejected | Fault::AnswerHeld, operation) => operation == Operation::SendEmail,
            (Fault::Throttled | Fault::Refused | Fault::Unreachable | Fault::TimedOut | Fault::KilledBefore, _) => true,
        }
    }

    fn batch_size(&self) -> usize {
        let tables = self.body["RequestItems"].as_object();
        tables.into_iter().flat_map(|tables| tables.values()).map(|of_table| batch(of_table).len()).sum()
    }
}

/// The keys or items that a batch asks for of one table.
pub(super) fn batch(of_table: &Value) -> &[Value] {
    let list = if of_table.is_array() { of_table } else { &of_table["Keys"] };
    list.as_array().map_or(&[], Vec::as_slice)
}
