//! The answers that the layer gives in the store's place, worded as DynamoDB words them, or SES, or S3.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value, json};

use super::Operation;
use super::operation::{Call, batch};

pub(super) fn throttled(operation: Operation) -> HttpResponse {
    match operation {
        Operation::SendEmail => of_ses(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
        Operation::ReadFile | Operation::WriteFile => of_s3(503, "SlowDown", "Please reduce your request rate."),
        _ => error(
            400,
            "ProvisionedThroughputExceededException",
            json!({ "message": "The level of configured provisioned throughput for the table was exceeded." }),
        ),
    }
}

pub(super) fn refused(operation: Operation) -> HttpResponse {
    const MESSAGE: &str = "The request processing has failed.";
    match operation {
        Operation::SendEmail => of_ses(500, "InternalServiceErrorException", MESSAGE),
        Operation::ReadFile | Operation::WriteFile => of_s3(500, "InternalError", MESSAGE),
        _ => error(500, "InternalServerError", json!({ "message": MESSAGE })),
    }
}

pub(super) fn rejected() -> HttpResponse {
    of_ses(400, "MessageRejected", "Email address is not verified.")
}

/// A transaction is cancelled, its last item being the one in conflict; a single write is told so.
pub(super) fn conflict(call: &Call) -> HttpResponse {
    if !matches!(call.operation, Operation::TransactWrite | Operation::TransactGet) {
        let message = "Transaction is ongoing for the item";
        return error(400, "TransactionConflictException", json!({ "message": message }));
    }
    let count = call.body["TransactItems"].as_array().map_or(1, Vec::len);
    let mut reasons = vec![json!({ "Code": "None" }); count.saturating_sub(1)];
    reasons.push(json!({
        "Code": "TransactionConflict",
        "Message": "Transaction is ongoing for the item",
    }));
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect();
    let message =
        format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", "));
    error(400, "TransactionCanceledException", json!({ "Message": message, "CancellationReasons": reasons }))
}

/// The first half of a batch as a request body, and the rest as it is handed back.
pub(super) fn halves(call: &Call) -> (Value, Value) {
    let mut first = call.body.clone();
    let mut rest = Map::new();
    let tables = call.body["RequestItems"].as_object();
    for (table, asked) in tables.into_iter().flatten() {
        let all = batch(asked);
        let (kept, left) = all.split_at(all.len().div_ceil(2));
        first["RequestItems"][table] = with_batch(asked, kept);
        if !left.is_empty() {
            rest.insert(table.clone(), with_batch(asked, left));
        }
    }
    (first, Value::Object(rest))
}

fn with_batch(asked: &Value, list: &[Value]) -> Value {
    if asked.is_array() {
        return list.into();
    }
    let mut keys = asked.clone();
    keys["Keys"] = list.into();
    keys
}

/// The store's answer to the first half, with the rest named as not done.
pub(super) fn partial(call: &Call, answer: &[u8], rest: Value) -> HttpResponse {
    let mut body: Value = serde_json::from_slice(answer).unwrap_or_default();
    let field = if call.operation == Operation::BatchGet { "UnprocessedKeys" } else { "UnprocessedItems" };
    body[field] = rest;
    answer_of(200, &body)
}

fn error(status: u16, kind: &str, mut body: Value) -> HttpResponse {
    body["__type"] = format!("com.amazonaws.dynamodb.v20120810#{kind}").into();
    answer_of(status, &body)
}

fn of_ses(status: u16, kind: &'static str, message: &str) -> HttpResponse {
    let mut response = answer_of(status, &json!({ "message": message }));
    response.headers_mut().insert("content-type", "application/json");
    response.headers_mut().insert("x-amzn-errortype", kind);
    response
}

fn of_s3(status: u16, code: &str, message: &str) -> HttpResponse {
    answer_in("application/xml", status, format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"))
}

fn answer_of(status: u16, body: &Value) -> HttpResponse {
    answer_in("application/x-amz-json-1.0", status, body.to_string())
}

fn answer_in(media_type: &'static str, status: u16, body: String) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a status from this file");
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", media_type);
    response
}
