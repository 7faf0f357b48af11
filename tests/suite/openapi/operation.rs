//! One operation: what the route's declaration and its handler's code say, in the document's words.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value};
use shared::domain::{Locale, RequestKey};
use shared::http::{Access, Answer, Operation, Problem, ProblemKind, ReadField, Route};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder};

/// The schemas that others refer to.
pub type Named = BTreeMap<String, RefOr<Schema>>;

/// The answers that say what is wrong, by name: most routes share them.
pub type Refusals = BTreeMap<String, Response>;

/// The operation of `route`, whose handler says `operation`; what it may refuse is added to
/// `refusals`.
pub fn of(route: &Route, operation: &Operation, named: &Named, refusals: &mut Refusals) -> OperationBuilder {
    let mut built = OperationBuilder::new()
        .operation_id(Some(&route.id))
        .tag(tag(route.path))
        .summary(Some(operation.summary))
        .parameters(Some(parameters(route, operation)))
        .request_body(body(operation, named));
    if let Access::Staff(roles) = route.access {
        let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
        built = built
            .security(SecurityRequirement::new("staff", [] as [&str; 0]))
            .extensions(Some(ExtensionsBuilder::new().add("x-roles", names).build()));
    }
    for (status, response) in responses(route, operation, refusals) {
        built = built.response(status.to_string(), response);
    }
    built
}

/// The last collection in the path: what it is about.
fn tag(path: &str) -> String {
    let segments: Vec<&str> = path.split(['/', '.']).filter(|segment| !segment.is_empty()).collect();
    match segments[..] {
        ["f", ..] => "forms".to_owned(),
        ["o", ..] => "quick-order".to_owned(),
        ["p", ..] => "preferences".to_owned(),
        [_, first, ..] => {
            let collections = segments.iter().rev().find(|segment| segment.ends_with('s') && !segment.starts_with('{'));
            (*collections.unwrap_or(&first)).to_owned()
        }
        _ => path.to_owned(),
    }
}

fn parameters(route: &Route, operation: &Operation) -> Vec<Parameter> {
    let names = route.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let in_path = names.zip(&operation.path).map(|(name, schema)| {
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
        parameter.schema(Some(schema.clone())).build()
    });
    let in_query = operation.query.iter().map(|field: &ReadField| {
        let required = if field.required { Required::True } else { Required::False };
        let parameter = ParameterBuilder::new().name(&field.name).parameter_in(ParameterIn::Query).required(required);
        parameter.schema(Some(field.schema.clone())).build()
    });
    in_path.chain(in_query).chain(headers(route, operation)).collect()
}

fn headers(route: &Route, operation: &Operation) -> Vec<Parameter> {
    let header = |name: &str, required, about: &str, schema: ObjectBuilder| {
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(required);
        parameter.description(Some(about)).schema(Some(schema.schema_type(Type::String))).build()
    };
    let mut headers = Vec::new();
    if operation.if_match {
        let tag = ObjectBuilder::new().examples(["*"]).pattern(Some(r#"^(\*|"[0-9]+")$"#));
        headers.push(header("If-Match", Required::True, "The version to change: an `ETag`, or `*`.", tag));
    }
    if takes_a_key(route, operation) {
        let key = ObjectBuilder::new().min_length(Some(1)).max_length(Some(RequestKey::MAX)).pattern(Some("^[!-~]+$"));
        headers.push(header("Idempotency-Key", Required::False, "Makes sending it twice one request.", key));
    }
    headers
}

fn takes_a_key(route: &Route, operation: &Operation) -> bool {
    route.method == Method::POST && operation.reads_input
}

fn body(operation: &Operation, named: &Named) -> Option<RequestBody> {
    let mut body = RequestBodyBuilder::new().required(Some(Required::True));
    for (media_type, schema) in &operation.bodies {
        let content = ContentBuilder::new()
            .schema(Some(schema.clone()))
            .example(operation.example.clone().or_else(|| example(schema, named)));
        body = body.content(*media_type, content.build());
    }
    (!operation.bodies.is_empty()).then(|| body.build())
}

/// A value that `schema` shows: its own example, or one of its parts'.
fn example(schema: &RefOr<Schema>, named: &Named) -> Option<Value> {
    let schema = match schema {
        RefOr::T(schema) => schema,
        RefOr::Ref(other) => return example(named.get(other.ref_location.rsplit('/').next()?)?, named),
    };
    match schema {
        Schema::Object(object) if !object.examples.is_empty() => object.examples.first().cloned(),
        Schema::Object(object) if matches!(&object.schema_type, kind if *kind == Type::Object.into()) => {
            let properties =
                object.properties.iter().filter_map(|(name, of)| Some((name.clone(), example(of, named)?)));
            Some(Value::Object(properties.collect::<Map<String, Value>>()))
        }
        Schema::Array(array) => array.examples.first().cloned(),
        Schema::OneOf(choice) => choice.items.iter().find_map(|item| example(item, named)),
        _ => None,
    }
}

fn responses(route: &Route, operation: &Operation, refusals: &mut Refusals) -> BTreeMap<u16, RefOr<Response>> {
    let mut problems: BTreeMap<u16, Vec<ProblemKind>> = BTreeMap::new();
    for kind in problems_of(route, operation) {
        problems.entry(kind.status().as_u16()).or_default().push(kind);
    }
    let mut responses: BTreeMap<u16, RefOr<Response>> = BTreeMap::new();
    for (status, kinds) in problems {
        let own = operation.answers.iter().find(|answer| answer.status.as_u16() == status);
        let page = own.is_some() || operation.problems_as_page && !kinds[0].status().is_server_error();
        let name = kinds.iter().map(|kind| camel(kind.name())).collect::<String>() + if page { "Page" } else { "" };
        responses.insert(status, Ref::from_response_name(&name).into());
        refusals.entry(name).or_insert_with(|| refusal(&kinds, page));
    }
    for answer in &operation.answers {
        let response = responses.entry(answer.status.as_u16()).or_insert_with(|| success(answer).into());
        // The same may be answered in another form.
        if let (RefOr::T(response), Some((media_type, schema))) = (response, &answer.body) {
            response.content.entry((*media_type).to_owned()).or_insert_with(|| content(schema.clone()).into());
        }
    }
    responses
}

fn camel(name: &str) -> String {
    name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

fn content(schema: RefOr<Schema>) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

/// What may be wrong: what its needs of a request can lack, and what it says itself.
fn problems_of(route: &Route, operation: &Operation) -> Vec<ProblemKind> {
    use ProblemKind::*;
    let of_staff = matches!(route.access, Access::Staff(_));
    let of_body: &[ProblemKind] = &[Malformed, TooLarge, UnsupportedMediaType, Invalid];
    let groups: [(bool, &[ProblemKind]); 9] = [
        (of_staff, &[Unauthenticated, Forbidden]),
        (of_staff || !operation.path.is_empty(), &[NotFound]),
        // What stands in a path may look like another path to a function.
        (!operation.path.is_empty(), &[MethodNotAllowed]),
        (!operation.bodies.is_empty(), of_body),
        (of_staff && operation.reads_query, &[Invalid]),
        (operation.if_match, &[Stale, PreconditionRequired]),
        (takes_a_key(route, operation), &[IdempotencyMismatch]),
        (!of_staff, &[TooManyRequests]),
        (true, &[Internal, Unavailable]),
    ];
    let derived = groups.into_iter().filter(|(applies, _)| *applies).flat_map(|(_, kinds)| kinds.iter().copied());
    let mut kinds: Vec<ProblemKind> = derived.chain(operation.problems.iter().copied()).collect();
    let mut seen = Vec::new();
    kinds.retain(|kind| {
        !seen.contains(kind) && {
            seen.push(*kind);
            true
        }
    });
    kinds
}

fn refusal(kinds: &[ProblemKind], page: bool) -> Response {
    let say = |kind: &ProblemKind| format!("`{}`: {}", kind.name(), Problem::new(*kind).detail(Locale::En));
    let description = kinds.iter().map(say).collect::<Vec<_>>().join(" ");
    let problem = content(Ref::from_schema_name("Problem").into());
    let mut response = ResponseBuilder::new().description(description).content("application/problem+json", problem);
    if kinds.iter().any(|kind| said_by_gateway(*kind)) {
        response = response.content("application/json", content(Ref::from_schema_name("Message").into()));
    }
    if page {
        let page = ObjectBuilder::new().schema_type(Type::String).build();
        response = response.content("text/html", content(Schema::Object(page).into()));
    }
    response.build()
}

/// Whether API Gateway says so by itself too, of what never comes to a function.
fn said_by_gateway(kind: ProblemKind) -> bool {
    use ProblemKind::*;
    matches!(kind, Unauthenticated | NotFound | TooLarge | TooManyRequests | Internal | Unavailable)
}

fn success(answer: &Answer) -> Response {
    let text = || Schema::Object(ObjectBuilder::new().schema_type(Type::String).build());
    let header = |about: &str| HeaderBuilder::new().schema(Some(text())).description(Some(about)).build();
    let mut response = ResponseBuilder::new().description(answer.status.canonical_reason().unwrap_or_default());
    if answer.versioned {
        response = response.header("ETag", header("The version of what is shown."));
    }
    if matches!(answer.status.as_u16(), 201 | 202 | 303) {
        response = response.header("Location", header("Where it is."));
    }
    match &answer.body {
        Some((media_type, schema)) => response.content(*media_type, content(schema.clone())).build(),
        None => response.build(),
    }
}
