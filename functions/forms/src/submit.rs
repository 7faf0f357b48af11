//! `POST /f/{form}`: one submission is one transaction (M01, P05, P09).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_TYPE, REFERER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shared::App;
use shared::domain::{
    Earlier, EmailAddress, Form, FormId, Locale, Name, PageAddress, SentFields, Settings, SubmissionId, Suspicion,
};
use shared::http::schema::Described;
use shared::http::{Call, FieldError, Operation, PathId, Problem, ProblemKind, redirect};
use shared::intake::{Contact, Intake, Misread, Opened, Received, SentOnce, Signs, Visit, answers, suspicion};
use shared::telemetry::name_shop;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::destination::{destination, site};
use crate::encoding::decode;
use crate::headers::{header, locale_of, readable_from, wants_json};
use crate::problem_page::problem_page;
use crate::room::{room_of_form, room_of_network};
use crate::sent_once::sent_once;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let sent = || {
        Schema::Object(ObjectBuilder::new().schema_type(Type::Object)
        .description(Some("Any fields of text, of which `email` must be there; `name`, `company`, `phone`, `birthday`, `language`, `message` and `marketing_email` are understood, under the names that site builders give them too. Names that begin with `_` are for us: `_next`, `_gotcha`, `_stamp`, `_idempotency_key`."))
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
        .refuses(ProblemKind::EmptySubmission)
        .refuses(ProblemKind::TooManyRequests)
        .shows_problems_as_page()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    PathId(id): PathId<FormId>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let (form, settings) = match find(&app, &id).await {
        Ok(found) => found,
        Err(problem) if wants_json(&headers) => return Err(problem),
        Err(problem) => return Ok(problem_page(&call, None, problem)),
    };
    let answered = match receive(&app, &call, &form, &settings, &headers, body).await {
        Ok(accepted) => accepted.answer(&headers),
        Err(problem) if wants_json(&headers) => problem.into_response(),
        Err(problem) => problem_page(&call, Some((&form, &settings)), problem),
    };
    Ok(readable_from(&form, &headers, answered))
}

/// The form and its shop, unless it has been deleted.
async fn find(app: &App, id: &FormId) -> Result<(Form, Settings), Problem> {
    let shop = app.table.form_shop_by_id(id).await?.ok_or_else(Problem::not_found)?;
    name_shop(&shop);
    let (form, settings) = tokio::try_join!(app.table.form_lately(&shop, id), app.table.settings(&shop))?;
    form.filter(|form| form.deleted_at.is_none()).zip(settings).ok_or_else(Problem::not_found)
}

async fn receive(
    app: &App,
    call: &Call,
    form: &Form,
    settings: &Settings,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Accepted, Problem> {
    let sent = decode(header(headers, &CONTENT_TYPE).unwrap_or(""), whole(body)?).await?;
    let fields = answers(form, &sent);
    if fields.values().flatten().all(|value| value.trim().is_empty()) {
        return Err(Problem::new(ProblemKind::EmptySubmission));
    }
    let visit = Visit {
        at: call.now,
        page: sent_from(&sent, headers),
        language: call.language.clone(),
        source_ip: call.source_ip.clone(),
    };
    let contact = Contact::read(&fields, form, settings, &visit).map_err(misread)?.shown(&sent);
    let once = sent_once(app, form, headers, &sent, &fields, call.now);
    let signs = Signs {
        email: &contact.email,
        page: visit.page.as_ref(),
        opened: Opened::of(&sent, &app.keyring, &form.id),
        at: call.now,
    };
    let suspected = suspicion(&sent, &signs);
    let intake = Intake { app, form, settings, visit: &visit, fields: &fields, contact: &contact, now: call.now };
    let receipt = keep(&intake, suspected, &once).await?;
    let locale = Locale::of(&contact.language).unwrap_or_else(|| locale_of(call, settings));
    Ok(Accepted { receipt, location: destination(form, &sent, headers, &contact, locale) })
}

/// The page that the form was sent from. Browsers tell another site no more than which site it is; our
/// script tells the page, which is believed of that site.
fn sent_from(sent: &SentFields, headers: &HeaderMap) -> Option<PageAddress> {
    let told: Option<PageAddress> = header(headers, &REFERER).and_then(|page| page.parse().ok());
    let said: Option<PageAddress> = sent.get("_page").and_then(|values| values.first()?.parse().ok());
    let site = site(headers);
    said.filter(|page| site.is_some() && page.origin() == site).or(told)
}

fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|rejection| {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Problem::new(if too_large { ProblemKind::TooLarge } else { ProblemKind::Malformed })
    })
}

fn misread(fields: Vec<Misread>) -> Problem {
    Problem::invalid(fields.into_iter().map(|field| FieldError::named(&field.name, field.invalid)).collect())
}

/// Keeps what was understood: with its customer, or aside. What is suspected for what it says takes
/// nobody's room in the form.
async fn keep(intake: &Intake<'_>, suspected: Option<Suspicion>, once: &SentOnce) -> Result<SubmissionId, Problem> {
    let Intake { app, form, visit, now, .. } = *intake;
    if let Err(wait) = room_of_network(app, form, visit.source_ip.as_ref(), now).await? {
        return kept_before(intake, once).await?.ok_or_else(|| Problem::too_many(wait));
    }
    let suspected = match suspected {
        None if !room_of_form(app, form, now).await? => Some(Suspicion::Flood),
        suspected => suspected,
    };
    let id = SubmissionId::new(app.entropy.ulid(now));
    let received = match suspected {
        Some(suspicion) => intake.quarantine(id, suspicion, once).await?,
        None => intake.receive(id, once).await?,
    };
    match received {
        Received::Kept(id) => Ok(id),
        Received::OtherUnderKey => Err(Problem::new(ProblemKind::IdempotencyMismatch)),
    }
}

/// The receipt of what is sent again, for whom there is no room for more.
async fn kept_before(intake: &Intake<'_>, once: &SentOnce) -> Result<Option<SubmissionId>, Problem> {
    let Intake { app, form, now, .. } = *intake;
    for key in [Some(&once.current), once.earlier.as_ref()] {
        match app.table.earlier_request(&form.shop, key, now).await? {
            Some(Earlier::Same(outcome)) => {
                let id = outcome.id.parse().map_err(|_| Problem::internal("a receipt that is no id"))?;
                return Ok(Some(id));
            }
            Some(Earlier::Other) => return Err(Problem::new(ProblemKind::IdempotencyMismatch)),
            None => {}
        }
    }
    Ok(None)
}

/// A submission that was received: what a script is told, and where a page goes.
struct Accepted {
    receipt: SubmissionId,
    location: String,
}

impl Accepted {
    fn answer(self, headers: &HeaderMap) -> Response {
        if wants_json(headers) {
            Json(Receipt { receipt: self.receipt }).into_response()
        } else {
            redirect(&self.location)
        }
    }
}

/// What a script is told.
#[derive(Serialize, ToSchema)]
struct Receipt {
    receipt: SubmissionId,
}
