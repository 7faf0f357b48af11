//! Routes, each with who may call it: there is no way to add one without saying so.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};

use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use super::boundary;
use super::staff::{Role, Staff};
use super::{Extracted, Operation, Problem, ProblemKind};
use crate::domain::ShopId;
use crate::table::Table;
use crate::telemetry::name_shop;
use crate::{App, Result};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Staff with one of these roles.
    Staff(&'static [Role]),
}

/// One route of a function: also what the gateway and the deployment template must know of it.
#[derive(Debug, Clone)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What the API's document calls it: `create_customer`.
    pub id: String,
    describe: [fn(Operation) -> Operation; 2],
}

impl Route {
    /// Its name is that of the handler's file, which says what it does.
    fn of<H, T: Extracted>(method: Method, path: &'static str, access: Access) -> Self {
        let file = std::any::type_name::<H>().rsplit("::").nth(1).unwrap_or_default();
        Self { method, path, access, id: file.to_owned(), describe: [T::describe, |operation| operation] }
    }

    /// What the API's document says of it.
    pub fn operation(&self) -> Operation {
        self.describe.iter().fold(Operation::default(), |operation, describe| describe(operation))
    }
}

/// The routes of one function.
#[derive(Debug)]
pub struct Routes<S = App> {
    list: Vec<Route>,
    router: Router<S>,
    app: App,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// The largest body that staff may send, in bytes.
    pub const STAFF_BODY: usize = 256 * 1024;
    /// The largest body that anybody may send, in bytes.
    pub const PUBLIC_BODY: usize = 64 * 1024;

    /// No routes yet.
    pub fn new(app: App) -> Self {
        Self { list: Vec::new(), router: Router::new(), app }
    }

    /// Adds a route that staff with one of `roles` may call.
    #[must_use]
    pub fn staff<H, T>(self, method: Method, path: &'static str, roles: &'static [Role], handler: H) -> Self
    where
        H: Handler<T, S>,
        T: Extracted + 'static,
    {
        let table = self.app.table.clone();
        let check = middleware::from_fn(move |request, next| admit(roles, table.clone(), request, next));
        let handler = on(filter(&method), handler).layer(DefaultBodyLimit::max(Self::STAFF_BODY)).layer(check);
        self.add(Route::of::<H, T>(method, path, Access::Staff(roles)), handler)
    }

    /// Adds a route that anybody may call.
    #[must_use]
    pub fn public<H, T>(self, method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: Extracted + 'static,
    {
        let handler = on(filter(&method), handler).layer(DefaultBodyLimit::max(Self::PUBLIC_BODY));
        self.add(Route::of::<H, T>(method, path, Access::Public), handler)
    }

    /// What the API's document says of the route just added, beside what its handler's arguments say.
    #[must_use]
    pub fn described(mut self, describe: fn(Operation) -> Operation) -> Self {
        if let Some(route) = self.list.last_mut() {
            route.describe[1] = describe;
        }
        self
    }

    /// The name of the route just added, where the handler's file has one that says too little.
    #[must_use]
    pub fn named(mut self, id: &str) -> Self {
        if let Some(route) = self.list.last_mut() {
            id.clone_into(&mut route.id);
        }
        self
    }

    fn add(mut self, route: Route, handler: axum::routing::MethodRouter<S>) -> Self {
        self.router = self.router.route(route.path, handler);
        self.list.push(route);
        self
    }

    /// What was added.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    /// The router, behind the boundary.
    pub fn into_router(self, state: S) -> Router {
        let app = self.app;
        self.router
            .fallback(async || Problem::not_found())
            .method_not_allowed_fallback(async || Problem::new(ProblemKind::MethodNotAllowed))
            .with_state(state)
            .layer(middleware::from_fn(move |request, next| boundary::pass(app.clock.clone(), request, next)))
            .layer(compression())
    }
}

/// What a client takes compressed is compressed here, since API Gateway passes it on as it is.
///
/// The length of what is compressed tells something of it to whoever has a part of it changed and counts
/// bytes on the way (BREACH). Nobody can here: who makes a browser ask for a page of somebody else's has
/// to know the secret in its address, and staff are known by a header that no other page can send.
fn compression() -> CompressionLayer<impl Predicate> {
    // What fits one packet arrives no sooner for being smaller.
    let pays = SizeAbove::new(1024).and(NotForContentType::IMAGES);
    CompressionLayer::new().gzip(true).quality(CompressionLevel::Default).compress_when(pays)
}

/// Lets staff with one of `roles` pass, before anything of the request is read.
async fn admit(roles: &'static [Role], table: Table, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match Staff::of(&parts) {
        Ok(staff) if staff.has(roles) => {
            name_shop(&staff.shop);
            parts.extensions.insert(staff.clone());
            let uri = parts.uri.clone();
            let response = next.run(Request::from_parts(parts, body)).await;
            if response.status() != StatusCode::NOT_FOUND {
                return response;
            }
            match moved(&table, &staff.shop, &uri).await {
                Ok(Some(location)) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response(),
                Ok(None) => response,
                Err(error) => Problem::from(error).into_response(),
            }
        }
        Ok(_) => Problem::new(ProblemKind::Forbidden).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// Where what was not found is since a merge: the same path of the customer who stands for the one
/// that it names.
async fn moved(table: &Table, shop: &ShopId, uri: &Uri) -> Result<Option<HeaderValue>> {
    let Some(rest) = uri.path().strip_prefix("/v1/customers/") else {
        return Ok(None);
    };
    let (id, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let Ok(id) = id.parse() else {
        return Ok(None);
    };
    let Some(survivor) = table.survivor(shop, id).await? else {
        return Ok(None);
    };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(HeaderValue::from_str(&format!("/v1/customers/{survivor}{rest}{query}")).ok())
}

fn filter(method: &Method) -> MethodFilter {
    MethodFilter::try_from(method.clone()).expect("routes are declared with the methods of RFC 9110")
}
