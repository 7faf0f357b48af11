//! A store that has as many customers as one likes, and a bucket that keeps nothing.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Request, Response, Uri};
use data_encoding::BASE64;
use hyper_util::rt::TokioIo;
use local::stack::Stack;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use ulid::Ulid;

pub type Item = HashMap<String, AttributeValue>;

/// How many shards customers are filed in.
const SHARDS: u64 = 4;
/// What stands for an id in a pattern.
const ID: &str = "00000000000000000000000000";

/// The server.
pub struct Replay {
    shared: Arc<Shared>,
    address: String,
}

struct Shared {
    store: String,
    /// Records and entries of the index as the wire has them, an id where each is.
    records: Arc<Vec<String>>,
    entries: Vec<String>,
    /// The records as far as somebody asked for them.
    projected: Mutex<HashMap<String, Arc<Vec<String>>>>,
    customers: AtomicU64,
    taken: AtomicU64,
}

impl Replay {
    /// Reads the customers of `stack`, and begins to serve.
    pub async fn start(stack: &Stack) -> Self {
        let client = stack.plain_dynamodb();
        let pages = client.scan().table_name(&stack.services().table).into_paginator().items().send();
        let items: Vec<Item> = pages.collect::<Result<_, _>>().await.unwrap();
        let customers = items.iter().filter(|item| item["t"].as_s().is_ok_and(|kind| kind == "customer"));
        let (mut records, mut entries) = (Vec::new(), Vec::new());
        for customer in customers {
            let id = customer["id"].as_s().unwrap();
            let pattern = |item: &Item| wire(item).to_string().replace(id, ID);
            let names = ["pk", "sk", "filter_pk", "filter_sk", "facets"];
            let entry = names.iter().map(|name| ((*name).to_owned(), customer[*name].clone())).collect();
            entries.push(pattern(&entry));
            let own = customer.iter().filter(|(name, _)| !names[2..].contains(&name.as_str()));
            records.push(pattern(&own.map(|(name, value)| (name.clone(), value.clone())).collect()));
        }
        let endpoints = stack.endpoints();
        let store = endpoints.iter().find(|(name, _)| name.to_lowercase().contains("dynamodb")).unwrap().1.clone();
        let store = store.trim_start_matches("http://").to_owned();
        let (records, projected) = (Arc::new(records), Mutex::default());
        let shared = Arc::new(Shared { store, records, entries, projected, customers: 0.into(), taken: 0.into() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(shared.clone()).layer(DefaultBodyLimit::disable());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { shared, address }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// From now on there are so many customers.
    pub fn play(&self, customers: u64) {
        self.shared.customers.store(customers, Ordering::Relaxed);
    }

    /// How many bytes the bucket was sent since it was asked.
    pub fn taken(&self) -> u64 {
        self.shared.taken.swap(0, Ordering::Relaxed)
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let target = headers.get("x-amz-target").map(|target| target.to_str().unwrap().to_owned());
    let Some(target) = target else { return bucket(&shared, &method, &uri, &body) };
    let asked = || serde_json::from_slice::<Value>(&body).unwrap();
    match target.rsplit('.').next().unwrap() {
        "Query" if body_names(&body, "\"filter\"") => of_store(&shared.page(&asked())),
        "BatchGetItem" => of_store(&shared.batch(&asked())),
        _ => pass_on(&shared.store, headers, body).await,
    }
}

fn body_names(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|window| window == text.as_bytes())
}

impl Shared {
    /// A page of the index: the ids of a shard count up.
    fn page(&self, asked: &Value) -> String {
        let values = &asked["ExpressionAttributeValues"];
        let shard: u64 = values[":pk"]["S"].as_str().unwrap().rsplit('#').next().unwrap().parse().unwrap();
        let start = asked["ExclusiveStartKey"]["filter_sk"]["S"].as_str();
        let after = start.or_else(|| values[":from"]["S"].as_str()).and_then(|from| from.get(..26));
        let first = after.map_or(0, |after| Ulid::from_string(after).unwrap().timestamp_ms() + 1);
        let all = self.customers.load(Ordering::Relaxed);
        let own = all / SHARDS + u64::from(shard < all % SHARDS);
        let limit = asked["Limit"].as_u64().unwrap();
        let last = (first + limit).min(own);
        let mut page = String::from("{\"Items\":[");
        for number in first..last {
            let comma = if number > first { "," } else { "" };
            let entry = self.pattern(&self.entries, &id_of(number, shard));
            write!(page, "{comma}{entry}").unwrap();
        }
        let count = last - first;
        write!(page, "],\"Count\":{count},\"ScannedCount\":{count}").unwrap();
        if last < own {
            let id = id_of(last - 1, shard);
            let (pk, filter) = (format!("main#C#{id}"), &values[":pk"]);
            let key =
                json!({ "pk": { "S": pk }, "sk": { "S": "CUSTOMER" }, "filter_pk": filter, "filter_sk": { "S": id } });
            write!(page, ",\"LastEvaluatedKey\":{key}").unwrap();
        }
        page.push('}');
        page
    }

    fn batch(&self, asked: &Value) -> String {
        let (table, wanted) = asked["RequestItems"].as_object().unwrap().iter().next().unwrap();
        let keys = wanted["Keys"].as_array().unwrap().iter().map(|key| key["pk"]["S"].as_str().unwrap());
        let patterns = self.projected(&wanted["ExpressionAttributeNames"]);
        let records: Vec<String> = keys.map(|pk| self.pattern(&patterns, pk.rsplit('#').next().unwrap())).collect();
        format!("{{\"Responses\":{{\"{table}\":[{}]}},\"UnprocessedKeys\":{{}}}}", records.join(","))
    }

    /// The records with the attributes of these names only, if any are named.
    fn projected(&self, names: &Value) -> Arc<Vec<String>> {
        let Some(names) = names.as_object() else { return self.records.clone() };
        // In an order of the reader's own, another each time.
        let names: BTreeSet<&str> = names.values().filter_map(Value::as_str).collect();
        let mut projected = self.projected.lock().unwrap();
        projected
            .entry(Vec::from_iter(names.iter().copied()).join(","))
            .or_insert_with(|| {
                Arc::new(
                    self.records
                        .iter()
                        .map(|record| {
                            let mut record: serde_json::Map<String, Value> = serde_json::from_str(record).unwrap();
                            record.retain(|name, _| names.contains(name.as_str()));
                            Value::from(record).to_string()
                        })
                        .collect(),
                )
            })
            .clone()
    }

    fn pattern(&self, patterns: &[String], id: &str) -> String {
        let number = Ulid::from_string(id).unwrap().timestamp_ms();
        patterns[usize::try_from(number).unwrap() % patterns.len()].replace(ID, id)
    }
}

/// The id of a shard's customer by its number: the time counts.
fn id_of(number: u64, shard: u64) -> String {
    Ulid::from_parts(number, u128::from(shard)).to_string()
}

fn of_store(body: &str) -> Response<Body> {
    Response::builder().header("content-type", "application/x-amz-json-1.0").body(body.to_owned().into()).unwrap()
}

/// An upload's beginning, its parts, its end.
fn bucket(shared: &Shared, method: &Method, uri: &Uri, body: &Bytes) -> Response<Body> {
    let query = uri.query().unwrap_or_default();
    let xml = |root: &str, inner: &str| {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><{root}>{inner}</{root}>");
        Response::builder().header("content-type", "application/xml").body(text.into()).unwrap()
    };
    match *method {
        Method::PUT => {
            shared.taken.fetch_add(body.len() as u64, Ordering::Relaxed);
            Response::builder().header("etag", "\"d41d8cd98f00b204e9800998ecf8427e\"").body(Body::empty()).unwrap()
        }
        Method::POST if query.contains("uploadId") => {
            xml("CompleteMultipartUploadResult", "<Bucket>exports</Bucket><Key>k</Key><ETag>\"e\"</ETag>")
        }
        Method::POST => {
            xml("InitiateMultipartUploadResult", "<Bucket>exports</Bucket><Key>k</Key><UploadId>u</UploadId>")
        }
        _ => Response::builder().status(204).body(Body::empty()).unwrap(),
    }
}

async fn pass_on(store: &str, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let socket = TcpStream::connect(store).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(socket)).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::post("/").body(Body::from(body)).unwrap();
    *request.headers_mut() = headers;
    let answer = sender.send_request(request).await.unwrap();
    answer.map(Body::new)
}

/// An item as the wire has it.
pub fn wire(item: &Item) -> Value {
    let text = |value: &AttributeValue| match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::B(bytes) => json!({ "B": BASE64.encode(bytes.as_ref()) }),
        AttributeValue::M(map) => json!({ "M": wire(map) }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(one).collect::<Vec<_>>() }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        _ => json!({ "NULL": true }),
    };
    item.iter().map(|(name, value)| (name.clone(), text(value))).collect::<serde_json::Map<_, _>>().into()
}

fn one(value: &AttributeValue) -> Value {
    wire(&Item::from([("x".to_owned(), value.clone())]))["x"].clone()
}
