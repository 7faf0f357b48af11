use axum::Router;
use axum::extract::Path;
use axum::response::AppendHeaders;
use axum::routing::{get, post};
use http::Method;
use http_body_util::BodyExt;
use lambda_http::RequestExt;
use serde_json::{Value, json};

use super::*;
use crate::function::Function;

fn keyring() -> Keyring {
    Keyring::new(&[1; 32]).unwrap()
}

async fn identity(request: axum::extract::Request) -> String {
    let lambda_http::request::RequestContext::ApiGatewayV2(context) = request.request_context() else {
        panic!("another trigger")
    };
    let claims = context.authorizer.unwrap().jwt.unwrap().claims;
    format!("{} {}", claims["cognito:groups"], claims["custom:shop"])
}

fn gateway() -> Gateway {
    let router = Router::new()
        .route("/v1/who", get(identity))
        .route("/f/{form}", post(async |Path(form): Path<String>, body: Bytes| format!("{form}:{}", body.len())))
        .route("/cookies", get(async || AppendHeaders([("set-cookie", "a=1"), ("set-cookie", "b=2")])))
        .route("/binary", get(async || ([("content-type", "image/png")], vec![0_u8, 255])))
        .route("/big", get(async || "x".repeat(7 * 1024 * 1024)))
        .route(
            "/panic",
            get(async || {
                if true {
                    panic!("by itself")
                }
            }),
        );
    let function = Function::http("test", router);
    let routes = [
        ("GET", "/v1/who"),
        ("POST", "/f/{form}"),
        ("GET", "/cookies"),
        ("GET", "/binary"),
        ("GET", "/big"),
        ("GET", "/panic"),
    ];
    let route = |(method, path): (&str, &str)| Route {
        method: method.parse().unwrap(),
        path: path.to_owned(),
        for_staff: path.starts_with("/v1/"),
        function: function.clone(),
    };
    Gateway::new(routes.map(route).into(), keyring(), "localhost:3000")
}

async fn ask(request: http::request::Builder, body: Vec<u8>) -> (Response<()>, Bytes) {
    let request = request.body(Bytes::from(body)).unwrap();
    let (parts, body) = gateway().answer(request, "127.0.0.1".parse().unwrap()).await.into_parts();
    (Response::from_parts(parts, ()), body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn staff_need_a_token_and_the_public_does_not() {
    let (response, body) = ask(Request::get("/v1/who"), Vec::new()).await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["status"], 401);
    let asked = serde_json::from_value(json!({ "role": "owner" })).unwrap();
    let token = staff::mint(&keyring(), asked, Timestamp::now()).unwrap();
    let (response, body) =
        ask(Request::get("/v1/who").header("authorization", format!("Bearer {token}")), vec![]).await;
    assert_eq!((response.status().as_u16(), &body[..]), (200, &b"[owner] main"[..]));
    let (response, _) = ask(Request::get("/v1/who").header("authorization", format!("Bearer {token}x")), vec![]).await;
    assert_eq!(response.status(), 401);
    let (response, body) = ask(Request::post("/f/contact"), b"\xff\x00".into()).await;
    assert_eq!((response.status().as_u16(), &body[..]), (200, &b"contact:2"[..]));
}

#[tokio::test]
async fn answers_come_back_whole() {
    let (response, _) = ask(Request::get("/cookies"), vec![]).await;
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    assert!(response.headers().contains_key("apigw-requestid"));
    let (response, body) = ask(Request::get("/binary"), vec![]).await;
    assert_eq!((response.headers()["content-type"].as_bytes(), &body[..]), (&b"image/png"[..], &[0, 255][..]));
}

#[tokio::test]
async fn what_is_unknown_too_large_or_broken_is_said_as_the_cloud_says_it() {
    for (method, path) in [(Method::GET, "/nothing"), (Method::DELETE, "/cookies"), (Method::GET, "/f/contact")] {
        let (response, body) = ask(Request::builder().method(method).uri(path), vec![]).await;
        assert_eq!((response.status().as_u16(), &body[..]), (404, &br#"{"message":"Not Found"}"#[..]));
    }
    for size in [MAX_BODY + 1, MAX_EVENT] {
        let (response, _) = ask(Request::post("/f/contact"), vec![b'x'; size]).await;
        assert_eq!(response.status(), 413, "{size}");
    }
    for path in ["/big", "/panic"] {
        let (response, body) = ask(Request::get(path), vec![]).await;
        assert_eq!((response.status().as_u16(), &body[..]), (500, &br#"{"message":"Internal Server Error"}"#[..]));
    }
}

#[tokio::test]
async fn a_host_that_is_none_breaks_nothing() {
    for host in ["a b", "[", "x:y:z", "é"] {
        let (response, _) = ask(Request::get("/cookies").header("host", host), vec![]).await;
        assert_eq!(response.status(), 200, "{host}");
    }
}
