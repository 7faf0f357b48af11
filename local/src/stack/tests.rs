use aws_sdk_dynamodb::types::AttributeValue;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::routing::{get, post};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::data_folder::DataFolderError;
use crate::gateway::Route;
use crate::stream::Consumer;

/// A deployment of one route that writes a message, and a mailer that writes down that it saw it.
fn toy(services: &Services) -> Deployment {
    let (table, name) = (services.dynamodb.clone(), services.table.clone());
    let write = async move |sk: String, kind: &str| {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let put = table.put_item().table_name(&name).item("pk", text("a")).item("sk", text(&sk)).item("t", text(kind));
        put.item("list_pk", text(kind)).item("list_sk", text(&sk)).send().await.map(drop)
    };
    let (by_request, by_mailer) = (write.clone(), write);
    let router = Router::new()
        .route(
            "/f/{form}",
            post(async move |axum::extract::Path(form): axum::extract::Path<String>| {
                by_request(form, "message").await.unwrap();
                http::StatusCode::CREATED
            }),
        )
        .route("/v1/x", get(async || "staff"));
    let function = Function::http("toy", router);
    let route = |method: http::Method, path: &str, for_staff| Route {
        method,
        path: path.to_owned(),
        for_staff,
        function: function.clone(),
    };
    let mailer = Function::handler("mailer", move |event: Value| {
        let write = by_mailer.clone();
        async move {
            for record in event["Records"].as_array().into_iter().flatten() {
                let seen = record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap_or_default();
                write(format!("seen-{seen}"), "seen").await.map_err(|error| error.to_string())?;
            }
            Ok::<_, String>(json!({ "batchItemFailures": [] }))
        }
    });
    Deployment {
        routes: vec![route(http::Method::POST, "/f/{form}", false), route(http::Method::GET, "/v1/x", true)],
        consumers: vec![Consumer { function: mailer.clone(), item_kinds: &["message"], changed: &[], batch_size: 10 }],
        automations: Function::handler("automations", |_: Value| async { Ok::<_, String>(()) }),
        mailer,
        next_due: Arc::new(|_| Box::pin(async { Ok(None) })),
        prepare: Box::pin(async { Ok(()) }),
    }
}

/// One request as a person's tool sends it.
async fn ask(stack: &Stack, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
    ask_at(stack.address(), method, path, headers, body).await
}

async fn ask_at(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

async fn seen(stack: &Stack, form: &str) -> bool {
    let text = |value: &str| AttributeValue::S(value.to_owned());
    let get = stack.plain_dynamodb().get_item().table_name(&stack.services().table);
    let get = get.key("pk", text("a")).key("sk", text(&format!("seen-{form}")));
    get.send().await.unwrap().item.is_some()
}

#[tokio::test]
async fn a_request_becomes_a_stream_record_becomes_an_invocation() {
    let stack = Stack::start(Options::in_memory(), toy).await.unwrap();
    assert_eq!(ask(&stack, "POST", "/f/one", "", "x=1").await.0, 201);
    assert!(!seen(&stack, "one").await);
    assert_eq!(ask(&stack, "POST", "/local/drain", "", "").await.0, 200);
    assert!(seen(&stack, "one").await);
    assert!(!seen(&Stack::start(Options::in_memory(), toy).await.unwrap(), "one").await, "a table per stack");
}

#[tokio::test]
async fn the_laptop_s_own_paths_answer() {
    let stack = Stack::start(Options::in_memory(), toy).await.unwrap();
    assert_eq!(ask(&stack, "GET", "/v1/x", "", "").await.0, 401);
    let (status, token) =
        ask(&stack, "POST", "/local/token", "accept: text/plain\r\n", r#"{"role":"owner","shop":"main"}"#).await;
    assert_eq!(status, 200);
    let bearer = format!("authorization: Bearer {token}\r\n");
    assert_eq!(ask(&stack, "GET", "/v1/x", &bearer, "").await, (200, "staff".to_owned()));
    for (path, body) in
        [("/local/token", "{}"), ("/local/token", "x"), ("/local/clock", "{}"), ("/local/clock", r#"{"now":"soon"}"#)]
    {
        assert_eq!(ask(&stack, "POST", path, "", body).await.0, 422, "{path} {body}");
    }
    let (status, clock) = ask(&stack, "POST", "/local/clock", "", r#"{"now":"2037-05-12T09:00:00+02:00"}"#).await;
    assert_eq!(status, 200);
    assert!(clock.contains("2037-05-12T07:00:0"), "{clock}");
    assert_eq!(ask(&stack, "POST", "/local/clock", "", r#"{"now":"2030-01-01T00:00:00Z"}"#).await.0, 422);
    for path in ["/", "/local/mailbox", "/local/mailbox.json", "/local/clock"] {
        assert_eq!(ask(&stack, "GET", path, "", "").await.0, 200, "{path}");
    }
    assert_eq!(ask(&stack, "GET", "/local/mailbox/none", "", "").await.0, 404);
    assert_eq!(ask(&stack, "GET", "/nothing", "", "").await, (404, r#"{"message":"Not Found"}"#.to_owned()));
}

#[tokio::test]
async fn state_outlives_the_stack_and_the_folder_and_port_are_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let options = |fresh| Options::in_folder(path.clone(), 0, fresh);
    let stack = Stack::start(options(false), toy).await.unwrap();
    assert_eq!(ask(&stack, "POST", "/f/one", "", "x=1").await.0, 201);
    let token = ask(&stack, "POST", "/local/token", "accept: text/plain\r\n", r#"{"role":"owner"}"#).await.1;
    let held = Stack::start(options(false), toy).await.err().unwrap();
    assert!(matches!(held, StartError::Folder(DataFolderError::Held(_))), "{held}");
    let port = Options { port: stack.address().port(), ..Options::in_memory() };
    let taken = Stack::start(port, toy).await.err().unwrap();
    assert!(matches!(taken, StartError::PortInUse(_)), "{taken}");
    drop(stack);

    let stack = Stack::start(options(false), toy).await.unwrap();
    stack.drain().await.unwrap();
    assert!(seen(&stack, "one").await, "what was acknowledged is delivered after all");
    let bearer = format!("authorization: Bearer {token}\r\n");
    assert_eq!(ask(&stack, "GET", "/v1/x", &bearer, "").await.0, 200);
    drop(stack);

    let stack = Stack::start(options(true), toy).await.unwrap();
    stack.drain().await.unwrap();
    assert!(!seen(&stack, "one").await);
    assert_eq!(ask(&stack, "GET", "/v1/x", &bearer, "").await.0, 401);
}

#[tokio::test]
async fn the_first_page_links_only_what_answers() {
    let stack = Stack::start(Options::in_memory(), crate::functions::deploy).await.unwrap();
    let page = ask(&stack, "GET", "/", "", "").await.1;
    let links: Vec<&str> = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.contains(&"/local/mailbox"), "{links:?}");
    for link in links {
        assert_eq!(ask(&stack, "GET", link, "", "").await.0, 200, "{link}");
    }
}

#[tokio::test]
async fn late_indexes_catch_up_on_drain() {
    let options = Options { late_indexes: true, ..Options::in_memory() };
    let stack = Stack::start(options, toy).await.unwrap();
    assert_eq!(ask(&stack, "POST", "/f/one", "", "").await.0, 201);
    let listed = async || {
        let query = stack.services().dynamodb.query().table_name(&stack.services().table).index_name("list").limit(10);
        let query = query.key_condition_expression("list_pk = :l");
        query.expression_attribute_values(":l", AttributeValue::S("message".to_owned())).send().await.unwrap().count
    };
    assert_eq!(listed().await, 0);
    stack.drain().await.unwrap();
    assert_eq!(listed().await, 1);
}

#[tokio::test]
async fn a_golden_event_reaches_its_function() {
    let stack = Stack::start(Options::in_memory(), toy).await.unwrap();
    let answer = stack.call("mailer", json!({ "run": "sweep" })).await.unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
}

#[tokio::test]
async fn a_stack_costs_little() {
    let started = std::time::Instant::now();
    for _ in 0..10 {
        Stack::start(Options::in_memory(), toy).await.unwrap();
    }
    println!("ten stacks in {:?}", started.elapsed());
}

const CHILD_FOLDER: &str = "CLIENTELE_TEST_CHILD_FOLDER";

/// The process that the next test kills; by itself it does nothing.
#[tokio::test]
async fn child_to_be_killed() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER) else { return };
    let stack = Stack::start(Options::in_folder(folder.into(), 0, false), toy).await.unwrap();
    println!("\nlistening {}", stack.address());
    std::future::pending::<()>().await;
}

fn child(folder: &std::path::Path) -> (Child, SocketAddr) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "stack::tests::child_to_be_killed", "--nocapture"])
        .env(CHILD_FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| line.unwrap().strip_prefix("listening ").map(|text| text.parse().unwrap()));
    (child, address.expect("the child says where it listens"))
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..4 {
        let (mut process, address) = child(folder.path());
        for number in 0..(10 + 7 * round) {
            let form = format!("{round}-{number}");
            if ask_at(address, "POST", &format!("/f/{form}"), "", "").await.0 == 201 {
                acknowledged.push(form);
            }
        }
        process.kill().unwrap();
        process.wait().unwrap();
    }
    let stack = Stack::start(Options::in_folder(folder.path().to_owned(), 0, false), toy).await.unwrap();
    stack.drain().await.unwrap();
    assert_eq!(acknowledged.len(), 82);
    for form in acknowledged {
        assert!(seen(&stack, &form).await, "{form}");
    }
}
