//! A whole export on the embedded stack: asked for at the gateway, written by the function that the
//! stream calls, and then compared with the table itself, row by row.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::BodyExt;
use local::functions::deploy;
use local::seed;
use local::stack::{Data, Options, Stack};
use serde_json::{Value, json};

/// What is compared of each customer, as the file and the record call it.
const COMPARED: [&str; 4] = ["name", "email", "phone", "country"];

/// Seeds a shop of so many `customers` into a folder that is gone afterwards, and exports it.
pub async fn measure(customers: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let begun = Instant::now();
    seed::fill_folder(&path, true, customers, |_| ()).await.unwrap();
    println!("\n{customers} customers, seeded in {:.0} s", begun.elapsed().as_secs_f64());
    let options = Options { data: Data::Folder { path, fresh: false }, ..Options::in_memory() };
    let stack = Stack::start(options, deploy).await.unwrap();

    let begun = Instant::now();
    let asked = json!({ "what": "customers", "format": "csv", "purpose": "Mesure" });
    let job = ask(&stack, Method::POST, "/v1/exports", asked.to_string()).await;
    let path = format!("/v1/exports/{}", job["id"].as_str().unwrap());
    stack.drain().await.unwrap();
    let job = ask(&stack, Method::GET, &path, String::new()).await;
    assert_eq!(job["state"], "done", "{job}");
    let took = begun.elapsed().as_secs_f64();

    let file = file(&stack).await;
    println!("written in {took:.1} s, {:.0} rows a second, {:.1} MB", customers as f64 / took, file.len() as f64 / 1e6);
    let missing = compare(&file, records(&stack).await);
    assert_eq!(missing, 0, "customers of the table are not in the file");
    println!("every customer of the table once, and {} columns as the records have them", COMPARED.len());
}

async fn ask(stack: &Stack, method: Method, path: &str, body: String) -> Value {
    let token = stack.gateway().token("owner", "main").unwrap();
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = request.header("authorization", format!("Bearer {token}")).body(Bytes::from(body)).unwrap();
    let answer = stack.gateway().answer(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

/// The one file in the bucket.
async fn file(stack: &Stack) -> Bytes {
    let services = stack.services();
    let (s3, bucket) = (&services.s3, &services.export_bucket);
    let listed = s3.list_objects_v2().bucket(bucket).send().await.unwrap();
    let [object] = listed.contents() else { panic!("{listed:?}") };
    let found = s3.get_object().bucket(bucket).key(object.key().unwrap()).send().await.unwrap();
    found.body.collect().await.unwrap().into_bytes()
}

/// What is compared of every customer of the table, by id.
async fn records(stack: &Stack) -> HashMap<String, [String; 4]> {
    let pages = stack.plain_dynamodb().scan().table_name(&stack.services().table).into_paginator().items();
    let mut items = pages.send();
    let mut records = HashMap::new();
    while let Some(item) = items.next().await {
        let item = item.unwrap();
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default();
        if text("t") == "customer" {
            records.insert(text("id"), COMPARED.map(text));
        }
    }
    records
}

/// Crosses out of `records` whom `file` has as they are, and says how many are left.
fn compare(file: &[u8], mut records: HashMap<String, [String; 4]>) -> usize {
    let mut reader = csv::Reader::from_reader(file);
    for row in reader.deserialize() {
        let row: HashMap<String, String> = row.unwrap();
        let record = records.remove(&row["id"]).unwrap_or_else(|| panic!("{} is there twice, or nobody's", row["id"]));
        assert_eq!(COMPARED.map(|name| row[name].clone()), record);
    }
    records.len()
}
