//! `POST /v1/customers/{id}/messages/{message}/resend`: a transactional mail once more, as a message of
//! its own (O02). It is made of what is true when it is sent, and goes where the record says then.
//!
//! What would keep it from leaving is said here, where somebody can do something about it; what comes
//! between is found again when it is sent.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, Message, MessageId, MessageRef, Outcome};
use shared::http::{
    Call, Fields, Input, Operation, PathIds, Problem, ProblemKind, Staff, first_outcome, message_view, until_tomorrow,
};
use shared::table::{MessageSteps, Step, Transaction};

use crate::resendable::resendable;

/// How often a request waits for its turn while the record changes.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Send an e-mail to its customer again")
        .takes(Fields::finish)
        .answers_object(StatusCode::ACCEPTED, "The new e-mail.")
        .refuses(ProblemKind::NotResendable)
        .refuses(ProblemKind::LinkClosed)
        .refuses(ProblemKind::CustomerBlocked)
        .refuses(ProblemKind::Undeliverable)
        .refuses(ProblemKind::EnoughMails)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(customer, id): PathIds<CustomerId, MessageId>,
    input: Input,
) -> Result<Response, Problem> {
    let shop = &staff.shop;
    let earlier = app.table.earlier_request(shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, customer, &outcome).await;
    }
    input.fields.finish()?;
    let request = MessageId::new(app.entropy.ulid(call.now));
    for _ in 0..ATTEMPTS {
        let (first, customer) = resendable(&app, &call, shop, customer, id).await?;
        let message = first.again(request, customer.id, call.now);
        let mut transaction = Transaction::new();
        let (sent, counted) = write(&app, &call, &staff, (&message, &customer), &mut transaction)?;
        let outcome = Outcome { status: 202, id: request.to_string(), version: 1 };
        let step = transaction.record_request(shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(answer(&app, &customer, &message));
        };
        if let Some(outcome) = first_outcome(step.overtaken(&refusal))? {
            return again(&app, &staff, customer.id, &outcome).await;
        }
        // Nobody else has this id: an earlier round was made, and its answer lost.
        if sent.exists(&refusal) {
            return Ok(answer(&app, &customer, &message));
        }
        if refusal.failed(counted) {
            return Err(Problem::enough_mails(until_tomorrow(call.now)));
        }
    }
    Err(shared::Error::Contended.into())
}

/// The message, what counts it, and the audit entry, if the customer is there.
fn write(
    app: &App,
    call: &Call,
    staff: &Staff,
    (message, customer): (&Message, &Customer),
    transaction: &mut Transaction,
) -> Result<(MessageSteps, Step), Problem> {
    let shop = &staff.shop;
    let address = app.keyring.address_digest(shop, &customer.email);
    transaction.require_customer(shop, customer.id);
    let sent = transaction.create_message(message)?;
    let counted = transaction.count_staff_mail(shop, &address, call.now);
    let records = vec![customer.id.to_string(), message.id.to_string()];
    let entry = staff.audit(call, &app.entropy, AuditAction::MessageResent, records);
    transaction.audit(shop, &entry, Some(customer.id))?;
    Ok((sent, counted))
}

/// The first answer once more, with what became of the message since.
async fn again(app: &App, staff: &Staff, customer: CustomerId, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let reference = MessageRef::to_customer(staff.shop.clone(), customer, id);
    let (message, customer) =
        tokio::try_join!(app.table.message(&reference), app.table.customer(&staff.shop, customer))?;
    let (message, customer) = message.zip(customer).ok_or_else(Problem::not_found)?;
    Ok(answer(app, &customer, &message))
}

fn answer(app: &App, customer: &Customer, message: &Message) -> Response {
    // A message is shown with the others of its customer.
    let location = format!("/v1/customers/{}/messages", customer.id);
    (StatusCode::ACCEPTED, [(LOCATION, location)], Json(message_view(message, customer, &app.keyring))).into_response()
}
