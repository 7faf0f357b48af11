//! The gateway plays API Gateway: each request becomes the event that a function gets in the
//! cloud, and what the function returns becomes the answer. No path is ever logged: tokens stand
//! in them.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use jiff::Timestamp;
use shared::Keyring;
use shared::http::ProblemKind;
use ulid::Ulid;

mod answer;
mod event;
mod routes;
mod server;

mod staff;

pub use routes::Route;
pub(crate) use server::{Laptop, serve};
pub(crate) use staff::subject as staff_subject;

/// What API Gateway takes and gives at most, in bytes.
const MAX_BODY: usize = 10 * 1024 * 1024;
/// What Lambda takes and gives at most, in bytes of JSON.
const MAX_EVENT: usize = 6 * 1024 * 1024;

/// The routes of a deployment behind one address. Clones are the same gateway.
#[derive(Clone)]
pub struct Gateway {
    routes: Arc<[Route]>,
    keyring: Keyring,
    authority: Arc<str>,
}

impl Gateway {
    /// A gateway that is reached at `authority` (`localhost:3000`).
    pub fn new(routes: Vec<Route>, keyring: Keyring, authority: &str) -> Self {
        Self { routes: routes.into(), keyring, authority: authority.into() }
    }

    /// Every route, in the order given.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// A staff token, as `POST /local/token` gives it.
    ///
    /// # Errors
    /// When there is no such role.
    pub fn token(&self, role: &str, shop: &str) -> Result<String, String> {
        staff::mint(&self.keyring, staff::TokenRequest::of(role, shop), Timestamp::now())
    }

    /// Answers one request that came from `source`.
    pub async fn answer(&self, request: Request<Bytes>, source: IpAddr) -> Response<Body> {
        let request_id = Ulid::generate().to_string();
        let mut response = self.routed(request, source, &request_id).await;
        if let Ok(id) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("apigw-requestid", id);
        }
        response
    }

    async fn routed(&self, request: Request<Bytes>, source: IpAddr, request_id: &str) -> Response<Body> {
        let (parts, body) = request.into_parts();
        if body.len() > MAX_BODY {
            return too_large();
        }
        let Some((route, parameters)) = routes::find(&self.routes, &parts.method, parts.uri.path()) else {
            return answer::message(StatusCode::NOT_FOUND, "Not Found");
        };
        let at = Timestamp::now();
        let claims = if route.for_staff { staff::claims(&self.keyring, &parts.headers, at) } else { None };
        if route.for_staff && claims.is_none() {
            return unauthorized();
        }
        let authority = &self.authority;
        let received = event::Received { route, parameters, claims, source, authority, request_id, at };
        let event = event::event(&parts, &body, received);
        if event.to_string().len() > MAX_EVENT {
            return too_large();
        }
        let answer = route.function.invoke(event).await;
        if answer.as_ref().is_ok_and(|answer| answer.to_string().len() > MAX_EVENT) {
            tracing::error!(function = route.function.name(), "an answer exceeds 6 MB");
            return answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        }
        answer::from_function(answer)
    }
}

fn too_large() -> Response<Body> {
    answer::message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
}

fn unauthorized() -> Response<Body> {
    let mut response = answer::problem(
        StatusCode::UNAUTHORIZED,
        &format!("urn:clientele:problem:{}", ProblemKind::Unauthenticated.name()),
        "Unauthorized",
        "A bearer token is needed, and this one is missing, expired or not from here.",
    );
    response.headers_mut().insert("www-authenticate", HeaderValue::from_static("Bearer"));
    response
}

#[cfg(test)]
mod tests;
