//! `POST /v1/customers/{id}/order-links/{link}/send`: mails a magic link to its customer, in the
//! customer's language (K01). Each request is a mail of its own, three a day and address at most.
//!
//! What would keep the mail from leaving is said here, where somebody can do something about it; what
//! comes between is found again when it is sent.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use shared::App;
use shared::domain::{
    AuditAction, Customer, CustomerId, LinkState, Message, MessageId, MessageKind, Occurrence, OrderLink, OrderLinkId,
    Outcome, ShopId, SkipReason,
};
use shared::http::{
    Call, Fields, Input, Operation, PathIds, Problem, ProblemKind, Staff, first_outcome, until_tomorrow,
};
use shared::table::{MessageSteps, Step, Transaction};

use crate::create_order_link::OrderLinkView;

/// How often a request waits for its turn while orders come through the link.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Mail a magic link to its customer")
        .takes(Fields::finish)
        .answers::<OrderLinkView>(StatusCode::ACCEPTED)
        .refuses(ProblemKind::LinkClosed)
        .refuses(ProblemKind::CustomerBlocked)
        .refuses(ProblemKind::Undeliverable)
        .refuses(ProblemKind::EnoughMails)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(customer, id): PathIds<CustomerId, OrderLinkId>,
    input: Input,
) -> Result<Response, Problem> {
    let shop = &staff.shop;
    let earlier = app.table.earlier_request(shop, input.key.as_ref(), call.now).await?;
    if first_outcome(earlier)?.is_some() {
        return again(&app, &call, shop, customer, id).await;
    }
    input.fields.finish()?;
    let request = MessageId::new(app.entropy.ulid(call.now));
    for _ in 0..ATTEMPTS {
        let (link, customer) = sendable(&app, &call, shop, customer, id).await?;
        let mut transaction = Transaction::new();
        let (sent, counted) = write(&app, &call, &staff, request, (&link, &customer), &mut transaction)?;
        let outcome = Outcome { status: 202, id: id.to_string(), version: link.version };
        let step = transaction.record_request(shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(answer(&link, call.now));
        };
        // Nobody else has this id: an earlier round was made, and its answer lost.
        if first_outcome(step.overtaken(&refusal))?.is_some() || sent.exists(&refusal) {
            return Ok(answer(&link, call.now));
        }
        if refusal.failed(counted) {
            return Err(Problem::enough_mails(until_tomorrow(call.now)));
        }
    }
    Err(shared::Error::Contended.into())
}

/// The message, what counts it, and the audit entry, if the link is as it was read and the customer there.
fn write(
    app: &App,
    call: &Call,
    staff: &Staff,
    request: MessageId,
    (link, customer): (&OrderLink, &Customer),
    transaction: &mut Transaction,
) -> Result<(MessageSteps, Step), Problem> {
    let shop = &staff.shop;
    let address = app.keyring.address_digest(shop, &customer.email);
    let occurrence = Occurrence::OrderLink { link: link.id, request };
    let message = Message::new(shop.clone(), request, customer.id, occurrence, call.now, call.now);
    transaction.require_customer(shop, customer.id);
    transaction.require_order_link(link);
    let sent = transaction.create_message(&message)?;
    let counted = transaction.count_staff_mail(shop, &address, call.now);
    let records = vec![customer.id.to_string(), link.id.to_string()];
    let entry = staff.audit(call, &app.entropy, AuditAction::OrderLinkSent, records);
    transaction.audit(shop, &entry, Some(customer.id))?;
    Ok((sent, counted))
}

/// The link and its customer, if a mail with it would leave now.
async fn sendable(
    app: &App,
    call: &Call,
    shop: &ShopId,
    customer: CustomerId,
    id: OrderLinkId,
) -> Result<(OrderLink, Customer), Problem> {
    let (customer, link) =
        tokio::try_join!(app.table.customer(shop, customer), app.table.order_link(shop, customer, id))?;
    let (customer, link) = customer.zip(link).ok_or_else(Problem::not_found)?;
    if link.state(call.now) != LinkState::Open {
        return Err(Problem::new(ProblemKind::LinkClosed));
    }
    let settings = app.table.settings(shop).await?.ok_or_else(Problem::not_found)?;
    match app.table.obstacle(&app.keyring, &settings, MessageKind::OrderLink, &customer).await? {
        Some(SkipReason::Blocked) => Err(Problem::new(ProblemKind::CustomerBlocked)),
        Some(reason) => Err(Problem::new(ProblemKind::Undeliverable).with("reason", reason.name())),
        None => Ok((link, customer)),
    }
}

/// The first answer once more.
async fn again(
    app: &App,
    call: &Call,
    shop: &ShopId,
    customer: CustomerId,
    id: OrderLinkId,
) -> Result<Response, Problem> {
    let link = app.table.order_link(shop, customer, id).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(&link, call.now))
}

fn answer(link: &OrderLink, now: Timestamp) -> Response {
    // A link is shown with the others of its customer.
    let location = format!("/v1/customers/{}/order-links", link.customer);
    (StatusCode::ACCEPTED, [(LOCATION, location)], Json(OrderLinkView::of(link, now))).into_response()
}
