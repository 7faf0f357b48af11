//! The document as a whole: what holds for every route is said once.

use serde_json::json;
use shared::http::{ProblemKind, Route};
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Info, License, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, RefOr};

use super::operation::{self, Named};

const ABOUT: &str = "Customers, their orders and what they agreed to, of one shop per token.\n\n\
    A list has pages: `next` is the `cursor` of the page after. A change names the version that was read \
    (`If-Match`, the `ETag` of an answer). A POST of staff may carry an `Idempotency-Key`: sent again within a \
    day, it has its first answer. Whatever is not as asked for is a problem (RFC 9457), its `detail` in the \
    language of `Accept-Language`, French or English. `x-roles` names who may call an operation.";

/// The document of `routes`.
pub fn of(routes: &[Route]) -> OpenApi {
    let mut components = Named::from([("Problem".to_owned(), problem()), ("Message".to_owned(), message())]);
    let (mut paths, mut refusals) = (PathsBuilder::new(), operation::Refusals::new());
    for route in routes {
        let operation = route.operation();
        components.extend(operation.components.clone());
        let built = operation::of(route, &operation, &components, &mut refusals);
        paths = paths.path(route.path, PathItem::new(method(route), built));
    }
    let staff = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The ID token of a member of staff, from the shop's user pool."));
    let components = ComponentsBuilder::new()
        .schemas_from_iter(components)
        .responses_from_iter(refusals)
        .security_scheme("staff", SecurityScheme::Http(staff.build()));
    let mut info = Info::new("Clientele", "1");
    info.description = Some(ABOUT.to_owned());
    info.license = Some(License::new("Apache-2.0"));
    info.license.as_mut().unwrap().identifier = Some("Apache-2.0".to_owned());
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
}

fn method(route: &Route) -> HttpMethod {
    match route.method.as_str() {
        "GET" => HttpMethod::Get,
        "HEAD" => HttpMethod::Head,
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        "OPTIONS" => HttpMethod::Options,
        other => panic!("{other} of {}", route.path),
    }
}

/// What API Gateway says by itself.
fn message() -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let said = ObjectBuilder::new().schema_type(Type::Object).property("message", text).required("message");
    Schema::Object(said.build()).into()
}

/// What is wrong, as every route says it.
fn problem() -> RefOr<Schema> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let names = ProblemKind::ALL.map(|kind| format!("urn:clientele:problem:{}", kind.name()));
    let field = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("pointer", text().description(Some("Where the field is (RFC 6901); empty for the whole.")))
        .property("code", text().description(Some("Why, for programs.")))
        .property("detail", text().description(Some("Why, in a sentence.")));
    let field = ["pointer", "code", "detail"].into_iter().fold(field, ObjectBuilder::required);
    let problem = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("What is wrong and what to do (RFC 9457)."))
        .property("type", text().enum_values(Some(names)))
        .property("title", text())
        .property("status", ObjectBuilder::new().schema_type(Type::Integer))
        .property("detail", text())
        .property("errors", ArrayBuilder::new().items(field))
        .property("existing", text().description(Some("The record that stands in the way.")))
        .property("request_id", text().description(Some("What to quote when asking for help.")))
        .examples([json!({
            "type": "urn:clientele:problem:not-found", "title": "Not Found", "status": 404,
            "detail": "This does not exist.",
        })]);
    Schema::Object(["type", "title", "status", "detail"].into_iter().fold(problem, ObjectBuilder::required).build())
        .into()
}
