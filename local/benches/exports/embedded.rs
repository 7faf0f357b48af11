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
use shared::App;
use shared::domain::CustomerId;

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
    let named = compare(&file, &stack.services().app()).await;
    assert_eq!((named, &job["rows"]), (customers, &json!(customers)), "every customer, once");
    println!("every customer is in it, once, as the record has them");
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

/// Reads again whom `file` names, and compares; how many they are.
async fn compare(file: &[u8], app: &App) -> usize {
    let mut reader = csv::Reader::from_reader(file);
    let rows: Vec<HashMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    let (named, shop) = (rows.len(), "main".parse().unwrap());
    let mut rows: HashMap<CustomerId, _> = rows.into_iter().map(|row| (row["id"].parse().unwrap(), row)).collect();
    assert_eq!(rows.len(), named, "nobody is in it twice");
    let ids: Vec<CustomerId> = rows.keys().copied().collect();
    for some in ids.chunks(100) {
        for customer in app.table.customers(&shop, some).await.unwrap() {
            let row = rows.remove(&customer.id).unwrap();
            assert_eq!(row["name"], customer.name.expose());
            assert_eq!(row["email"], customer.email.expose());
            assert_eq!(row["phone"], customer.phone.as_ref().map(|phone| phone.e164().to_owned()).unwrap_or_default());
            assert_eq!(row["orders"], customer.figures.orders.to_string());
        }
    }
    assert!(rows.is_empty(), "the file names nobody whom the table does not have");
    named
}
