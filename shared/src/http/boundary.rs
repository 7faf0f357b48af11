//! Where a request enters and its answer leaves: the one place that reads the clock, logs, and
//! writes problems.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument, info_span};

use super::problem::Shown;
use super::{Call, Problem};
use crate::Clock;
use crate::telemetry::{METRICS, chain};

pub(super) async fn pass(clock: Clock, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let (mut parts, body) = request.into_parts();
    let call = Call::of(&parts, clock.now());
    let method = parts.method.clone();
    let route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    parts.extensions.insert(call.clone());
    let span = info_span!("request", request_id = call.request_id, %method, route, shop = Empty);
    let mut response = next.run(Request::from_parts(parts, body)).instrument(span.clone()).await;
    let _in = span.enter();
    if let Some(Shown(problem)) = response.extensions_mut().remove::<Shown>() {
        log(&problem);
    }
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        log(&problem);
        let mut written = problem.write(&call);
        written.headers_mut().extend(std::mem::take(response.headers_mut()));
        response = written;
    }
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let status = response.status().as_u16();
    tracing::info!(status, "request");
    let (latency_ms, conflicts) = (began.elapsed().as_secs_f64() * 1e3, u8::from(matches!(status, 409 | 412)));
    tracing::info!(target: METRICS, requests = 1, latency_ms, conflicts, %method, route, status);
    response
}

/// What went wrong inside is told here once, and to nobody else.
fn log(problem: &Problem) {
    if let Some(cause) = problem.cause() {
        tracing::error!(problem = problem.kind().name(), cause = chain(cause));
    }
}
