//! What each function asks of AWS, as its role would have to allow it: noted while the tests run,
//! and compared with the template afterwards.
//!
//! `CLIENTELE_CALLS` names the folder that it is noted in; without it nothing is. A line is the
//! function, the action and what it is done to: `forms`, `dynamodb:PutItem`, `table *#C#*`. An
//! interceptor and no layer of the connection, since a presigned link is signed here and sent by
//! somebody else.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

use crate::function::Life;

/// What is done, and to what.
type Asked = (String, String);

/// Notes the calls of a client, where that is wanted.
#[derive(Debug)]
pub(crate) struct Calls {
    folder: Option<PathBuf>,
}

impl Intercept for Calls {
    fn name(&self) -> &'static str {
        "calls of functions"
    }

    fn read_after_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // What a test asks by itself is no function's.
        let (Some(folder), Some(life)) = (&self.folder, Life::of_this_invocation()) else { return Ok(()) };
        for (action, of) in asked(context.request()) {
            Self::note(folder, &format!("{}\t{action}\t{of}\n", life.function()))?;
        }
        Ok(())
    }
}

impl Calls {
    /// In the folder that the environment names, or nowhere.
    pub(crate) fn noted() -> Self {
        Self { folder: std::env::var_os("CLIENTELE_CALLS").map(PathBuf::from) }
    }

    fn note(folder: &Path, line: &str) -> std::io::Result<()> {
        static NOTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
        let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.insert(line.to_owned()) {
            let file = folder.join(std::process::id().to_string());
            OpenOptions::new().create(true).append(true).open(file)?.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

fn asked(request: &HttpRequest) -> Vec<Asked> {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    if let Some((_, operation)) = target.split_once("DynamoDB_20120810.") {
        let body = request.body().bytes().and_then(|bytes| serde_json::from_slice(bytes).ok());
        return of_table(operation, &body.unwrap_or_default());
    }
    let (path, query) = path_and_query(request.uri());
    if path == "/v2/email/outbound-emails" {
        return vec![("ses:SendEmail".to_owned(), "mail".to_owned())];
    }
    vec![of_bucket(request.method(), path, query)]
}

fn path_and_query(uri: &str) -> (&str, &str) {
    let after_host = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let path = after_host.find('/').map_or("/", |at| &after_host[at..]);
    path.split_once('?').unwrap_or((path, ""))
}

/// A batch and a transaction need the right of each of their parts.
fn of_table(operation: &str, body: &Value) -> Vec<Asked> {
    let of_key = |action: &str, key: &Value| (format!("dynamodb:{action}"), format!("table {}", shape(&key["pk"])));
    match operation {
        "PutItem" => vec![of_key(operation, &body["Item"])],
        "Query" => {
            let index = body["IndexName"].as_str().map(|index| format!("index/{index}"));
            let whole = || format!("table {}", shape(&body["ExpressionAttributeValues"][":pk"]));
            vec![("dynamodb:Query".to_owned(), index.unwrap_or_else(whole))]
        }
        "BatchGetItem" => {
            let tables = body["RequestItems"].as_object().into_iter().flat_map(|tables| tables.values());
            let keys = tables.filter_map(|of_table| of_table["Keys"].as_array()).flatten();
            keys.map(|key| of_key(operation, key)).collect()
        }
        "TransactWriteItems" | "TransactGetItems" => {
            let steps = body["TransactItems"].as_array().into_iter().flatten().filter_map(Value::as_object).flatten();
            let key = |step: &Value| step.get("Item").unwrap_or(&step["Key"]).clone();
            steps.map(|(name, step)| of_key(&format!("{name}Item"), &key(step))).collect()
        }
        _ => vec![of_key(operation, &body["Key"])],
    }
}

/// A partition key without what differs from shop to shop and from record to record: `*#C#*`.
fn shape(key: &Value) -> String {
    let is_kind = |part: &&str| part.len() < 12 && !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase());
    let parts = key["S"].as_str().unwrap_or_default().split('#');
    parts.map(|part| Some(part).filter(is_kind).unwrap_or("*")).collect::<Vec<_>>().join("#")
}

/// Parts of an upload are a put, its end too.
fn of_bucket(method: &str, path: &str, query: &str) -> Asked {
    let (bucket, key) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
    let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let action = match method {
        "GET" | "HEAD" if key.is_empty() => "ListBucket",
        "GET" | "HEAD" => "GetObject",
        "DELETE" if has("uploadId") => "AbortMultipartUpload",
        "DELETE" => "DeleteObject",
        _ => "PutObject",
    };
    let folder = key.split_once('/').map_or("", |(folder, _)| folder);
    (format!("s3:{action}"), format!("{bucket}/{folder}/*"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_keeps_its_kind_alone() {
        let of = |key: &str| shape(&json!({ "S": key }));
        assert_eq!(of("main#C#01ARZ3NDEKTSV4RRFFQ69G5FAV"), "*#C#*");
        assert_eq!(of("main#DUE#birthday"), "*#DUE#*");
        assert_eq!(of("T#c2VjcmV0"), "T#*");
        assert_eq!(of("main#E"), "*#E");
    }

    #[test]
    fn a_transaction_is_its_parts() {
        let key = json!({ "pk": { "S": "main#C#1" }, "sk": { "S": "CUSTOMER" } });
        let body = json!({ "TransactItems": [
            { "Put": { "Item": key } }, { "Delete": { "Key": key } }, { "ConditionCheck": { "Key": key } },
        ] });
        let actions: Vec<String> =
            of_table("TransactWriteItems", &body).into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"]);
    }

    #[test]
    fn a_link_is_what_it_lets_somebody_do() {
        let asked = |method, uri| {
            let (path, query) = path_and_query(uri);
            let (action, of) = of_bucket(method, path, query);
            format!("{action} {of}")
        };
        let put = asked("PUT", "http://127.0.0.1:1/clientele-images/pending/01AR?x-id=PutObject&X-Amz-Date=1");
        assert_eq!(put, "s3:PutObject clientele-images/pending/*");
        let gone = asked("DELETE", "http://127.0.0.1:1/clientele-exports/main/a/b.csv?uploadId=7");
        assert_eq!(gone, "s3:AbortMultipartUpload clientele-exports/main/*");
    }
}
