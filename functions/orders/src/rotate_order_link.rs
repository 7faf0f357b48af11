//! `POST /v1/customers/{id}/order-links/{link}/rotate`: a new address in the place of one that came
//! into wrong hands; what the link lets its customer do stays as it is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, CustomerId, LinkTerms, OrderLink, OrderLinkId, Outcome};
use shared::http::{Call, Fields, Input, Operation, PathIds, Problem, ProblemKind, Staff, first_outcome};
use shared::table::Transaction;

use crate::create_order_link::{NewOrderLinkView, again, answer};

/// How often a rotation waits for its turn while orders come through the link.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Replace the address of a magic link")
        .takes(Fields::finish)
        .answers::<NewOrderLinkView>(StatusCode::CREATED)
        .refuses(ProblemKind::LinkClosed)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(customer, id): PathIds<CustomerId, OrderLinkId>,
    input: Input,
) -> Result<Response, Problem> {
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &call, &staff, customer, &outcome).await;
    }
    input.fields.finish()?;
    for _ in 0..ATTEMPTS {
        let old = app.table.order_link(&staff.shop, customer, id).await?.ok_or_else(Problem::not_found)?;
        if !old.is_open(call.now) {
            return Err(Problem::new(ProblemKind::LinkClosed));
        }
        let new = OrderLinkId::new(app.entropy.ulid(call.now));
        let terms = LinkTerms { orders: old.orders_left, products: old.products.clone(), ..LinkTerms::default() };
        let shop = staff.shop.clone();
        let link = OrderLink::new(&app.keyring, shop, new, customer, terms, call.now, old.expires_at);
        let mut transaction = Transaction::new();
        transaction.replace_order_link(&old.revoked(call.now))?;
        transaction.create_order_link(&link)?;
        let records = vec![customer.to_string(), id.to_string(), new.to_string()];
        let entry = staff.audit(&call, &app.entropy, AuditAction::OrderLinkRotated, records);
        transaction.audit(&staff.shop, &entry, Some(customer))?;
        let outcome = Outcome { status: 201, id: new.to_string(), version: 1 };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(answer(&app, &link, call.now));
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return again(&app, &call, &staff, customer, &outcome).await;
        }
    }
    Err(shared::Error::Contended.into())
}
