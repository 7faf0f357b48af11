//! `DELETE /v1/customers/{id}/order-links/{link}`: the link opens no more, from the next request on.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, CustomerId, OrderLinkId};
use shared::http::{Call, Operation, PathIds, Problem, Staff};
use shared::table::Transaction;

/// How often a revocation waits for its turn while orders come through the link.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Take a magic link back").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(customer, id): PathIds<CustomerId, OrderLinkId>,
) -> Result<Response, Problem> {
    for _ in 0..ATTEMPTS {
        let link = app.table.order_link(&staff.shop, customer, id).await?.ok_or_else(Problem::not_found)?;
        if link.revoked_at.is_some() {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        let mut transaction = Transaction::new();
        transaction.replace_order_link(&link.revoked(call.now))?;
        let records = vec![customer.to_string(), id.to_string()];
        let entry = staff.audit(&call, &app.entropy, AuditAction::OrderLinkRevoked, records);
        transaction.audit(&staff.shop, &entry, Some(customer))?;
        if app.table.commit(transaction).await?.is_ok() {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
    }
    Err(shared::Error::Contended.into())
}
