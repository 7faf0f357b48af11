//! The address that people and browsers use: the laptop's own pages, then the deployment's routes.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::response::Html;
use axum::routing::{get, post};
use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use shared::Keyring;
use tokio::net::TcpListener;

use super::{Gateway, MAX_BODY, answer, staff, too_large};
use crate::clock::{ClockError, LaptopClock};
use crate::first_page;
use crate::mailbox::{self, Mailbox};
use crate::scheduler::{ScheduleError, Scheduler};

/// What the paths under `/local/` reach.
#[derive(Clone)]
pub(crate) struct Laptop {
    pub(crate) gateway: Gateway,
    pub(crate) keyring: Keyring,
    pub(crate) clock: LaptopClock,
    pub(crate) scheduler: Scheduler,
    pub(crate) mailbox: Mailbox,
    pub(crate) public_url: Arc<str>,
    pub(crate) endpoints: Arc<[(&'static str, String)]>,
}

/// Serves the laptop on `listener` until aborted.
pub(crate) async fn serve(listener: TcpListener, laptop: Laptop) {
    let app = router(laptop).into_make_service_with_connect_info::<SocketAddr>();
    if let Err(error) = axum::serve(listener, app).await {
        tracing::error!(%error, "the gateway ended");
    }
}

fn router(laptop: Laptop) -> Router {
    Router::new()
        .route("/", get(first))
        .route("/local/token", post(token))
        .route("/local/clock", get(clock).post(move_clock))
        .route("/local/drain", post(drain))
        .fallback(through_gateway)
        .with_state(laptop.clone())
        .merge(mailbox::pages(laptop.mailbox))
}

async fn through_gateway(
    State(laptop): State<Laptop>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    match to_bytes(body, MAX_BODY).await {
        Ok(body) => laptop.gateway.answer(Request::from_parts(parts, body), peer.ip()).await,
        Err(_) => too_large(),
    }
}

async fn first(State(laptop): State<Laptop>) -> Html<String> {
    Html(first_page::page(&laptop.public_url, &laptop.endpoints))
}

/// A bearer token as JSON; bare, for a shell, where `text/plain` is accepted.
async fn token(State(laptop): State<Laptop>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let minted = serde_json::from_slice(&body)
        .map_err(|error| error.to_string())
        .and_then(|asked| staff::mint(&laptop.keyring, asked, Timestamp::now()));
    let token = match minted {
        Ok(token) => token,
        Err(reason) => return unprocessable("No such token", &reason),
    };
    let mut response = if headers.get(ACCEPT).is_some_and(|accept| accept == "text/plain") {
        let mut response = Response::new(Body::from(token));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        response
    } else {
        let body = json!({ "token": token, "token_type": "Bearer", "expires_in": staff::LIFETIME_SECONDS });
        answer::json_answer(StatusCode::OK, "application/json", &body)
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn clock(State(laptop): State<Laptop>) -> Response<Body> {
    let body = json!({ "now": laptop.clock.now(), "wall": Timestamp::now() });
    answer::json_answer(StatusCode::OK, "application/json", &body)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    now: Timestamp,
}

async fn move_clock(State(laptop): State<Laptop>, body: Bytes) -> Response<Body> {
    let asked: Move = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => return unprocessable("No such time", &error.to_string()),
    };
    // In a task of its own: a jump goes on when its caller hangs up.
    let scheduler = laptop.scheduler.clone();
    let moved = tokio::spawn(async move { scheduler.move_clock(asked.now).await }).await;
    match moved {
        Ok(Ok(())) => clock(State(laptop)).await,
        Ok(Err(ScheduleError::Clock(error @ ClockError::Backward { .. }))) => {
            unprocessable("The clock only moves forward", &error.to_string())
        }
        Ok(Err(error)) => failed(&error.to_string()),
        Err(error) => failed(&error.to_string()),
    }
}

async fn drain(State(laptop): State<Laptop>) -> Response<Body> {
    match laptop.scheduler.drain().await {
        Ok(()) => clock(State(laptop)).await,
        Err(error) => failed(&error.to_string()),
    }
}

fn unprocessable(title: &str, detail: &str) -> Response<Body> {
    answer::problem(StatusCode::UNPROCESSABLE_ENTITY, "about:blank", title, detail)
}

fn failed(detail: &str) -> Response<Body> {
    tracing::error!(detail, "the laptop's schedule failed");
    answer::problem(StatusCode::INTERNAL_SERVER_ERROR, "about:blank", "A scheduled run failed", detail)
}
