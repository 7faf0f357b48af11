//! `POST /f/{form}`: one submission is one transaction (M01, P05, P09).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, ORIGIN, REFERER, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Serialize;
use shared::App;
use shared::domain::{EmailAddress, Form, FormId, Name, RequestKey, SentFields, Settings, SubmissionId};
use shared::http::schema::Described;
use shared::http::{Call, FieldError, Operation, Page, PathId, Problem, ProblemKind, page, redirect};
use shared::intake::{Contact, Intake, Opened, Received, SentOnce, Signs, Visit, is_control, suspicion};
use shared::wording::say;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::encoding::decode;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let sent = || {
        Schema::Object(ObjectBuilder::new().schema_type(Type::Object)
        .description(Some("Any fields of text, of which `email` must be there; `name`, `company`, `phone`, `language` and `marketing_email` are understood."))
        .property("email", <EmailAddress as Described>::schema()).required("email")
        .property("name", <Name as Described>::schema())
        .build())
    };
    operation
        .summary("Send what a website's form holds")
        .body("application/x-www-form-urlencoded", sent())
        .body("multipart/form-data", sent())
        .body("application/json", sent())
        .answers::<Receipt>(StatusCode::OK)
        .answers_nothing(StatusCode::SEE_OTHER)
        .shows_problems_as_page()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    PathId(id): PathId<FormId>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let shop = app.table.form_shop_by_id(&id).await?.ok_or_else(Problem::not_found)?;
    let (form, settings) = tokio::try_join!(app.table.form_lately(&shop, &id), app.table.settings(&shop))?;
    let (form, settings) =
        form.filter(|form| form.deleted_at.is_none()).zip(settings).ok_or_else(Problem::not_found)?;
    let answered = match receive(&app, &call, &form, &settings, &headers, body).await {
        Ok(receipt) => accepted(&headers, &form, &call, receipt),
        Err(problem) if problem.kind().status().is_client_error() && !wants_json(&headers) => {
            refused(&call, Some(&settings), &problem)
        }
        Err(problem) => problem.into_response(),
    };
    Ok(readable_from(&form, &headers, answered))
}

async fn receive(
    app: &App,
    call: &Call,
    form: &Form,
    settings: &Settings,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<SubmissionId, Problem> {
    let body = body.map_err(|rejection| {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Problem::new(if too_large { ProblemKind::TooLarge } else { ProblemKind::Malformed })
    })?;
    let fields = decode(header(headers, &CONTENT_TYPE).unwrap_or(""), body).await?;
    let visit = Visit {
        at: call.now,
        page: header(headers, &REFERER).and_then(|page| page.parse().ok()),
        language: call.language.clone(),
        source_ip: call.source_ip.clone(),
    };
    let contact = Contact::read(&fields, form, settings, &visit)
        .map_err(|misread| Problem::invalid(vec![FieldError::new(format!("/{}", misread.name), misread.invalid)]))?;
    let once = sent_once(app, form, headers, &fields, call);
    let intake = Intake { app, form, settings, visit: &visit, fields: &fields, contact: &contact, now: call.now };
    let id = SubmissionId::new(app.entropy.ulid(call.now));
    let signs = Signs { opened: Opened::Unknown, at: call.now };
    let received = match suspicion(&fields, signs) {
        Some(suspicion) => intake.quarantine(id, suspicion, &once).await?,
        None => intake.receive(id, &once).await?,
    };
    match received {
        Received::Kept(id) => Ok(id),
        Received::OtherUnderKey => Err(Problem::new(ProblemKind::IdempotencyMismatch)),
    }
}

/// How long what is sent again is the same submission, at least.
const WINDOW_SECONDS: i64 = 600;

/// What tells that a submission is sent again: the key that its page gave it, else what it says and
/// when, to ten minutes.
fn sent_once(app: &App, form: &Form, headers: &HeaderMap, fields: &SentFields, call: &Call) -> SentOnce {
    let said: Vec<(&String, &Vec<String>)> = fields.iter().filter(|(name, _)| !is_control(name)).collect();
    let said = serde_json::to_vec(&said).unwrap_or_default();
    let form_id = form.id.as_str().as_bytes();
    let digest = |parts: &[&[u8]]| app.keyring.submission_digest(parts);
    let fingerprint = digest(&[b"fields", form_id, &said]);
    let own = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let own = own.or_else(|| fields.get("_idempotency_key")?.first().map(String::as_str));
    if let Some(own) = own.map(str::trim).filter(|own| !own.is_empty() && own.len() <= RequestKey::MAX) {
        let current = RequestKey { digest: digest(&[b"key", form_id, own.as_bytes()]), fingerprint };
        return SentOnce { current, earlier: None };
    }
    let window = call.now.as_second() / WINDOW_SECONDS;
    let of = |window: i64| RequestKey {
        digest: digest(&[b"window", form_id, &said, &window.to_be_bytes()]),
        fingerprint: fingerprint.clone(),
    };
    SentOnce { current: of(window), earlier: Some(of(window - 1)) }
}

/// What a script is told.
#[derive(Serialize, ToSchema)]
struct Receipt {
    receipt: SubmissionId,
}

/// A page goes on to the thank-you page; a script gets the receipt.
fn accepted(headers: &HeaderMap, form: &Form, call: &Call, receipt: SubmissionId) -> Response {
    if wants_json(headers) {
        Json(Receipt { receipt }).into_response()
    } else {
        redirect(&format!("/f/{}/thanks?lang={}", form.id, call.locale.tag()))
    }
}

/// What to correct, as a page: the visitor's own page has no script to show it.
fn refused(call: &Call, settings: Option<&Settings>, problem: &Problem) -> Response {
    let title = say(call.locale, "form-problem-title", &[]);
    let content = html! {
        p { (say(call.locale, "form-problem-text", &[])) }
        @if problem.errors().is_empty() { p.notice { (problem.detail(call.locale)) } }
        @for error in problem.errors() {
            p.notice {
                @match error.pointer() {
                    "/email" => { strong { (say(call.locale, "form-field-email", &[])) } br; }
                    "/name" => { strong { (say(call.locale, "form-field-name", &[])) } br; }
                    _ => {}
                }
                (error.detail(call.locale))
            }
        }
    };
    let shop = settings.map(|settings| settings.name.expose());
    page(problem.kind().status(), Page { locale: call.locale, title: &title, shop }, content)
}

/// Lets a script on an allowed page read the answer (CORS).
pub fn readable_from(form: &Form, headers: &HeaderMap, mut response: Response) -> Response {
    let allowed = header(headers, &ORIGIN).and_then(|origin| form.allowed_origin(origin));
    if let Some(value) = allowed.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("Origin"));
    response
}

/// Whether a script asks: it says so, or sends what no page can send by itself. A script could not
/// follow the redirection to a page of another origin.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = header(headers, &ACCEPT).unwrap_or("");
    let sends_json = header(headers, &CONTENT_TYPE).is_some_and(|sent| sent.starts_with("application/json"));
    !accept.contains("text/html") && (accept.contains("application/json") || sends_json)
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
