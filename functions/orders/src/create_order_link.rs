//! `POST /v1/customers/{id}/order-links`: a magic link, shown once (K01).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::domain::{AuditAction, CustomerId, OrderLink, OrderLinkId, Outcome};
use shared::http::Fields;
use shared::http::{Call, Input, Operation, PathId, Problem, Staff, created, first_outcome};
use shared::table::Transaction;
use utoipa::ToSchema;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Make a magic link").takes(Fields::finish).answers::<NewOrderLinkView>(StatusCode::CREATED)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(customer): PathId<CustomerId>,
    input: Input,
) -> Result<Response, Problem> {
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, customer, &outcome).await;
    }
    input.fields.finish()?;
    app.table.customer(&staff.shop, customer).await?.ok_or_else(Problem::not_found)?;
    let id = OrderLinkId::new(app.entropy.ulid(call.now));
    let link = OrderLink::new(&app.keyring, staff.shop.clone(), id, customer, call.now);

    let mut transaction = Transaction::new();
    let there = transaction.require_customer(&staff.shop, customer);
    transaction.create_order_link(&link)?;
    let records = vec![customer.to_string(), id.to_string()];
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrderLinkCreated, records);
    transaction.audit(&staff.shop, &entry, Some(customer))?;
    let outcome = Outcome { status: 201, id: id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(answer(&app, &link)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&app, &staff, customer, &outcome).await,
            None if refusal.failed(there) => Err(Problem::not_found()),
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

/// The first answer once more: the token is made again, since nothing keeps it.
async fn again(app: &App, staff: &Staff, customer: CustomerId, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let link = app.table.order_link(&staff.shop, customer, id).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(app, &link))
}

fn answer(app: &App, link: &OrderLink) -> Response {
    let url = app.public_url.order_page(&link.token(&app.keyring));
    let view = NewOrderLinkView { link: link.into(), url };
    // A link is shown with the others of its customer.
    created(format!("/v1/customers/{}/order-links", link.customer), 1, &view)
}

/// A magic link without its address, which is shown once.
#[derive(Serialize, ToSchema)]
pub struct OrderLinkView {
    id: OrderLinkId,
    created_at: Timestamp,
    /// From when it opens no more.
    expires_at: Timestamp,
}

/// A magic link just made.
#[derive(Serialize, ToSchema)]
struct NewOrderLinkView {
    #[serde(flatten)]
    link: OrderLinkView,
    /// The address for the customer.
    url: String,
}

impl From<&OrderLink> for OrderLinkView {
    fn from(link: &OrderLink) -> Self {
        Self { id: link.id, created_at: link.created_at, expires_at: link.expires_at }
    }
}
