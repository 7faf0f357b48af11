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
use shared::domain::{
    Actor, AuditAction, Customer, CustomerId, Form, FormId, Message, MessageId, Occurrence, PageAddress, Settings,
    Submission, SubmissionId,
};
use shared::domain::{EmailAddress, Name};
use shared::http::schema::Described;
use shared::http::{Call, Operation, Page, PathId, Problem, ProblemKind, page, redirect};
use shared::table::{CustomerWrites, Transaction};
use shared::wording::say;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::encoding::{Sent, decode};
use crate::submission::Contact;

/// How often a submission that lost a race for the record is made again on fresh data.
const ATTEMPTS: u32 = 20;

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
    let form = app.table.form_by_id(&id).await?.ok_or_else(Problem::not_found)?;
    let answered = match receive(&app, &call, &form, &headers, body).await {
        Ok(receipt) => accepted(&headers, &form, &call, receipt),
        Err(problem) if problem.kind().status().is_client_error() && !wants_json(&headers) => {
            let settings = app.table.settings(&form.shop).await?;
            refused(&call, settings.as_ref(), &problem)
        }
        Err(problem) => problem.into_response(),
    };
    Ok(readable_from(&form, &headers, answered))
}

async fn receive(
    app: &App,
    call: &Call,
    form: &Form,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<SubmissionId, Problem> {
    let body = body.map_err(|rejection| {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Problem::new(if too_large { ProblemKind::TooLarge } else { ProblemKind::Malformed })
    })?;
    let sent = decode(header(headers, &CONTENT_TYPE).unwrap_or(""), body).await?;
    let settings = app.table.settings(&form.shop).await?.ok_or_else(Problem::not_found)?;
    let page: Option<PageAddress> = header(headers, &REFERER).and_then(|page| page.parse().ok());
    let contact = Contact::read(&sent, call, &settings, page)?;
    let address = app.keyring.address_digest(&form.shop, &contact.email);
    for _ in 0..ATTEMPTS {
        let known = match app.table.customer_id_by_address(&form.shop, &address).await? {
            Some(id) => app.table.customer(&form.shop, id).await?,
            None => None,
        };
        let work = Work { app, call, form, settings: &settings, contact: &contact, sent: &sent };
        let (id, transaction) = match known {
            Some(customer) => work.add_to(&customer)?,
            None => work.begin()?,
        };
        if app.table.commit(transaction).await?.is_ok() {
            return Ok(id);
        }
    }
    Err(shared::Error::Contended.into())
}

/// One submission on its way into the table.
struct Work<'a> {
    app: &'a App,
    call: &'a Call,
    form: &'a Form,
    settings: &'a Settings,
    contact: &'a Contact,
    sent: &'a Sent,
}

impl Work<'_> {
    /// The first submission of an address makes the customer, and welcomes them.
    fn begin(&self) -> Result<(SubmissionId, Transaction), Problem> {
        let mut transaction = Transaction::new();
        let mut customer = self.contact.new_customer(self.app, self.call, self.form, self.settings);
        let shop = &self.form.shop;
        let consent = self.contact.marketing_consent(self.app, self.call, self.form, customer.id, &customer.consents);
        if let Some(evidence) = &consent {
            customer.consents.record(evidence);
            transaction.create_consent(shop, evidence)?;
        }
        transaction.create_customer(self.writes(), &customer)?;
        let id = self.keep(&mut transaction, customer.id)?;
        let message = Message::new(
            shop.clone(),
            MessageId::new(self.app.entropy.ulid(self.call.now)),
            customer.id,
            Occurrence::Welcome,
            self.call.now,
            self.call.now,
        );
        transaction.create_message(&message, &self.app.keyring.address_digest(shop, &customer.email))?;
        Ok((id, transaction))
    }

    /// A further one adds to the history, and fills what was empty.
    fn add_to(&self, before: &Customer) -> Result<(SubmissionId, Transaction), Problem> {
        let mut transaction = Transaction::new();
        let shop = &self.form.shop;
        let consent = self.contact.marketing_consent(self.app, self.call, self.form, before.id, &before.consents);
        match self.contact.added_to(before, consent.as_ref(), self.call, self.form) {
            Some(after) => drop(transaction.replace_customer(self.writes(), before, &after)?),
            None => drop(transaction.touch_customer(shop, before.id, self.call.now)),
        }
        if let Some(evidence) = &consent {
            transaction.create_consent(shop, evidence)?;
        }
        let id = self.keep(&mut transaction, before.id)?;
        Ok((id, transaction))
    }

    fn writes(&self) -> CustomerWrites<'_> {
        let today = self.settings.zone.day(self.call.now);
        CustomerWrites { keyring: &self.app.keyring, settings: self.settings, today }
    }

    /// Keeps what was sent, as sent, and records that it came.
    fn keep(&self, transaction: &mut Transaction, customer: CustomerId) -> Result<SubmissionId, Problem> {
        let id = SubmissionId::new(self.app.entropy.ulid(self.call.now));
        let submission = Submission {
            id,
            form: self.form.id.clone(),
            customer,
            fields: self.sent.clone(),
            page: self.contact.page.clone(),
            language: self.contact.language.clone(),
            source_ip: self.call.source_ip.clone(),
            at: self.call.now,
        };
        transaction.create_submission(&self.form.shop, &submission)?;
        let records = vec![customer.to_string(), id.to_string()];
        let entry = self.call.audit(
            &self.app.entropy,
            Actor::Form { form: self.form.id.clone() },
            AuditAction::SubmissionReceived,
            records,
        );
        transaction.audit(&self.form.shop, &entry, Some(customer))?;
        Ok(id)
    }
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
