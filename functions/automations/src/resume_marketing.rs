//! `DELETE /v1/automations/pause`: the shop's marketing goes on, and what was counted until now is
//! forgotten. What was skipped meanwhile stays skipped.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::AuditAction;
use shared::http::{Call, Operation, Problem, Staff};
use shared::table::Transaction;

/// How often a request waits for its turn while somebody else does the same.
const ATTEMPTS: u32 = 10;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Let marketing go on").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff) -> Result<Response, Problem> {
    for _ in 0..ATTEMPTS {
        let standing = app.table.mail_standing(&staff.shop, call.now).await?;
        if standing.pause.is_none() {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        let mut transaction = Transaction::new();
        transaction.resume_marketing(&staff.shop, &standing, call.now)?;
        let entry = staff.audit(&call, &app.entropy, AuditAction::MarketingResumed, Vec::new());
        transaction.audit(&staff.shop, &entry, None)?;
        if app.table.commit(transaction).await?.is_ok() {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
    }
    Err(shared::Error::Contended.into())
}
