//! `POST /v1/customers/{id}/consent-links`: a link that asks a customer for a consent, for staff to
//! hand over (E05). Nobody is mailed; what the page that it opens shows are the shop's own words.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::domain::{
    Asking, AuditAction, ConsentPurpose, ConsentRequest, ConsentRequestId, Customer, CustomerId, Line, Outcome,
    Settings, Text,
};
use shared::http::{
    Call, Fields, Input, Operation, PathId, Problem, ProblemKind, Staff, choice, created, first_outcome,
};
use shared::table::Transaction;
use utoipa::ToSchema;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Make a link that asks a customer for a consent")
        .takes(purpose)
        .answers::<ConsentLinkView>(StatusCode::CREATED)
        .refuses(ProblemKind::NoConsentText)
}

/// Reads what the customer is to be asked for.
fn purpose(mut fields: Fields) -> Result<ConsentPurpose, Problem> {
    let purpose = fields.optional("purpose", choice);
    fields.finish()?;
    Ok(purpose.unwrap_or(ConsentPurpose::MarketingEmail))
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings_now(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, id, &outcome).await;
    }
    let purpose = purpose(input.fields)?;
    let customer = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let link = asking(&app, &call, &staff, &settings, &customer, purpose);
    let link = link.ok_or_else(|| Problem::new(ProblemKind::NoConsentText))?;

    let mut transaction = Transaction::new();
    let there = transaction.require_customer(&staff.shop, id);
    transaction.create_consent_request(&link)?;
    let records = vec![id.to_string(), link.id.to_string()];
    let entry = staff.audit(&call, &app.entropy, AuditAction::ConsentLinkCreated, records);
    transaction.audit(&staff.shop, &entry, Some(id))?;
    let outcome = Outcome { status: 201, id: link.id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(answer(&app, &link)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&app, &staff, id, &outcome).await,
            None if refusal.failed(there) => Err(Problem::not_found()),
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

/// What the customer is asked, in the language they read; nothing where the shop has no words for it.
fn asking(
    app: &App,
    call: &Call,
    staff: &Staff,
    settings: &Settings,
    customer: &Customer,
    purpose: ConsentPurpose,
) -> Option<ConsentRequest> {
    let words = settings.consent_texts.get(&purpose)?;
    let (locale, text) = words.shown_to(&customer.language)?;
    let id = ConsentRequestId::new(app.entropy.ulid(call.now));
    Some(ConsentRequest {
        id,
        shop: staff.shop.clone(),
        customer: customer.id,
        purpose,
        text: text.clone(),
        version: words.version.clone(),
        language: locale.language(),
        asking: Asking::Staff { subject: staff.subject.clone() },
        address: app.keyring.address_digest(&staff.shop, &customer.email),
        hash: ConsentRequest::token(&app.keyring, id).hash(),
        created_at: call.now,
        expires_at: call.now.checked_add(ConsentRequest::LIFE).unwrap_or(Timestamp::MAX),
    })
}

/// The first answer once more: the token is made again, since nothing keeps it.
async fn again(app: &App, staff: &Staff, customer: CustomerId, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let link = app.table.consent_request(&staff.shop, customer, id).await?;
    Ok(answer(app, &link.ok_or_else(Problem::not_found)?))
}

fn answer(app: &App, link: &ConsentRequest) -> Response {
    let view = ConsentLinkView {
        id: link.id,
        url: app.public_url.consent_request(&ConsentRequest::token(&app.keyring, link.id)),
        purpose: link.purpose,
        text: link.text.clone(),
        version: link.version.clone(),
        created_at: link.created_at,
        expires_at: link.expires_at,
    };
    // What comes of it is shown with the consents of its customer.
    created(format!("/v1/customers/{}/consents", link.customer), 1, &view)
}

/// A link that asks for a consent, shown once.
#[derive(Serialize, ToSchema)]
struct ConsentLinkView {
    id: ConsentRequestId,
    /// The address for the customer.
    url: String,
    purpose: ConsentPurpose,
    /// The words that its page shows.
    text: Text<2000>,
    version: Line<40>,
    created_at: Timestamp,
    /// From when it opens no more.
    expires_at: Timestamp,
}
